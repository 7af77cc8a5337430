"""Reads shaped for the pages: the inbox and its counters, what someone has started."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case as CaseWhen
from django.db.models import Count, Q, QuerySet, When
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workdays import working_days_between
from people.models import User
from workflows import access, kinds, sources
from workflows.models import Case, WorkItem


def inbox(user: User) -> QuerySet[WorkItem]:
    """The steps that wait for this person, the most urgent first.

    Cases they started, that are about them or that they have decided in are
    left out, since they may not decide those.
    """
    return (
        WorkItem.objects.filter(access.answers_for(user), closed_at__isnull=True)
        .filter(access.not_barred(user))
        .select_related("case", "case__organisation")
        .order_by("due_on", "pk")
    )


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

    def any(self) -> bool:
        """Whether anything is narrowed at all."""
        return bool(self.kind or self.step or self.overdue or self.q)


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
    kinds: Sequence[Counter]
    steps: Sequence[Counter]
    elsewhere: int = 0

    @property
    def total_in_figures(self) -> str:
        """The total as people read it."""
        return in_figures(self.total)


def counters(user: User) -> Counters:
    """All the figures of the inbox in one query, over the most urgent of what waits."""
    today = timezone.localdate()
    urgent = inbox(user).values("pk")[: MOST_COUNTED + 1]
    rows = list(
        WorkItem.objects.filter(pk__in=urgent)
        .order_by()
        .values("case__kind", "step_name")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=today)),
            today=Count("pk", filter=Q(due_on=today)),
        )
    )
    elsewhere = sources.count(user, MOST_COUNTED + 1)
    user._waiting_count = sum(row["n"] for row in rows) + elsewhere  # type: ignore[attr-defined]
    by_kind: dict[str, int] = {}
    by_step: dict[str, int] = {}
    for row in rows:
        by_kind[row["case__kind"]] = by_kind.get(row["case__kind"], 0) + row["n"]
        by_step[row["step_name"]] = by_step.get(row["step_name"], 0) + row["n"]
    return Counters(
        total=sum(row["n"] for row in rows),
        due_today=sum(row["today"] for row in rows),
        overdue=sum(row["late"] for row in rows),
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
