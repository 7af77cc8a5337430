"""The auditor's reads: operations with their changes, and the whole story of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from audit import queries as history
from audit import registry
from audit.models import Operation, ReadEvent
from audit.queries import ChangeInWords, Difference, Event
from forms_app.answers import in_words
from forms_app.models import StoredFile, Submission
from people.models import Person, Receipt, User
from programme.models import Nomination, Place
from reports import access, naming, persons
from reports.subjects import named_subjects
from reports.telling import TELLERS
from workflows.models import Case, Decision, Message, StepEvent

#: An operation that changed more than this has only its first changes on the page of many
#: operations: a recount or an import changes thousands of rows.
MOST_CHANGES = 20
FIRST_CHANGES = 5


@dataclass(frozen=True)
class Line:
    """One operation on the auditor's page."""

    operation: Operation
    who: str
    words: str
    changes: list[ChangeInWords]
    # What the subject's code stands for; empty when the subject says it by itself.
    subject: str = ""
    # How many rows it changed, where only the first of them are here.
    number: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there is more than stands here."""
        return self.number > len(self.changes)


def found(
    user: User, choices: Mapping[str, Any], about: Sequence[Person] = ()
) -> QuerySet[Operation]:
    """The operations that match the search, newest first.

    :param about: whom they are to be about, when somebody is searched for.
    """
    rows = access.audited_operations(user).order_by("-at", "-pk")
    for key, lookup in (
        ("reference", "subject__icontains"),
        ("actor", "actor_name__icontains"),
        ("name", "name"),
        ("channel", "channel"),
        ("since", "at__date__gte"),
        ("until", "at__date__lte"),
    ):
        if choices.get(key):
            rows = rows.filter(**{lookup: choices[key]})
    if choices.get("table"):
        model: Any = {m._meta.label_lower: m for m in registry.tracked_models()}[choices["table"]]
        rows = rows.filter(pk__in=model.history.values("operation_id"))
    return persons.touching(rows, about) if choices.get("person") else rows


def lines(operations: Iterable[Operation], viewer: User) -> list[Line]:
    """The operations with what they changed, in words for the viewer."""
    operations = list(operations)
    numbers = history.numbers([each.pk for each in operations])
    small = [pk for pk, number in numbers.items() if number <= MOST_CHANGES]
    changes = history.changes(operations=small) if small else []
    for pk in numbers.keys() - set(small):
        # Rare: a recount, an import. Each is a statement or two more.
        changes += history.some_changes(pk, first=0, most=FIRST_CHANGES)
    return [
        replace(line, number=numbers.get(line.operation.pk, 0))
        for line in _told(operations, changes, viewer)
    ]


def page_of_changes(operation: Operation, viewer: User, *, first: int, most: int) -> Line:
    """The operation with one page of what it changed."""
    changes = history.some_changes(operation.pk, first=first, most=most)
    (line,) = _told([operation], changes, viewer)
    return line


def number_of_changes(operation: Operation) -> int:
    """How many rows the operation changed."""
    return history.numbers([operation.pk]).get(operation.pk, 0)


def _told(
    operations: Iterable[Operation], changes: list[history.Change], viewer: User
) -> list[Line]:
    events = history.events(
        operations,
        changes,
        namers=naming.namers_for(viewer),
        masked=naming.masker_for(viewer, changes),
        tellers=TELLERS,
    )
    return _lines(events, viewer)


def story(case: Case, viewer: User) -> list[Line]:
    """Everything that has happened in a case, over all rooms, oldest first."""
    rows = _rows_of(case)
    changes = history.changes(rows=rows)
    events = history.timeline(
        rows,
        subject=case.reference,
        namers=naming.namers_for(viewer),
        masked=naming.masker_for(viewer, changes),
        tellers=TELLERS,
    )
    return _lines(_with_answers(events, viewer), viewer)


def told_of(rows: Mapping[type[models.Model], list[Any]], viewer: User) -> list[Line]:
    """The operations that touched the rows, oldest first, with what they changed in them."""
    changes = history.changes(rows=rows)
    events = history.timeline(
        rows,
        namers=naming.namers_for(viewer),
        masked=naming.masker_for(viewer, changes),
        tellers=TELLERS,
    )
    return _lines(events, viewer)


def readings(user: User, subject: str = "") -> QuerySet[ReadEvent]:
    """Who has looked at what; of one subject when it is given."""
    rows = ReadEvent.objects.order_by("-at", "-pk")
    if subject:
        return rows.filter(subject=subject)
    reach = access.audited_operations(user)
    if reach.query.has_filters():
        cases = access.audited_cases(user).values("reference")
        return rows.filter(Q(subject__in=cases))
    return rows


def reading_lines(rows: Iterable[ReadEvent], viewer: User) -> list[tuple[ReadEvent, str, str, str]]:
    """The readings with words for what was read, by whom and what its code stands for."""
    rows = list(rows)
    named = named_subjects({row.subject for row in rows}, viewer)
    hidden = naming.hidden_actors({row.actor_id for row in rows}, viewer)
    return [
        (
            row,
            registry.describe(row.name),
            _("Protected identity") if row.actor_id in hidden else row.actor_name,
            named.get(row.subject, ""),
        )
        for row in rows
    ]


def _rows_of(case: Case) -> dict[type[models.Model], list[Any]]:
    nominations = list(Nomination.objects.filter(case=case))
    submissions = _with_replaced([each.submission_id for each in nominations])
    return {
        Case: [case.pk],
        Decision: _pks(Decision.objects.filter(case=case)),
        StepEvent: _pks(StepEvent.objects.filter(case=case)),
        Message: _pks(Message.objects.filter(case=case)),
        Nomination: [each.pk for each in nominations],
        Place: _pks(Place.objects.filter(nomination__in=nominations)),
        Submission: submissions,
        StoredFile: _pks(StoredFile.objects.filter(submission__in=submissions)),
        Receipt: _pks(Receipt.objects.filter(person=case.concerns_id)) if case.concerns_id else [],
    }


def _pks(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.values_list("pk", flat=True))


def _with_replaced(pks: list[Any]) -> list[Any]:
    """The submissions and those they replace, as far back as it goes."""
    known: list[Any] = []
    while pks := [pk for pk in pks if pk is not None and pk not in known]:
        known += pks
        pks = _pks_replaced_by(pks)
    return known


def _pks_replaced_by(pks: list[Any]) -> list[Any]:
    return list(Submission.objects.filter(pk__in=pks).values_list("replaces_id", flat=True))


def _with_answers(events: list[Event], viewer: User) -> list[Event]:
    """Submissions told as questions and answers, since the row itself holds only keys."""
    pks = [
        words.change.pk
        for event in events
        for words in event.changes
        if words.change.model is Submission
    ]
    rows = Submission.objects.filter(pk__in=pks).select_related("version", "replaces__version")
    by_pk = {str(row.pk): row for row in rows}
    told = []
    for event in events:
        changes = [
            replace(words, differences=words.differences + _answers(by_pk[words.change.pk], viewer))
            if words.change.model is Submission and words.change.pk in by_pk
            else words
            for words in event.changes
        ]
        told.append(replace(event, changes=changes))
    return told


def _answers(submission: Submission, viewer: User) -> list[Difference]:
    previous = submission.replaces
    return [
        Difference(row.label, row.before, row.value)
        for group in in_words(submission, viewer, previous)
        for row in group.rows
        if row.changed or (previous is None and row.value)
    ]


def _lines(events: Iterable[Event], viewer: User) -> list[Line]:
    events = list(events)
    hidden = naming.hidden_actors({each.operation.actor_id for each in events}, viewer)
    named = named_subjects({each.operation.subject for each in events}, viewer)
    return [
        Line(
            each.operation,
            _("Protected identity")
            if each.operation.actor_id in hidden
            else each.operation.actor_name,
            each.words,
            each.changes,
            named.get(each.operation.subject, ""),
        )
        for each in events
    ]
