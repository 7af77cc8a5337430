"""What participants need to take part: told once, seen by few, erased afterwards (R-082).

Health data. The text stands in one column and nowhere else: history, messages and
messages' subjects never carry it.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, DateTimeField, Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from core.words import says
from people.access import actor_of, held_by
from people.models import Capability, Person, RoleAssignment, User
from programme.errors import NotAllowed, ReasonNeeded, Stale
from programme.models import AdaptationNeed, Occasion, Participation, Programme
from programme.queries import settings_on
from programme.venues.access import needs_arranged_by
from programme.venues.errors import NoNeed
from workflows import outbox
from workflows.mailing.words import first_words
from workflows.models import Message


@transaction.atomic
def tell(
    *, person: Person, participation: Participation | None, text: str, actor: User
) -> AdaptationNeed:
    """Write down what the person needs, and ask those who arrange to see to it.

    The person tells it, or someone who arranges writes down what was said on the telephone.
    """
    if participation is not None and participation.person_id != person.pk:
        raise NotAllowed
    where = participation.district if participation else person.unit
    if person.user_id != actor.pk and not held_by(actor).covers(Capability.ARRANGE, where):
        raise NotAllowed
    if not says(text):
        raise NoNeed
    need = AdaptationNeed(person=person, participation=participation, text=text.strip()[:1000])
    with operation("need.tell", actor=actor_of(actor), subject=need.public_id):
        need.save()
        _tell_those_who_arrange(need, where.lineage, actor)
    return need


def _tell_those_who_arrange(need: AdaptationNeed, lineage: list[int], actor: User) -> None:
    staff = User.objects.filter(
        pk__in=RoleAssignment.objects.on(timezone.localdate())
        .filter(role__capabilities__contains=[Capability.ARRANGE], organisation__in=lineage)
        .values("user")
    ).exclude(pk=actor.pk)
    words = first_words("need.told", {})
    outbox.queue_rows(
        Message(
            recipient=user,
            address=user.email,
            kind="need.told",
            dedupe_key=f"need.told:{need.public_id}:{user.pk}",
            subject=words.subject,
            body=words.body,
            link=reverse("venues:needs"),
        )
        for user in staff
    )


def _lock(need_id: int) -> AdaptationNeed:
    return (
        AdaptationNeed.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=need_id)
    )


@transaction.atomic
def withdraw(*, need: AdaptationNeed, actor: User) -> AdaptationNeed:
    """The person takes it back: the text is gone at once; twice is once."""
    need = _lock(need.pk)
    if need.person.user_id != actor.pk and not _arranges(need, actor):
        raise NotAllowed
    if need.erased_at is None:
        with operation("need.withdraw", actor=actor_of(actor), subject=need.public_id):
            _empty(need)
    return need


@transaction.atomic
def mark_handled(*, need: AdaptationNeed, actor: User) -> AdaptationNeed:
    """It is arranged; twice is once."""
    need = _lock(need.pk)
    if not _arranges(need, actor):
        raise NotAllowed
    if need.erased_at is not None:
        raise Stale
    if need.handled_at is None or need.not_arranged:
        need.handled_at, need.handled_by = timezone.now(), actor
        need.not_arranged, need.reason = False, ""
        with operation("need.handle", actor=actor_of(actor), subject=need.public_id):
            need.save(update_fields=["handled_at", "handled_by", "not_arranged", "reason"])
    return need


@transaction.atomic
def mark_not_arranged(*, need: AdaptationNeed, reason: str, actor: User) -> AdaptationNeed:
    """It could not be arranged; the person reads why (R-242).

    What was noted as arranged may turn out not to be, and the other way round.
    """
    need = _lock(need.pk)
    if not _arranges(need, actor):
        raise NotAllowed
    if need.erased_at is not None:
        raise Stale
    if not says(reason):
        raise ReasonNeeded
    need.handled_at, need.handled_by = timezone.now(), actor
    need.not_arranged, need.reason = True, reason.strip()[:600]
    with operation("need.not_arranged", actor=actor_of(actor), subject=need.public_id):
        need.save(update_fields=["handled_at", "handled_by", "not_arranged", "reason"])
    return need


def _arranges(need: AdaptationNeed, actor: User) -> bool:
    where = need.participation.district if need.participation else need.person.unit
    return held_by(actor).covers(Capability.ARRANGE, where)


def _empty(need: AdaptationNeed) -> None:
    need.text = need.reason = ""
    need.erased_at = timezone.now()
    need.save(update_fields=["text", "reason", "erased_at"])


@transaction.atomic
def erase_due(today: datetime.date | None = None) -> int:
    """Erase what was needed for courses that ended long enough ago; how long is a setting.

    A course has ended for someone when they have left it, or when the last occasion
    that they were invited to is over. What was told for no course, and no occasion,
    is counted from the day it was told.
    """
    day = today or timezone.localdate()
    with operation("need.erase"):
        return sum(_erase_of(one, day) for one in Programme.objects.order_by("pk"))


def _erase_of(programme: Programme, day: datetime.date) -> int:
    kept = int(settings_on(programme, day)["needs_kept_days"])
    before = timezone.make_aware(
        datetime.datetime.combine(day - datetime.timedelta(days=kept), datetime.time())
    )
    last = Max(
        "participation__invitations__occasion__ends_at",
        filter=~Q(participation__invitations__occasion__state=Occasion.State.CANCELLED),
    )
    anywhere = Max(
        "person__invitations__occasion__ends_at",
        filter=~Q(person__invitations__occasion__state=Occasion.State.CANCELLED),
    )
    standing = AdaptationNeed.objects.filter(erased_at=None)
    for_course = (
        standing.filter(participation__course__programme=programme)
        .annotate(last=last)
        .filter(
            Q(last__lt=before)
            | Q(
                participation__state=Participation.State.DROPPED,
                participation__ended_on__lt=before.date(),
            )
        )
    )
    in_general = (
        standing.filter(participation=None)
        .annotate(last=Coalesce(anywhere, "created_at", output_field=DateTimeField()))
        .filter(last__lt=before)
    )
    due = [*for_course.values_list("pk", flat=True), *in_general.values_list("pk", flat=True)]
    return AdaptationNeed.objects.filter(pk__in=due, erased_at=None).update(
        text="", reason="", erased_at=timezone.now()
    )


@dataclass(frozen=True)
class Counts:
    """How many needs were told and what became of them; erased ones are counted too (R-242)."""

    told: int
    arranged: int
    not_arranged: int
    waiting: int


def counts(programme: Programme) -> Counts:
    """Of the programme's participants, and of those who told outside any course; one query."""
    mine = Q(participation=None) | Q(participation__course__programme=programme)
    handled = Q(handled_at__isnull=False)
    found = AdaptationNeed.objects.filter(mine).aggregate(
        told=Count("pk"),
        arranged=Count("pk", filter=handled & Q(not_arranged=False)),
        not_arranged=Count("pk", filter=Q(not_arranged=True)),
        waiting=Count("pk", filter=~handled & Q(erased_at=None)),
    )
    return Counts(**found)


def to_arrange(user: User, *, handled: bool) -> list[AdaptationNeed]:
    """Needs for the user's own list, the oldest first."""
    rows = needs_arranged_by(user).filter(handled_at__isnull=not handled)
    return list(
        rows.select_related("person__unit", "participation__course", "handled_by").order_by(
            "created_at", "pk"
        )[:200]
    )
