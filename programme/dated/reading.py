"""Every dated value for the pages: what holds now, what comes, who decided what and when."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit.models import Operation
from programme.dated import words
from programme.dated.rules import Holds, holding
from programme.dated.words import Area
from programme.models import (
    Category,
    CategoryPlan,
    CompletionRule,
    Course,
    HourRules,
    Programme,
    Rate,
    Setting,
)
from programme.settings_catalogue import CATALOGUE
from programme.status import Status


class Kind(StrEnum):
    """What is decided; also stands in the addresses."""

    SETTING = "varde"
    RATE = "timpris"
    HOURS = "timregler"
    COMPLETION = "fullfoljt"
    PLAN = "plan"


@dataclass(frozen=True)
class Value:
    """One value with the day it holds from and the decision behind it."""

    id: int
    valid_from: datetime.date
    said: list[str]
    decision: str
    holds: Holds

    @property
    def status(self) -> Status:
        """The word of where it stands."""
        return words.HOLDS[self.holds]


@dataclass
class Subject:
    """One thing that is decided, with its values, the latest day first."""

    kind: Kind
    key: str
    name: str | Promise
    area: Area
    values: list[Value] = field(default_factory=list)
    # What is taken for granted while nothing is decided.
    granted: str = ""

    @property
    def now(self) -> Value | None:
        """What holds today."""
        return next((one for one in self.values if one.holds is Holds.NOW), None)

    @property
    def coming(self) -> list[Value]:
        """What is decided and has not begun, the next first."""
        return [one for one in reversed(self.values) if one.holds is Holds.COMING]


@dataclass(frozen=True)
class Happening:
    """Somebody decided a value, or took it back."""

    at: datetime.datetime
    who: str
    why: str
    taken_back: bool
    valid_from: datetime.date
    said: list[str]


Say = Callable[[Any], list[str]]


def everything(programme: Programme, today: datetime.date) -> list[Subject]:
    """Every subject; six queries however many values there are."""
    found = [Subject(Kind.RATE, key, name, Area.MONEY) for key, name in words.RATES.items()]
    by_key = {(one.kind, one.key): one for one in found}
    rates = Rate.objects.filter(programme=programme)
    _fill(by_key, Kind.RATE, rates, lambda row: row.kind, _rate, today)
    plans = _by(CategoryPlan.objects.filter(category__programme=programme), "category_id")
    for category in programme.categories.order_by("pk"):
        found.append(_plan_subject(category, plans[category.pk], today))
    hours = Subject(Kind.HOURS, "alla", _("Rules for counting hours"), Area.HOURS)
    hours.values = _values(HourRules.objects.filter(programme=programme), words.hour_rules, today)
    found.append(hours)
    rules = _by(CompletionRule.objects.filter(course__programme=programme), "course_id")
    for course in Course.objects.filter(programme=programme, in_use=True).order_by("pk"):
        found.append(
            Subject(
                Kind.COMPLETION,
                course.public_id,
                _("When “%(course)s” is completed") % {"course": course.name},
                Area.COURSES,
                _values(rules[course.pk], lambda row: [words.completion(row)], today),
                _("Nothing is decided, so nobody completes the course."),
            )
        )
    return found + _settings(programme, today)


def _settings(programme: Programme, today: datetime.date) -> list[Subject]:
    rows = _by(Setting.objects.filter(programme=programme), "key")
    return [
        Subject(
            Kind.SETTING,
            key,
            meaning.meaning,
            words.AREA_OF.get(key, Area.OTHER),
            _values(rows[key], _setting, today),
            words.setting(key, meaning.default),
        )
        for key, meaning in CATALOGUE.items()
    ]


def _plan_subject(category: Category, rows: Sequence[Any], today: datetime.date) -> Subject:
    """The category's own numbers, from the first day, and what was decided since."""
    first = CategoryPlan(
        pk=0,
        category=category,
        planned_persons=category.planned_persons,
        planned_hours_each=category.planned_hours_each,
        valid_from=category.programme.starts_on,
        decision=_("The application's budget %(day)s")
        % {"day": category.programme.budget_date.isoformat()},
    )
    own = [] if any(row.valid_from == first.valid_from for row in rows) else [first]
    return Subject(
        Kind.PLAN,
        category.key,
        _("Plan for the category %(name)s") % {"name": category.name},
        Area.MONEY,
        _values([*own, *rows], lambda row: [words.category_plan(row)], today),
    )


def _by(rows: Iterable[Any], attribute: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, attribute)].append(row)
    return found


def _fill(
    subjects: dict[tuple[Kind, str], Subject],
    kind: Kind,
    rows: Iterable[Any],
    key_of: Callable[[Any], str],
    say: Say,
    today: datetime.date,
) -> None:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[key_of(row)].append(row)
    for key, own in grouped.items():
        if (kind, key) in subjects:
            subjects[kind, key].values = _values(own, say, today)


def _values(rows: Iterable[Any], say: Say, today: datetime.date) -> list[Value]:
    ordered = sorted(rows, key=lambda row: row.valid_from, reverse=True)
    holds = holding((row.valid_from for row in ordered), today)
    return [
        Value(row.pk, row.valid_from, say(row), row.decision, holds[row.valid_from])
        for row in ordered
    ]


def _rate(row: Any) -> list[str]:
    return [words.rate(row)]


def _setting(row: Any) -> list[str]:
    return [words.setting(row.key, row.value)]


def rows_of(programme: Programme, kind: Kind, key: str) -> "QuerySet[Any]":
    """The stored values of one subject."""
    if kind is Kind.SETTING:
        return Setting.objects.filter(programme=programme, key=key)
    if kind is Kind.RATE:
        return Rate.objects.filter(programme=programme, kind=key)
    if kind is Kind.HOURS:
        return HourRules.objects.filter(programme=programme)
    if kind is Kind.COMPLETION:
        return CompletionRule.objects.filter(course__programme=programme, course__public_id=key)
    return CategoryPlan.objects.filter(category__programme=programme, category__key=key)


_SAY: dict[Kind, Say] = {
    Kind.SETTING: _setting,
    Kind.RATE: _rate,
    Kind.HOURS: words.hour_rules,
    Kind.COMPLETION: lambda row: [words.completion(row)],
    Kind.PLAN: lambda row: [words.category_plan(row)],
}


def happenings(programme: Programme, kind: Kind, key: str) -> list[Happening]:
    """Who decided and who took back, the latest first; three queries."""
    model = rows_of(programme, kind, key).model
    history: Any = model._default_manager.model.history
    if kind is Kind.COMPLETION:
        course = Course.objects.filter(programme=programme, public_id=key)
        asked = Q(course_id__in=course.values("pk"))
    elif kind is Kind.PLAN:
        category = Category.objects.filter(programme=programme, key=key)
        asked = Q(category_id__in=category.values("pk"))
    else:
        asked = Q(programme_id=programme.pk)
        if kind is not Kind.HOURS:
            asked &= Q(**{"key" if kind is Kind.SETTING else "kind": key})
    rows = list(history.filter(asked, history_type__in=["+", "-"]).order_by("-history_id"))
    told = Operation.objects.in_bulk([row.operation_id for row in rows if row.operation_id])
    return [_happening(row, told.get(row.operation_id), _SAY[kind]) for row in rows]


def _happening(row: Any, operation: Operation | None, say: Say) -> Happening:
    taken_back = row.history_type == "-"
    return Happening(
        at=row.history_date,
        who=operation.actor_name if operation else "",
        why=(operation.reason if operation and taken_back else row.decision) or "",
        taken_back=taken_back,
        valid_from=row.valid_from,
        said=say(row),
    )
