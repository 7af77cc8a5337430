"""Reads shaped for the pages: the inbox and its counters, what someone has started."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case as CaseWhen
from django.db.models import OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workdays import working_days_between
from people.models import User
from workflows import access, kinds, sources
from workflows.models import Case, Postponement, WorkItem


def waiting_for(user: User) -> QuerySet[WorkItem]:
    """The steps that wait for this person, put off or not, the most urgent first.

    Cases they started, that are about them or that they have decided in are
    left out, since they may not decide those.
    """
    return (
        WorkItem.objects.filter(access.answers_for(user), closed_at__isnull=True)
        .filter(access.not_barred(user))
        .select_related("case", "case__organisation")
        # As the index of what waits lies, so that a page reads no further than itself.
        .order_by("due_on", "case_id", "pk")
    )


def inbox(user: User) -> QuerySet[WorkItem]:
    """What waits for this person now, without what they have put off until another day."""
    return waiting_for(user).exclude(_put_off_by(user))


def put_off(user: User) -> QuerySet[WorkItem]:
    """What this person has put off, with the day it returns as ``returns_on``."""
    return with_return(waiting_for(user).filter(_put_off_by(user)), user)


def with_return(items: QuerySet[WorkItem], user: User) -> QuerySet[WorkItem]:
    """The items with the day they return to the person's inbox, if they have been put off."""
    day = Postponement.objects.on(timezone.localdate()).by(user).filter(item=OuterRef("pk"))
    return items.annotate(returns_on=Subquery(day.values("until")[:1]))


def _put_off_by(user: User) -> Q:
    # By the person's own few rows: a look into the table for each task would cost more.
    held = Postponement.objects.on(timezone.localdate()).by(user)
    return Q(pk__in=held.values("item"))


# Nobody reads further: beyond it pages say «1 000+», so that they cost the same however much waits.
MOST_COUNTED = 1_000


def waiting_count(user: User) -> int:
    """How much waits for this person, in cases and elsewhere: the menu's figure.

    Cases are counted to :data:`MOST_COUNTED` and one.
    Kept on the account for one request, so the inbox itself counts for the menu too.
    """
    kept: int | None = getattr(user, "_waiting_count", None)
    if kept is None:
        kept = inbox(user).order_by()[: MOST_COUNTED + 1].count()
        kept += sources.count(user, MOST_COUNTED + 1)
        user._waiting_count = kept  # type: ignore[attr-defined]
    return kept


def in_figures(count: int) -> str:
    """The count as people read it, with «+» where the counting stopped."""
    shown = number_format(min(count, MOST_COUNTED), use_l10n=True, force_grouping=True)
    return f"{shown}+" if count > MOST_COUNTED else shown


@dataclass(frozen=True)
class Filters:
    """What the inbox is narrowed to."""

    kind: str = ""
    step: str = ""
    overdue: bool = False
    q: str = ""
    # What the person has put off, instead of what waits now.
    put_off: bool = False

    def any(self) -> bool:
        """Whether anything is narrowed at all."""
        return bool(self.kind or self.step or self.overdue or self.q or self.put_off)


def narrowed(items: QuerySet[WorkItem], filters: Filters) -> QuerySet[WorkItem]:
    """The inbox after its filters."""
    if filters.kind:
        items = items.filter(case__kind=filters.kind)
    if filters.step:
        items = items.filter(step_name=filters.step)
    if filters.overdue:
        items = items.filter(due_on__lt=timezone.localdate())
    text = filters.q.strip().replace("\x00", "")
    if text:
        found = Q(reference__icontains=text) | Q(organisation__name__icontains=text)
        for kind in kinds.all_kinds():
            found |= Q(kind=kind.key) & kind.search(text)
        items = items.filter(case__in=Case.objects.filter(found).values("pk"))
    return items


@dataclass(frozen=True)
class Counter:
    """One choice of the filter with its number."""

    key: str
    name: str
    count: int


@dataclass(frozen=True)
class Counters:
    """The inbox in figures; ``elsewhere`` is what waits and is no case."""

    total: int
    due_today: int
    overdue: int
    put_off: int
    kinds: Sequence[Counter]
    steps: Sequence[Counter]
    elsewhere: int = 0

    @property
    def total_in_figures(self) -> str:
        """The total as people read it."""
        return in_figures(self.total)


# The queryset's own statement is read once, and not joined to the tables it was made from;
# the row without kind and step is the sum of them all, there even when nothing waits.
_COUNTED = """
    SELECT kind, step, count(*),
      count(*) FILTER (WHERE due < %%s), count(*) FILTER (WHERE due = %%s),
      (SELECT count(*) FROM (%s) AS put_off)
    FROM (%s) AS urgent (kind, step, due)
    GROUP BY GROUPING SETS ((kind, step), ())
"""


