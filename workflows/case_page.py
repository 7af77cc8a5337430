"""Everything the page of one case shows, read for one viewer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Operation
from people.models import Role, User
from workflows.actions import engine
from workflows.actions.handing import may_hand_over
from workflows.case_messages import told_together
from workflows.kinds import CaseTitle, FactGroup, Panel, Text, kind_of
from workflows.mail_links import TO_DECIDERS
from workflows.models import Case, Decision, Message, StepEvent, WorkItem
from workflows.queries import Tag, due_tag, state_tag
from workflows.rules import Position, State, Step, Verdict
from workflows.telling import by_verdict
from workflows.time_machine import may_travel
from workflows.versions import steps_of
from workflows.waiting import Waiting, late_words, notes, waiting_in, waiting_words


@dataclass(frozen=True)
class DrawnStep:
    """One box of the drawn workflow."""

    name: str
    state: str
    who: str = ""
    when: str = ""
    # Steps in a row with branches go on beside each other.
    branch: str = ""


@dataclass(frozen=True)
class TimelineEvent:
    """One line of what has happened."""

    at: datetime.datetime
    who: str
    text: str
    detail: str = ""
    # Where one reads more, and the words of the link.
    link: str = ""
    link_words: str = ""

    @property
    def when(self) -> str:
        """Date and time as people write them."""
        return date_format(timezone.localtime(self.at), r"j b Y, H.i")


@dataclass(frozen=True)
class Question:
    """What a returned case asks."""

    asked_by: str
    text: str
    fields: Sequence[Text]


@dataclass
class CasePage:
    """The page of one case."""

    case: Case
    title: CaseTitle
    tag: Tag
    steps: Sequence[DrawnStep]
    facts: Sequence[FactGroup]
    panels: Sequence[Panel]
    timeline: Sequence[TimelineEvent]
    # One line for each step that waits.
    waiting_for: Sequence[str] = ()
    # Why just they decide, and what comes if they do not.
    notes: Sequence[str] = ()
    # The steps that the viewer may hand over to someone.
    handing: Sequence[Step] = ()
    # Whether the viewer may see the case as it would stand on another day.
    may_travel: bool = False
    # The step the viewer may decide now, and for whom when they are a deputy.
    step: Step | None = None
    deputy_for: str = ""
    verdicts: Sequence[str] = ()
    # Who would be told of each verdict, by name.
    told: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    question: Question | None = None
    edit_url: str = ""
    may_withdraw: bool = False


def case_page(case: Case, viewer: User) -> CasePage:
    """Read the page; the number of queries does not depend on what has happened."""
    kind = kind_of(case)
    run = engine.read(case)
    position = run.position()
    waiting = waiting_in(run, position)
    title = kind.titles([case], viewer).get(case.pk) or CaseTitle(case.reference)
    labels = kind.field_labels(case)
    page = CasePage(
        case=case,
        title=title,
        tag=state_tag(case),
        steps=drawn(run, position, waiting),
        facts=kind.facts(case, viewer),
        panels=kind.panels(case, viewer),
        timeline=timeline(run, labels),
        labels=labels,
        may_withdraw=case.initiator_id == viewer.pk and case.is_open,
    )
    if case.state == Case.State.RETURNED:
        page.question = _question(run, labels)
        if kind.may_complete(case, viewer):
            page.edit_url = kind.edit_url(case)
    page.notes = notes(run, waiting)
    page.handing = [each.step for each in waiting if may_hand_over(run, each.step, viewer)]
    page.may_travel = may_travel(viewer, case)
    page.waiting_for = [
        waiting_words(each, timezone.localdate(), name_step=len(waiting) > 1) for each in waiting
    ]
    for each in waiting:
        mine = next((holder for holder in each.holders if holder.user_id == viewer.pk), None)
        if mine is not None:
            page.step = each.step
            page.deputy_for = mine.for_name
            page.verdicts = [verdict.value for verdict in each.step.verdicts]
            page.told = by_verdict(run, each.step, viewer)
            page.tag = _your_turn(each.item)
            break
    return page


def _your_turn(item: WorkItem) -> Tag:
    today = timezone.localdate()
    if item.due_on == today:
        return Tag(_("For you to decide today"), "red")
    due = due_tag(item.due_on, today)
    return Tag(_("For you to decide: %(due)s") % {"due": due.text}, due.colour)


def drawn(run: engine.Run, position: Position, waiting: Sequence[Waiting]) -> list[DrawnStep]:
    """The workflow with the case's place in it."""
    case = run.case
    roles = dict(Role.objects.values_list("key", "name"))
    boxes = [
        DrawnStep(
            _("Submitted"),
            "done",
            case.initiator.get_full_name(),
            _day(timezone.localdate(case.opened_at)),
        )
    ]
    for step in steps_of(case.version_id):
        boxes.append(_box(step, run, position, waiting, roles))
    return boxes


