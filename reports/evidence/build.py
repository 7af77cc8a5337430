"""The evidence of one case as a document, in the installation's own language.

Always that language, whoever asks: else two prints of the same case would have
different digests only because two people read different languages.
"""

from collections.abc import Sequence
from itertools import pairwise

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import registry
from audit.models import Operation
from audit.queries import Change
from people.models import User
from reports.evidence import sources, steps
from reports.evidence.document import Block, Document, Entry, Facts, Note, Row, Section, Table
from reports.evidence.redact import without_numbers
from reports.evidence.sources import Sources
from reports.evidence.words import Words, moment, text
from workflows.kinds import CaseTitle
from workflows.models import Case, Message, WorkflowVersion

STATE_COLOURS = {
    Case.State.APPROVED: "green",
    Case.State.DECLINED: "red",
    Case.State.RETURNED: "amber",
    Case.State.WAITING: "teal",
}
SHOWN_AS_DECISIONS = frozenset({"case.withdraw"})


def document(case: Case, viewer: User) -> Document:
    """The document; the number of queries does not depend on what has happened."""
    with translation.override(settings.LANGUAGE_CODE):
        read = sources.read(case, viewer)
        words = Words(read)
        title = read.kind.titles([case], viewer).get(case.pk) or CaseTitle(case.reference)
        return Document(
            title=_("Evidence of case %s") % case.reference,
            kicker=_("Evidence of case %s") % case.reference,
            heading=text(title.title),
            lead=text(title.subtitle) if title.subtitle else "",
            language=settings.LANGUAGE_CODE,
            sections=[
                _case(read),
                *_answers(read),
                *_completions(read, words),
                _workflow(read),
                Section(
                    _("Steps and decisions"),
                    [
                        Note(
                            _(
                                "In the workflow's order, with everything that happened at each step."
                            )
                        )
                    ],
                ),
                *steps.sections(read, words),
                _messages(read),
                _history(read),
                _about(read),
            ],
        )


def _case(read: Sources) -> Section:
    case = read.case
    opened = [each for each in read.operations if each.name == "case.open"]
    rows = [
        Row(_("Reference"), case.reference),
        Row(_("Kind of case"), str(read.kind.name).capitalize()),
        _organisation(read),
        Row(
            _("Started by"),
            read.people.of(
                case.initiator_id,
                opened[0].actor_name if opened else case.initiator.get_full_name(),
            ),
        ),
        Row(_("Started"), moment(case.opened_at)),
        Row(_("Case closed"), moment(case.closed_at) or _("Not closed")),
        Row(_("Round"), str(case.round)),
        Row(_("Digest of the data"), case.data_digest),
    ]
    blocks: list[Block] = [Facts(rows)]
    for operation in read.operations:
        if operation.name in SHOWN_AS_DECISIONS:
            blocks.append(
                Entry(
                    read.people.actor(operation.actor_id, operation.actor_name),
                    [Row(_("Time"), moment(operation.at)), Row(_("Event"), str(operation.pk))],
                    tag=_("withdrawn"),
                    colour="grey",
                    quote=without_numbers(operation.reason),
                )
            )
    state = Case.State(case.state)
    return Section(
        _("The case"), blocks, tag=str(state.label), colour=STATE_COLOURS.get(state, "grey")
    )


def _organisation(read: Sources) -> Row:
    """The organisation with what it belonged to, the city left out, as they were called."""
    case = read.case
    above = [
        read.organisation(pk, case.opened_at) for pk in reversed(case.organisation.lineage[1:-1])
    ]
    own = read.organisation(case.organisation_id, case.opened_at)
    belonged = " · ".join(name for name in above if name)
    return Row(_("Organisation, as it was called then"), own, belonged)


def _answers(read: Sources) -> list[Section]:
    """The questions as they were put, with the answers that stand now."""
    found = [Section(_("Answers"))]
    for group in read.kind.facts(read.case, read.viewer):
        rows = [
            Row(
                str(row.label),
                text(row.value),
                _("Changed since the round before. Then: %s") % text(row.before)
                if row.changed
                else "",
            )
            for row in group.rows
            if row.on_paper
        ]
        if rows:
            found.append(Section(str(group.title), [Facts(rows)], level=3))
    return found


def _completions(read: Sources, words: Words) -> list[Section]:
    """Each time the data of the case was changed: who, when and what."""
    by_id = {operation.pk: operation for operation in read.operations}
    entries = []
    rounds = iter(pairwise(read.answers))
    for change in read.changes:
        # History keeps the digest of the data; the answers of each round are submissions.
        if not _completed(change, by_id.get(change.operation_id)):
            continue
        before, after = next(rounds, ({}, {}))
        if before == after:
            continue
        rows = [
            Row(
                words.label(key),
                words.answer(key, after.get(key)),
                _("Before: %s") % words.answer(key, before.get(key)),
            )
            for key in sorted({**before, **after}, key=words.label)
            if before.get(key) != after.get(key)
        ]
        operation = by_id.get(change.operation_id)
        if change.after.get("era") != (change.before or {}).get("era"):
            rows.append(
                Row(_("Earlier approvals"), _("No longer hold, since something material changed."))
            )
        rows += [
            Row(_("Time"), moment(change.at)),
            Row(_("Event"), str(change.operation_id)),
        ]
        entries.append(
            Entry(
                read.people.actor(operation.actor_id, operation.actor_name) if operation else "",
                rows,
                tag=_("completed, round %d") % change.after["round"],
                colour="teal",
            )
        )
    return [Section(_("Completions"), entries)] if entries else []


