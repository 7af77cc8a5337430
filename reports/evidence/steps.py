"""Each step in order: whether it applied, who could decide, by when, and what was decided."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import RoleAssignment
from reports.evidence.document import Block, Entry, Facts, Row, Section
from reports.evidence.redact import without_numbers
from reports.evidence.sources import Sources
from reports.evidence.words import Words, moment
from workflows.models import Case, Decision, StepEvent, WorkItem
from workflows.rules import Given, Mode, State, Step, Verdict, position_after

VERDICT_COLOURS = {Verdict.APPROVE: "green", Verdict.RETURN: "amber", Verdict.DECLINE: "red"}
# Escalations and lapses are worth seeing; the rest is only told.
EVENT_COLOURS = {StepEvent.Kind.ESCALATED: "amber", StepEvent.Kind.LAPSED: "red"}


def sections(sources: Sources, words: Words) -> list[Section]:
    """A section a step, numbered as the workflow has them; then those of earlier versions."""
    states = _states(sources)
    found = [
        Section(
            f"{number}. {step.name}",
            _blocks(sources, words, step),
            level=3,
            tag=states[step.key][0],
            colour=states[step.key][1],
        )
        for number, step in enumerate(sources.steps, start=1)
    ]
    told = {step.key for step in sources.steps}
    for version, steps in reversed(sources.versions[:-1]):
        for step in steps:
            if step.key not in told and _was_used(sources, step):
                found.append(_earlier(sources, words, step, version.number))
            told.add(step.key)
    return found


def _was_used(sources: Sources, step: Step) -> bool:
    keys = {item.step_key for item in sources.items}
    keys |= {decision.step_key for decision in sources.decisions}
    return step.key in keys | {event.step_key for event in sources.step_events}


def _earlier(sources: Sources, words: Words, step: Step, version: int) -> Section:
    """A step that the version the case was moved to does not have."""
    return Section(
        step.name, _blocks(sources, words, step), level=3, tag=_("only in version %d") % version
    )


def _states(sources: Sources) -> dict[str, tuple[str, str]]:
    """Where each step stands, in a word and a colour."""
    case = sources.case
    position = position_after(
        sources.steps,
        [Given(d.step_key, Verdict(d.verdict), d.round, d.era) for d in sources.decisions],
        case.data,
        round=case.round,
        era=case.era,
        needed={item.step_key: item.needed for item in sources.items},
    )
    here = {
        State.DECLINED: (_("declined"), "red"),
        State.RETURNED: (_("returned with questions"), "amber"),
    }.get(position.state, (_("waiting"), "teal"))
    if not case.is_open and position.state in (State.WAITING, State.RETURNED):
        here = (_("stopped"), "grey")
    found = {}
    for step in sources.steps:
        if step.key in position.skipped or not step.applies_to(case.data):
            found[step.key] = (_("did not apply"), "grey")
        elif step.key in position.done:
            found[step.key] = (_("approved"), "green")
        elif position.place(step.key) is not None:
            found[step.key] = here
        else:
            found[step.key] = (_("not reached"), "grey")
    return found


def _blocks(sources: Sources, words: Words, step: Step) -> list[Block]:
    items = [item for item in sources.items if item.step_key == step.key]
    rows = [
        Row(_("Applies when"), words.condition(step.condition)),
        _applied(sources, words, step),
        Row(_("Who decides"), _who(sources, step), _how_many(step)),
    ]
    if step.branch:
        rows.append(Row(_("Beside others, in branch"), step.branch))
    rows.append(Row(_("Time to decide"), _time_to_decide(step), _when_late(sources, step)))
    for item in items:
        rows += _waited(sources, item)
    happened: list[tuple[datetime.datetime, int, Entry]] = [
        (each.decided_at, each.pk, _decided(sources, words, each))
        for each in sources.decisions
        if each.step_key == step.key
    ]
    happened += [
        (each.at, each.pk, _event(sources, each))
        for each in sources.step_events
        if each.step_key == step.key
    ]
    happened.sort(key=lambda each: each[:2])
    return [Facts(rows), *(entry for _at, _pk, entry in happened)]


def _applied(sources: Sources, words: Words, step: Step) -> Row:
    applies = step.applies_to(sources.case.data)
    if step.condition is None:
        return Row(_("Applied"), _("Yes, it always does"))
    answer = _("Yes, the condition is met") if applies else _("No, the condition is not met")
    return Row(_("Applied"), answer, words.reasons(step.condition))


def _who(sources: Sources, step: Step) -> str:
    who = sources.role(step.role, sources.case.opened_at)
    if step.fallback_role:
        other = sources.role(step.fallback_role, sources.case.opened_at)
        return _("%(role)s; when nobody is left %(other)s") % {"role": who, "other": other}
    return who


def _how_many(step: Step) -> str:
    if step.mode is Mode.ALL:
        words = _("All who hold the role must approve.")
    elif step.mode is Mode.K_OF_N:
        words = ngettext("%d approval is needed.", "%d approvals are needed.", step.k) % step.k
    else:
        words = _("One of those who hold the role is enough.")
    if step.met_by_submission:
        words += " " + _("Met by the submission when whoever starts the case holds the role.")
    return words


def _days(days: int) -> str:
    return ngettext("%d working day", "%d working days", days) % days


def _time_to_decide(step: Step) -> str:
    return _days(step.working_days)


def _when_late(sources: Sources, step: Step) -> str:
    found = []
    if step.escalate_to:
        role = sources.role(step.escalate_to, sources.case.opened_at)
        found.append(
            _("%(role)s may decide too when it is %(days)s late.")
            % {"role": role, "days": _days(step.escalate_after)}
        )
    if step.lapse_after is not None:
        found.append(
            _("The case lapses after %(days)s of further silence.")
            % {"days": _days(step.lapse_after)}
        )
    return " ".join(found)


def _waited(sources: Sources, item: WorkItem) -> list[Row]:
    closed = _("to %s") % moment(item.closed_at) if item.closed_at else _("still waiting")
    late = item.closed_at is not None and timezone.localdate(item.closed_at) > item.due_on
    due = _("Due %s.") % item.due_on.isoformat()
    if item.closed_at:
        due += " " + (_("Ended late.") if late else _("Ended in time."))
    role = sources.role(item.role_id, item.opened_at)
    where = sources.organisation(item.organisation_id, item.opened_at)
    return [
        Row(
            _("Waited, round %d") % item.round,
            _("from %s") % moment(item.opened_at) + "\n" + closed,
            due,
        ),
        Row(
            _("Could decide, round %d") % item.round,
            _could(sources, item),
            _("%(role)s for %(where)s on that day, those kept apart left out.")
            % {"role": role, "where": where},
        ),
    ]


def _could(sources: Sources, item: WorkItem) -> str:
    """The names of those who could decide, and who has been called in since."""
    lines = [", ".join(holders_then(sources, item)) or _("Nobody held the role")]
    if item.assigned_to_id is not None:
        lines.append(_("Handed over to %s.") % sources.account(item.assigned_to_id, item.opened_at))
    if item.escalated_role_id is not None:
        role = sources.role(item.escalated_role_id, item.opened_at)
        lines.append(_("When it was late also %s.") % role)
    return "\n".join(lines)


def holders_then(sources: Sources, item: WorkItem) -> list[str]:
    """Who held the role when the step began to wait: the nearest level with anybody."""
    day = timezone.localdate(item.opened_at)
    busy = frozenset(sources.apart) | {
        each.actor_id
        for each in sources.decisions
        if each.decided_at < item.opened_at
        and each.era == _era_at(sources, item.opened_at)
        and (each.step_key != item.step_key or each.verdict == Verdict.APPROVE)
    }
    for node in reversed(item.organisation.lineage):
        held = [
            row
            for row in sources.assignments
            if row.role_id == item.role_id
            and row.organisation_id == node
            and _held_on(row, day)
            and row.user_id not in busy
        ]
        if held:
            names = [sources.account(row.user_id, item.opened_at) for row in held]
            givers = {row.user_id for row in held}
            return list(dict.fromkeys([*sorted(names), *_deputies(sources, item, givers, busy)]))
    return []


def _deputies(
    sources: Sources, item: WorkItem, givers: set[int], busy: frozenset[int]
) -> list[str]:
    day = timezone.localdate(item.opened_at)
    return [
        _("%(deputy)s, deputy for %(giver)s")
        % {
            "deputy": sources.account(each.deputy_id, item.opened_at),
            "giver": sources.account(each.giver_id, item.opened_at),
        }
        for each in sources.delegations
        if each.giver_id in givers
        and each.deputy_id not in busy
        and each.valid_from <= day <= each.valid_to
        and (each.ended_at is None or each.ended_at > item.opened_at)
    ]


def _era_at(sources: Sources, at: datetime.datetime) -> int:
    """The case's era at the moment: approvals of an earlier one keep nobody away."""
    eras = [
        change.after["era"] for change in sources.changes if change.model is Case and change.at < at
    ]
    return int(eras[-1]) if eras else 1


