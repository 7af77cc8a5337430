"""The clock: reminders, help and the end of silence, in batches that may run twice.

What a step is due for is computed twice: from a plain read, to find the few cases
where something is due, and again when their rows are locked. A case that someone
is deciding this moment is skipped; the next run finds it. What has been done is
a row that exists once a round and step, so neither a second clock nor a crash in the
middle does anything twice.
"""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from audit.operations import operation
from people.models import Role
from workflows import access, clock, notices
from workflows.actions import engine
from workflows.clock import Tick, Waited
from workflows.kinds import Event, kind_of
from workflows.many import runs_of
from workflows.models import Case, StepEvent, WorkItem
from workflows.rules import Step

BATCH = 200
CLOCK = frozenset(tick.value for tick in Tick if tick is not Tick.GIVE_BACK)
log = logging.getLogger(__name__)


@dataclass
class Due:
    """A step that the clock has something to do with, and who may decide it."""

    run: engine.Run
    item: WorkItem
    step: Step
    ticks: tuple[Tick, ...]
    holders: tuple[access.Decider, ...] = ()
    helpers: access.Resolved | None = None
    # The person to whom it was handed may not decide it any more.
    goes_back: bool = False


def tick(*, batch: int = BATCH) -> Counter[Tick]:
    """Do all that is due now, batch by batch; a case that fails does not stop the others."""
    done: Counter[Tick] = Counter()
    last = 0
    while True:
        ids = _next_cases(last, batch)
        if not ids:
            return done
        last = ids[-1]
        done += _safely(ids)


def _next_cases(after: int, batch: int) -> list[int]:
    """The next cases in which a step waits that may be due for something."""
    waiting = WorkItem.objects.filter(closed_at__isnull=True, case__state=Case.State.WAITING)
    rows = waiting.filter(case_id__gt=after).order_by("case_id").values_list("case_id", flat=True)
    return list(rows.distinct()[:batch])


def _safely(ids: Sequence[int]) -> Counter[Tick]:
    """The batch as one transaction; when it fails, case by case."""
    try:
        return _batch(ids)
    except Exception:
        if len(ids) == 1:
            log.exception("the clock could not handle case %s", ids[0])
            return Counter()
    done: Counter[Tick] = Counter()
    for pk in ids:
        done += _safely([pk])
    return done


def _batch(ids: Sequence[int]) -> Counter[Tick]:
    today = timezone.localdate()
    unlocked = Case.objects.filter(pk__in=ids).select_related("organisation", "concerns")
    cases = {due.run.case.pk for due in _due_in(list(unlocked), today)}
    if not cases:
        return Counter()
    with transaction.atomic():
        found = list(_due_in(_locked(cases), today))
        ticking = [each for each in found if Tick.LAPSE not in each.ticks]
        ended = {each.run.case.pk for each in found if Tick.LAPSE in each.ticks}
        with operation("case.clock"):
            done = _write([each for each in ticking if each.run.case.pk not in ended])
    for pk in sorted(ended):
        done[Tick.LAPSE] += lapse(case_id=pk)
    return done


def _locked(pks: set[int]) -> list[Case]:
    """The cases that nobody else is changing now, locked in the order of their ids."""
    return list(
        Case.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=pks, state=Case.State.WAITING)
        .select_related("organisation", "concerns", "initiator")
        .order_by("pk")
    )


def _due_in(cases: Sequence[Case], today: datetime.date) -> Iterator[Due]:
    """The steps of the cases for which something is due; a fixed number of reads."""
    if not cases:
        return
    history: dict[tuple[int, int, str], dict[str, datetime.date]] = {}
    for event in StepEvent.objects.filter(case__in=cases, kind__in=CLOCK):
        done = history.setdefault((event.case_id, event.round, event.step_key), {})
        done[event.kind] = timezone.localdate(event.at)
    for run in runs_of(cases, on=today):
        for place in run.position().places:
            item = run.item(place.step.key)
            if item is None:
                continue
            resolved, helpers = run.deciders(place.step), _helpers(run, place.step, item)
            waited = waited_of(
                place.step,
                item,
                history.get((item.case_id, item.round, item.step_key), {}),
                somebody=resolved is not None,
                helper=helpers is not None,
            )
            ticks = clock.due(waited, today)
            handed = item.assigned_to
            back = handed is not None and not run.still_holds(place.step, handed)
            if ticks or back:
                holders = resolved.holders if resolved else ()
                yield Due(run, item, place.step, ticks, holders, helpers, back)


