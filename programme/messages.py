"""What participants are told: no names in mails, only a link to sign in and read."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from people.actions import create_user
from people.models import Person, User
from programme.models import Place
from workflows.outbox import queue


def account_of(person: Person) -> User | None:
    """The person's account; made without a password when there is a work address but no account."""
    if person.user is not None:
        return person.user
    if not person.email:
        return None
    existing = User.objects.filter(email=person.email.lower()).first()
    if existing is not None:
        # Someone else's address by mistake: better no mail than another person's.
        return None if hasattr(existing, "person") else _link(person, existing)
    return create_user(
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        actor=None,
        person=person,
    )


def _link(person: Person, user: User) -> User:
    person.user = user
    person.save(update_fields=["user"])
    return user


def tell_of_offer(place: Place) -> None:
    """Tell the participant that a place waits for an answer."""
    recipient = account_of(place.nomination.person)
    if recipient is None:
        return
    queue(
        recipient=recipient,
        kind="place.offered",
        dedupe_key=f"place.offered:{place.pk}:{_moment()}",
        subject=_("You are offered a place in a training course"),
        body=_(
            "Your manager has nominated you and the nomination is approved. Sign in to read about"
            " how your hours are recorded, and answer whether you accept the place. If you have"
            " not signed in before, choose “I have forgotten my password” and write this address."
        ),
        link=reverse("programme:my_page"),
        case=place.nomination.case,
    )


def tell_of_withdrawal(place: Place) -> None:
    """Tell the participant that the place is no longer theirs."""
    recipient = place.nomination.person.user
    if recipient is None:
        return
    queue(
        recipient=recipient,
        kind="place.withdrawn",
        dedupe_key=f"place.withdrawn:{place.pk}:{_moment()}",
        subject=_("Your place in a training course has changed"),
        body=_("Sign in to see what has changed. Ask your nearest manager if you wonder why."),
        link=reverse("programme:my_page"),
        case=place.nomination.case,
    )


def _moment() -> str:
    # A place can be offered again after a move: each offer is a message of its own.
    return timezone.now().isoformat()