def counters(user: User, elsewhere: int) -> Counters:
    """All the figures of the inbox in one query, over the most urgent of what waits.

    :param elsewhere: how much waits that is no case.
    """
    today = timezone.localdate()
    urgent = inbox(user).values_list("case__kind", "step_name", "due_on")[: MOST_COUNTED + 1]
    inner, values = urgent.query.sql_with_params()
    away, of_away = put_off(user).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED % (away, inner), [today, today, *of_away, *values])
        rows = cursor.fetchall()
    by_kind: dict[str, int] = {}
    by_step: dict[str, int] = {}
    total = late = due = away_count = 0
    for kind, step, n, overdue, on_the_day, postponed in rows:
        if kind is None:
            total, late, due, away_count = n, overdue, on_the_day, postponed
            continue
        by_kind[kind] = by_kind.get(kind, 0) + n
        by_step[step] = by_step.get(step, 0) + n
    user._waiting_count = total + elsewhere  # type: ignore[attr-defined]
    return Counters(
        total=total,
        due_today=due,
        overdue=late,
        put_off=away_count,
        kinds=[
            Counter(kind.key, str(kind.name), by_kind[kind.key])
            for kind in kinds.all_kinds()
            if kind.key in by_kind
        ],
        steps=[Counter(name, name, n) for name, n in sorted(by_step.items())],
        elsewhere=elsewhere,
    )


@dataclass(frozen=True)
class Tag:
    """A state in a word and a colour."""

    text: str | Promise
    colour: str


def due_tag(due_on: datetime.date, today: datetime.date) -> Tag:
    """«Today», «2 days», «3 days late», counted in working days."""
    if due_on == today:
        return Tag(_("today"), "red")
    if due_on < today:
        late = max(working_days_between(due_on, today), 1)
        return Tag(ngettext("%d day late", "%d days late", late) % late, "red")
    left = working_days_between(today, due_on)
    return Tag(ngettext("%d day", "%d days", left) % left, "amber" if left <= 2 else "grey")


STATE_COLOURS = {
    Case.State.WAITING: "teal",
    Case.State.RETURNED: "amber",
    Case.State.APPROVED: "green",
    Case.State.DECLINED: "red",
    Case.State.WITHDRAWN: "grey",
    Case.State.LAPSED: "grey",
}


def state_tag(case: Case) -> Tag:
    """The case's state in a word and a colour."""
    state = Case.State(case.state)
    return Tag(state.label, STATE_COLOURS[state])


@dataclass(frozen=True)
class Row:
    """One row of a list of cases."""

    case: Case
    title: kinds.CaseTitle
    item: WorkItem | None
    tag: Tag
    # Whose deputy the reader is here, when the step is not their own.
    deputy_for: str = ""
    # The day it returns to the inbox, when the reader has put it off.
    returns_on: datetime.date | None = None

    @property
    def again(self) -> bool:
        """Whether the step waits again after a question."""
        return bool(self.item and self.item.round > 1)

    @property
    def value(self) -> str:
        """What a form sends to name the case and the step it was at."""
        assert self.item is not None
        return f"{self.case.pk}:{self.item.round}:{self.item.step_key}"


def titles_of(cases: Sequence[Case], viewer: User) -> dict[int, kinds.CaseTitle]:
    """Titles by case id; each kind answers for all its cases at once."""
    titles: dict[int, kinds.CaseTitle] = {}
    for key in {case.kind for case in cases}:
        kind = kinds.kind_named(key)
        if kind is not None:
            titles |= kind.titles([case for case in cases if case.kind == key], viewer)
    return titles


def inbox_rows(items: Sequence[WorkItem], viewer: User) -> list[Row]:
    """Rows for the inbox, with titles and due tags."""
    titles = titles_of([item.case for item in items], viewer)
    today = timezone.localdate()
    return [
        Row(
            item.case,
            titles.get(item.case_id) or kinds.CaseTitle(item.case.reference),
            item,
            due_tag(item.due_on, today),
            access.deputy_for(item, viewer),
            getattr(item, "returns_on", None),
        )
        for item in items
    ]


def started_by(user: User, limit: int = 5) -> list[Row]:
    """The person's own cases: those returned with questions first, then the latest."""
    cases = list(
        Case.objects.filter(initiator=user)
        .select_related("organisation")
        .annotate(asked=CaseWhen(When(state=Case.State.RETURNED, then=0), default=1))
        .order_by("asked", "-opened_at")[:limit]
    )
    titles = titles_of(cases, user)
    return [
        Row(case, titles.get(case.pk) or kinds.CaseTitle(case.reference), None, state_tag(case))
        for case in cases
    ]