def _completed(change: Change, operation: Operation | None) -> bool:
    """Whether the case came back with answers: a move counts its round up too."""
    if change.model is not Case or change.kind != "~" or not change.before:
        return False
    moved = operation is not None and operation.name == "workflow.move"
    return bool(change.after["round"] > change.before["round"]) and not moved


def _workflow(read: Sources) -> Section:
    """The version that the case runs on, and those it has been moved from."""
    current = read.versions[-1][0]
    rows = [Row(_("Workflow"), current.definition.name), *_version(read, current)]
    blocks: list[Block] = [Facts(rows)]
    by_id = {operation.pk: operation for operation in read.operations}
    numbers = {version.pk: version for version, _steps in read.versions}
    for change in read.changes:
        if change.model is not Case or change.kind != "~" or change.before is None:
            continue
        before, after = change.before["version_id"], change.after["version_id"]
        if before == after:
            continue
        operation = by_id.get(change.operation_id)
        blocks.append(
            Entry(
                read.people.actor(operation.actor_id, operation.actor_name) if operation else "",
                [
                    *_version(read, numbers[before]),
                    Row(_("Time"), moment(change.at)),
                    Row(_("Event"), str(change.operation_id)),
                ],
                tag=_("moved the case from version %(old)d to version %(new)d")
                % {"old": numbers[before].number, "new": numbers[after].number},
                colour="amber",
                quote=without_numbers(operation.reason) if operation else "",
            )
        )
    return Section(_("Workflow"), blocks)


def _version(read: Sources, version: WorkflowVersion) -> list[Row]:
    created = read.states.get((WorkflowVersion, str(version.pk)), ())
    by_id = {operation.pk: operation for operation in read.operations}
    operation = by_id.get(created[0].operation_id) if created else None
    name = version.published_by_name
    return [
        Row(_("Version"), str(version.number)),
        Row(_("Digest of the version"), version.digest),
        Row(_("Published by"), read.people.actor(operation.actor_id, name) if operation else name),
        Row(_("Published"), moment(version.published_at)),
    ]


def _messages(read: Sources) -> Section:
    """What was told, without saying to whom: one line a message and moment."""
    together: dict[tuple[str, str, str], list[Message]] = {}
    for message in read.messages:
        key = (moment(message.created_at), message.subject, message.state)
        together.setdefault(key, []).append(message)
    rows = [
        [
            when,
            without_numbers(subject),
            same[0].kind,
            str(len(same)),
            f"{Message.State(state).label} {moment(same[-1].sent_at)}".strip(),
        ]
        for (when, subject, state), same in together.items()
    ]
    head = [_("Written"), _("What"), _("Kind"), _("Number"), _("State")]
    blocks: list[Block] = [Table(head, rows, [5, 6, 4, 2, 6])] if rows else [Note(_("None."))]
    return Section(_("Messages"), blocks)


def _history(read: Sources) -> Section:
    """Every event of the case, with the numbers that find it in the audit."""
    records: dict[str, list[str]] = {}
    for change in read.changes:
        records.setdefault(str(change.operation_id), []).append(
            f"{change.what} {change.history_id}"
        )
    rows = [
        [
            moment(each.at),
            registry.describe(each.name),
            _who(read, each),
            f"{each.pk}\n{', '.join(records.get(str(each.pk), []))}",
        ]
        for each in read.operations
    ]
    head = [_("Time"), _("What"), _("Who"), _("Event and records of the history")]
    n = len(rows)
    return Section(
        _("History"),
        [
            Note(
                ngettext("%d event.", "%d events.", n) % n
                + " "
                + _("An auditor finds each of them by its number.")
            ),
            Table(head, rows, [5, 5, 4, 9]),
        ],
    )


def _who(read: Sources, operation: Operation) -> str:
    who = read.people.actor(operation.actor_id, operation.actor_name)
    if operation.on_behalf_of:
        other = (
            _("Protected identity")
            if who == _("Protected identity")
            else _on_behalf(read, operation.on_behalf_of)
        )
        return _("%(who)s on behalf of %(other)s") % {"who": who, "other": other}
    return who


def _on_behalf(read: Sources, name: str) -> str:
    """The name of whoever a deputy acted for, masked when a decision of theirs is."""
    for decision in read.decisions:
        if decision.for_user_id and decision.for_name == name:
            return read.people.of(decision.for_user_id, name)
    return name


def _about(read: Sources) -> Section:
    zone = timezone.get_current_timezone_name()
    sentences: Sequence[str] = (
        _("Times are local (%s), with their distance from UTC.") % zone,
        _(
            "The digest at the foot of each page is the SHA-256 of everything that stands here"
            " except the time of printing. The same content always has the same digest."
        ),
        _(
            "The PDF carries the content as the file underlag.json. The SHA-256 of that file is"
            " the digest, so anyone can check that nothing has been changed."
        ),
        _(
            "Personal identity numbers are never printed. Persons with protected identity are named"
            " only to those who may know who they are, so their print has another digest."
        ),
    )
    return Section(_("About this document"), [Note(sentence) for sentence in sentences])
