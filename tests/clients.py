"""A person's browser."""

from django.test import Client

from people.models import User


def signed_in(user: User | None) -> Client:
    """A browser of its own where the user is signed in.

    :param user: none where a person that should have an account has none.
    """
    assert user is not None
    client = Client()
    client.force_login(user)
    return client
