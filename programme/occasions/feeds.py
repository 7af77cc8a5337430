"""The secret address of a person's calendar: found by its number, proved by its signature."""

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from audit.operations import operation
from core.models import new_public_id
from people.access import actor_of
from people.models import Person, User
from programme.models import CalendarFeed

LENGTH = 12  # of a public reference
SIGNATURE = 40


def token_of(feed: CalendarFeed) -> str:
    """What stands in the address; cannot be made from the database alone."""
    return f"{feed.public_id}{_signature(feed)}"


def _signature(feed: CalendarFeed) -> str:
    mac = salted_hmac("programme.calendar", f"{feed.public_id}:{feed.secret}", algorithm="sha256")
    return mac.hexdigest()[:SIGNATURE]


def feed_of_token(token: str) -> CalendarFeed | None:
    """The subscription that the address opens; nothing for an old or a made-up one."""
    feed = (
        CalendarFeed.objects.filter(public_id=token[:LENGTH]).select_related("person__user").first()
    )
    if feed is None or not constant_time_compare(token[LENGTH:], _signature(feed)):
        return None
    # Whoever may no longer sign in may no longer read this way either.
    user = feed.person.user
    return feed if user is not None and user.is_active else None


@transaction.atomic
def open_feed(*, person: Person, actor: User) -> CalendarFeed:
    """The person's subscription, made when first asked for."""
    with operation("calendar.open", actor=actor_of(actor), subject=person.public_id):
        feed, _new = CalendarFeed.objects.get_or_create(person=person)
    return feed


@transaction.atomic
def renew(*, person: Person, actor: User) -> CalendarFeed:
    """A new address; the old one opens nothing from now on."""
    feed = open_feed(person=person, actor=actor)
    feed = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    feed.secret = new_public_id()
    feed.renewed_at = timezone.now()
    with operation("calendar.renew", actor=actor_of(actor), subject=person.public_id):
        feed.save()
    return feed