def _held_on(row: RoleAssignment, day: datetime.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def _decided(sources: Sources, words: Words, decision: Decision) -> Entry:
    verdict = Verdict(decision.verdict)
    tag = {
        Verdict.APPROVE: _("approved"),
        Verdict.RETURN: _("returned with questions"),
        Verdict.DECLINE: _("declined"),
    }[verdict]
    rows = [Row(_("Role held then"), decision.held_role)]
    title = sources.people.of(decision.actor_id, decision.actor_name)
    if decision.for_user_id:
        rows.insert(
            0, Row(_("On behalf of"), sources.people.of(decision.for_user_id, decision.for_name))
        )
        title = _("%s, deputy") % title
    rows.append(Row(_("Time"), moment(decision.decided_at), _("Round %d") % decision.round))
    if decision.by_submission:
        rows.append(Row(_("How"), _("Met by the submission, as the one who decides the step.")))
    if decision.asked_fields:
        asked = "; ".join(words.label(key) for key in decision.asked_fields)
        rows.append(Row(_("Asked about"), without_numbers(asked)))
    if verdict is Verdict.APPROVE and decision.era < sources.case.era:
        rows.append(
            Row(_("Holds"), _("No: what was approved was changed later, and decided on again."))
        )
    rows.append(Row(_("Digest of the data decided on"), decision.data_digest))
    rows.append(Row(_("Decision and event"), f"{decision.pk} · {_operation_of(sources, decision)}"))
    return Entry(
        title,
        rows,
        tag=tag,
        colour=VERDICT_COLOURS[verdict],
        quote=f"”{without_numbers(decision.reason)}”" if decision.reason else "",
    )


def _operation_of(sources: Sources, row: Decision | StepEvent) -> str:
    for change in sources.changes:
        if change.model is type(row) and change.pk == str(row.pk):
            return str(change.operation_id)
    return ""


def _event(sources: Sources, event: StepEvent) -> Entry:
    rows = [Row(_("Time"), moment(event.at), _("Round %d") % event.round)]
    if event.to_words:
        rows.append(Row(_("To"), sources.people.of(event.to_user_id, event.to_words)))
    rows.append(Row(_("Event"), _operation_of(sources, event)))
    title = str(StepEvent.Kind(event.kind).label).capitalize()
    by = _event_by(sources, event)
    return Entry(
        f"{title}: {by}" if by else title,
        rows,
        colour=EVENT_COLOURS.get(StepEvent.Kind(event.kind), "teal"),
        quote=without_numbers(event.reason),
    )


def _event_by(sources: Sources, event: StepEvent) -> str:
    """Who did it; the row has only a name, so the operation tells whose it is."""
    id = _operation_of(sources, event)
    hidden = {str(each.pk) for each in sources.operations if sources.people.hides(each.actor_id)}
    return _("Protected identity") if event.by_name and id in hidden else event.by_name
