"""Two who publish, and the public."""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

from audit.operations import operation
from cms.setup import load_site
from people.models import User
from tests.cms.documents.builders import publisher

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Desk:
    """Who works with documents."""

    writer: User
    second: User

    def as_user(self, user: User) -> Client:
        """A browser where the user has signed in."""
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client


@pytest.fixture
def desk(db: None) -> Desk:
    """The site with two communications officers."""
    with transaction.atomic(), operation("test.desk"):
        load_site()
        return Desk(publisher("kim"), publisher("noor"))
