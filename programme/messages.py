"""What participants are told: no names in mails, only a link to sign in and read."""

from django.urls import reverse
from django.utils import timezone

from people.actions import create_user
from people.models import Person, User
from programme.models import Place
from workflows.mailing.words import first_words
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
    if place.nomination.person.has_left(timezone.localdate()):
        return
    recipient = account_of(place.nomination.person)
    if recipient is None:
        return
    words = first_words("place.offered", {})
    queue(
        recipient=recipient,
        kind="place.offered",
        dedupe_key=f"place.offered:{place.pk}:{_moment()}",
        subject=words.subject,
        body=words.body,
        link=reverse("programme:my_page"),
        case=place.nomination.case,
    )


def tell_of_withdrawal(place: Place) -> None:
    """Tell the participant that the place is no longer theirs."""
    recipient = place.nomination.person.user
    if recipient is None or place.nomination.person.has_left(timezone.localdate()):
        return
    words = first_words("place.withdrawn", {})
    queue(
        recipient=recipient,
        kind="place.withdrawn",
        dedupe_key=f"place.withdrawn:{place.pk}:{_moment()}",
        subject=words.subject,
        body=words.body,
        link=reverse("programme:my_page"),
        case=place.nomination.case,
    )


def _moment() -> str:
    # A place can be offered again after a move: each offer is a message of its own.
    return timezone.now().isoformat()
