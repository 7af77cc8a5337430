"""Joining someone written down by name with the right person in the register.

Times, rows of reports and evidence stay where they were written: they follow by
`merged_into`, in counting and on every list. The mark is moved, the seat too.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of, below, held_by
from people.models import Capability, Person, User
from people.ordering import by_name
from programme.attendance import access, queries, rules, words
from programme.attendance.errors import MergeRefused, NameLocked
from programme.attendance.marking import write_marks
from programme.errors import NotAllowed, ReasonNeeded
from programme.hours.actions import recount
from programme.hours.closed import locked_among
from programme.hours.errors import MonthLocked
from programme.models import Attendance, Invitation, Occasion, Participation, Segment

MOST_FOUND = 20


def waiting(user: User) -> QuerySet[Person]:
    """Persons written down by name only, where the user arranges, not joined with anyone yet."""
    return (
        Person.objects.filter(below(user, Capability.ARRANGE, "unit"))
        .filter(temporary=True, merged_into__isnull=True)
        .select_related("unit")
    )


def candidates(temporary: Person, text: str, viewer: User) -> QuerySet[Person]:
    """Whom it may be: found by what is typed, else those in the groups of its occasions.

    A protected person answers to those alone who may know them: a search that found them
    would tell whose name is hidden.
    """
    persons = Person.objects.filter(temporary=False, merged_into__isnull=True)
    typed = text.split()
    if typed:
        hidden = Q(protected=True) & ~below(viewer, Capability.SEE_PROTECTED, "unit")
        persons = persons.exclude(hidden)
        for word in typed:
            persons = persons.filter(
                Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(email__icontains=word)
            )
    else:
        groups = Occasion.objects.filter(pk__in=occasion_ids(temporary)).values("group")
        persons = persons.filter(
            participations__memberships__group__in=groups,
            participations__memberships__to_date__isnull=True,
        ).distinct()
    return persons.select_related("unit").order_by(*by_name())[:MOST_FOUND]


def occasion_ids(person: Person) -> list[int]:
    """Every occasion where the person stands anywhere."""
    return sorted(
        {
            *Invitation.objects.filter(person=person).values_list("occasion_id", flat=True),
            *Attendance.objects.filter(person=person).values_list("occasion_id", flat=True),
            *Segment.objects.filter(person=person).values_list("occasion_id", flat=True),
        }
    )


@dataclass(frozen=True)
class _Pair:
    temporary: Person
    into: Person


@transaction.atomic
def merge(*, temporary_id: int, into_id: int, reason: str, actor: User) -> Person:
    """Let the named one be the right person; everything that is known of both is one's.

    :raises MergeRefused: marks that contradict each other, or two places at once.
    :raises NameLocked: when the hours of an occasion are reported.
    """
    if not says(reason):
        raise ReasonNeeded
    temporary = Person.objects.get(pk=temporary_id)
    # Occasions before persons, always in the same order, as every other write here.
    occasions = _lock_open(temporary)
    locked = {
        person.pk: person
        for person in Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .filter(pk__in=[temporary_id, into_id])
        .order_by("pk")
    }
    pair = _Pair(locked[temporary_id], locked[into_id])
    _ensure_possible(pair, actor)
    _ensure_agree(pair, occasions)
    with operation(
        "attendance.merge",
        actor=actor_of(actor),
        reason=reason,
        subject=pair.into.public_id,
    ):
        pair.temporary.merged_into = pair.into
        pair.temporary.save(update_fields=["merged_into"])
        for occasion in occasions:
            _move_seat(pair, occasion, reason)
            _move_mark(pair, occasion, actor)
        recount(
            occasion_ids=[occasion.pk for occasion in occasions],
            person_ids=[pair.into.pk],
            reason=reason[:200],
        )
    return pair.into


def _lock_open(temporary: Person) -> list[Occasion]:
    try:
        return [access.lock_open(pk) for pk in occasion_ids(temporary)]
    except MonthLocked as locked:
        raise NameLocked(locked.months) from locked


def locked_occasions(temporary: Person) -> list[Occasion]:
    """Where the person stands in a month that is locked, so that only a correction changes it."""
    found = list(
        Occasion.objects.filter(pk__in=occasion_ids(temporary)).order_by("starts_at", "pk")
    )
    if not found:
        return []
    days = {one.pk: timezone.localdate(one.starts_at) for one in found}
    locked = locked_among(programme_id=found[0].programme_id, days=days.values())
    return [one for one in found if days[one.pk] in locked]


def _ensure_possible(pair: _Pair, actor: User) -> None:
    if not held_by(actor).covers(Capability.ARRANGE, pair.temporary.unit):
        raise NotAllowed
    if pair.temporary.merged_into_id is not None or not pair.temporary.temporary:
        raise MergeRefused(_("The person has been joined already. Nothing was changed."))
    if pair.into.pk == pair.temporary.pk or pair.into.temporary or pair.into.merged_into_id:
        raise MergeRefused(_("Choose a person in the register. Nothing was changed."))


def _ensure_agree(pair: _Pair, occasions: list[Occasion]) -> None:
    """Refuse marks that say different things, and being somewhere else at the same time."""
    marks = {
        (person, at): mark
        for person, at, mark in Attendance.objects.filter(
            occasion__in=occasions, person__in=[pair.temporary, pair.into]
        ).values_list("person_id", "occasion_id", "mark")
    }
    for occasion in occasions:
        one = marks.get((pair.temporary.pk, occasion.pk), "")
        other = marks.get((pair.into.pk, occasion.pk), "")
        if one and other and one != other:
            raise MergeRefused(_contradiction(occasion, one, other))
    known = queries.presences(occasions, [pair.temporary.pk]).get(pair.temporary.pk, {})
    for occasion in occasions:
        if occasion.pk not in known:
            continue
        found = queries.clashes_at(
            occasion,
            [pair.into.pk],
            tolerated=queries.number_setting(occasion, "overlap_minutes_tolerated"),
            as_marked={pair.into.pk: known[occasion.pk]},
        )
        for each in found:
            if each.clash.blocking:
                raise MergeRefused(
                    words.clash(each.clash, occasion) + " " + _("Nothing was changed.")
                )


def _contradiction(occasion: Occasion, one: str, other: str) -> str:
    return _(
        "At “%(title)s” the one is marked as %(one)s and the other as %(other)s. Correct the mark"
        " that is wrong and join them again. Nothing was changed."
    ) % {
        "title": occasion.title,
        "one": str(words.MARKS[one][0]).lower(),
        "other": str(words.MARKS[other][0]).lower(),
    }


def _move_seat(pair: _Pair, occasion: Occasion, reason: str) -> None:
    Invitation.objects.filter(
        occasion=occasion, person=pair.temporary, withdrawn_at__isnull=True
    ).update(withdrawn_at=timezone.now(), withdrawn_reason=reason)
    participation = None
    if occasion.group is not None:
        participation = (
            Participation.objects.filter(person=pair.into, course=occasion.group.course_id)
            .exclude(state=Participation.State.DROPPED)
            .first()
        )
    seat, made = Invitation.objects.get_or_create(
        occasion=occasion, person=pair.into, defaults={"participation": participation}
    )
    if not made and seat.withdrawn_at is not None:
        seat.withdrawn_at, seat.withdrawn_reason = None, ""
        seat.save(update_fields=["withdrawn_at", "withdrawn_reason"])


def _move_mark(pair: _Pair, occasion: Occasion, actor: User) -> None:
    """The mark goes to the right person; the other's own row goes back to not marked.

    Who marked it and when go with it: whoever registered the hours may not check them, and
    joining is no marking. Who joined stands on the emptied row and in the operation.
    """
    marked = (
        Attendance.objects.select_related("marked_by")
        .filter(occasion=occasion, person=pair.temporary)
        .first()
    )
    if marked is None or not marked.mark:
        return
    own = Attendance.objects.filter(occasion=occasion, person=pair.into).first()
    now = timezone.now()
    if own is None or not own.mark:
        note = own.note if own and own.note else marked.note
        write_marks(
            occasion,
            {pair.into.pk: (marked.mark, note)},
            actor=marked.marked_by,
            now=marked.marked_at or now,
        )
    write_marks(occasion, {pair.temporary.pk: (rules.UNMARKED, marked.note)}, actor=actor, now=now)