def _box(
    step: Step,
    run: engine.Run,
    position: Position,
    waiting: Sequence[Waiting],
    roles: Mapping[str, str],
) -> DrawnStep:
    role = roles.get(step.role, step.role)
    branch = step.branch
    if not step.applies_to(run.case.data):
        return DrawnStep(step.name, "skipped", _("Not needed here"), branch=branch)
    if step.key in position.done:
        last = [d for d in run.decisions if d.step_key == step.key][-1]
        day = _day(timezone.localdate(last.decided_at))
        return DrawnStep(step.name, "done", last.actor_name, day, branch)
    here = position.place(step.key) is not None
    if here and run.case.state == Case.State.RETURNED:
        name = run.case.initiator.get_full_name()
        return DrawnStep(step.name, "now", name, _("answers"), branch)
    for each in waiting:
        if each.step == step:
            names = ", ".join(holder.name for holder in each.holders[:2]) or role
            day = _("by %(day)s") % {"day": _day(each.item.due_on)}
            return DrawnStep(step.name, "now", names, day, branch)
    if here and run.case.state == Case.State.LAPSED:
        return DrawnStep(step.name, "now", role, _("lapsed"), branch)
    if here and position.state is State.DECLINED:
        last = [d for d in run.decisions if d.step_key == step.key][-1]
        return DrawnStep(step.name, "now", last.actor_name, _("declined"), branch)
    days = ngettext("%d working day", "%d working days", step.working_days) % step.working_days
    return DrawnStep(step.name, "todo", role, days, branch)


def _day(day: datetime.date) -> str:
    return date_format(day, "j b")


def _question(run: engine.Run, labels: Mapping[str, Text]) -> Question | None:
    asked = [d for d in run.decisions if d.verdict == Verdict.RETURN and d.round == run.case.round]
    if not asked:
        return None
    last = asked[-1]
    return Question(
        last.actor_name, last.reason, [labels.get(key, key) for key in last.asked_fields]
    )


def timeline(run: engine.Run, labels: Mapping[str, Text]) -> list[TimelineEvent]:
    """What has happened, in words, the latest first."""
    case = run.case
    names = {step.key: step.name for step in steps_of(case.version_id)}
    events = [
        TimelineEvent(
            case.opened_at,
            case.initiator.get_full_name(),
            _("started the case."),
            _("Workflow version %(number)d.") % {"number": case.version.number},
        )
    ]
    events += [_decided(decision, names, labels, case.era) for decision in run.decisions]
    events += [_stepped(event) for event in case.step_events.all()]
    operations = Operation.objects.filter(
        subject=case.reference, name__in=["case.complete", "case.withdraw"]
    )
    for operation in operations:
        answered = operation.name == "case.complete"
        text = _("answered the questions.") if answered else _("withdrew the case.")
        events.append(TimelineEvent(operation.at, operation.actor_name, text, operation.reason))
    events += [_told(case, messages) for messages in told_together(_out(case))]
    # Reversed after sorting, so that of two at the same moment the later one comes first.
    events.sort(key=lambda event: event.at)
    events.reverse()
    return events


def _decided(
    decision: Decision, names: Mapping[str, str], labels: Mapping[str, Text], era: int
) -> TimelineEvent:
    step = {"step": names.get(decision.step_key, decision.step_key)}
    text = {
        Verdict.APPROVE: _("approved “%(step)s”."),
        Verdict.RETURN: _("asked a question at “%(step)s”."),
        Verdict.DECLINE: _("declined at “%(step)s”."),
    }[Verdict(decision.verdict)] % step
    if decision.by_submission:
        text = _("met “%(step)s” by submitting, as the one who decides it.") % step
    detail = [f"{decision.held_role}."]
    if decision.asked_fields:
        asked = ", ".join(str(labels.get(key, key)) for key in decision.asked_fields)
        detail.append(_("About: %(fields)s.") % {"fields": asked})
    if decision.reason:
        detail.append(f"“{decision.reason}”")
    if decision.verdict == Verdict.APPROVE and decision.era < era:
        detail.append(_("Holds no more, because what was approved has changed."))
    who = decision.actor_name
    if decision.for_name:
        who = _("%(deputy)s, deputy for %(name)s,") % {"deputy": who, "name": decision.for_name}
    return TimelineEvent(decision.decided_at, who, text, " ".join(detail))


def _stepped(event: StepEvent) -> TimelineEvent:
    text = late_words(event)
    return TimelineEvent(event.at, event.by_name, text, f"“{event.reason}”" if event.reason else "")


def _out(case: Case) -> list[Message]:
    """The case's messages that are no drafts; those wait for a colleague and may be stopped."""
    return [one for one in case.messages.all() if one.state != Message.State.DRAFT]


def _told(case: Case, messages: Sequence[Message]) -> TimelineEvent:
    first, n = messages[0], len(messages)
    if first.kind in TO_DECIDERS:
        text = ngettext("%d message to whoever decides.", "%d messages to those who decide.", n) % n
    elif first.kind == "case.office_told":
        text = (
            ngettext("%d message to the project office.", "%d messages to the project office.", n)
            % n
        )
    else:
        text = ngettext("%d message about the outcome.", "%d messages about the outcome.", n) % n
    states = {message.state for message in messages}
    if Message.State.FAILED in states:
        detail = _("At least one could not be delivered.")
    else:
        detail = _("Sent.") if states == {Message.State.SENT} else _("Waiting to be sent.")
    link = f"{reverse('workflows:case_messages', args=[case.reference])}?om={first.public_id}"
    words = ngettext("Read the message", "Read the messages", n)
    return TimelineEvent(first.created_at, "", text, detail, link, words)