def waited_of(
    step: Step,
    item: WorkItem,
    done: dict[str, datetime.date],
    *,
    somebody: bool = True,
    helper: bool = True,
) -> Waited:
    """The step's waiting as the pure clock reads it."""
    opened = timezone.localdate(item.opened_at)
    return Waited(step, opened, item.due_on, done, somebody, helper)


def _helpers(run: engine.Run, step: Step, item: WorkItem) -> access.Resolved | None:
    """Who is called in when the step is late: holders of the role it escalates to."""
    if step.escalate_to is None:
        return None
    resolved = run.deciders(step) if item.escalated_role_id is None else None
    return run.late_deciders(step, step.escalate_to, resolved.holders if resolved else ())


def _write(found: Sequence[Due]) -> Counter[Tick]:
    """Events, called-in roles and messages of a batch, each in one statement."""
    now = timezone.now()
    done: Counter[Tick] = Counter()
    names = dict(Role.objects.values_list("key", "name")) if found else {}
    events, changed, messages = [], [], []
    for due in found:
        if due.goes_back:
            done[Tick.GIVE_BACK] += 1
            events.append(_given_back(due, now))
            changed.append(due.item)
            messages += notices.handed_over(
                due.run.case, due.item, due.holders, f"{now:%Y%m%d%H%M%S}"
            )
        for one in due.ticks:
            done[one] += 1
            words = ""
            if one is Tick.REMIND:
                messages += notices.reminders(due.run.case, due.item, due.holders)
            elif one is Tick.ESCALATE and due.helpers is not None:
                words = names.get(due.helpers.role, due.helpers.role)
                due.item.escalated_role_id = due.helpers.role
                due.item.escalated_organisation_id = due.helpers.organisation_id
                changed.append(due.item)
                messages += notices.called_in(due.run.case, due.item, due.helpers.holders)
            events.append(event_of(due.run.case, due.item, one.value, now, to_words=words))
    stuck = [(due.run.case, due.item) for due in found if Tick.TELL_OFFICE in due.ticks]
    messages += notices.office(stuck, timezone.localdate(now))
    StepEvent.objects.bulk_create(events)
    if changed:
        WorkItem.objects.bulk_update(
            changed, ["escalated_role", "escalated_organisation", "assigned_to"]
        )
    notices.send(messages)
    return done


def _given_back(due: Due, now: datetime.datetime) -> StepEvent:
    """Back to whoever holds the role, since the person it was handed to does not any more."""
    words = due.item.role.name
    due.item.assigned_to = None
    with translation.override(settings.LANGUAGE_CODE):
        reason = gettext("The person to whom it was handed no longer holds the role.")
    kind = StepEvent.Kind.REASSIGNED.value
    return event_of(due.run.case, due.item, kind, now, to_words=words, reason=reason)


def event_of(
    case: Case, item: WorkItem, kind: str, now: datetime.datetime, **words: str
) -> StepEvent:
    """One thing that has happened to a waiting step."""
    return StepEvent(
        case=case,
        round=item.round,
        step_key=item.step_key,
        step_name=item.step_name,
        kind=kind,
        at=now,
        **words,
    )


@transaction.atomic
def lapse(*, case_id: int) -> int:
    """End a case that has been silent too long; 0 when it is not, or is being decided now.

    Silence never approves: whatever was approved so far stays written, and leads nowhere.
    """
    today, now = timezone.localdate(), timezone.now()
    cases = _locked({case_id})
    for due in _due_in(cases, today):
        if Tick.LAPSE not in due.ticks:
            continue
        case = due.run.case
        with operation("case.lapse", subject=case.reference):
            case.state = Case.State.LAPSED
            case.closed_at = now
            case.save(update_fields=["state", "closed_at"])
            event_of(case, due.item, Tick.LAPSE.value, now).save(force_insert=True)
            engine.close_waiting(due.run, now)
            notices.settled(case, Event.LAPSED)
            kind_of(case).after(case, Event.LAPSED)
        return 1
    return 0
