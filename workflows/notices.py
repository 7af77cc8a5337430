"""What is told to whom when a case moves. No text here names a person."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.models import Capability, RoleAssignment, User
from workflows import outbox
from workflows.access import Decider, kept_apart
from workflows.kinds import Event, kind_of
from workflows.mailing.words import Words, first_words
from workflows.models import Case, Decision, Delegation, Message, WorkItem
from workflows.rules import Verdict

# Those who look after cases that have got stuck.
OFFICE = (Capability.PLACE, Capability.MANAGE_PROGRAMME)
# To those who approved what somebody after them declined; never the initiator's words.
DECLINED_LATER = "case.declined_later"


def waiting(case: Case, item: WorkItem, holders: Sequence[Decider]) -> None:
    """Tell those who can decide that a case has begun to wait for them."""
    more = ""
    if item.round > 1:
        with translation.override(settings.LANGUAGE_CODE):
            more = _("The questions have been answered since the last time.")
    outbox.queue_rows(_to_each(case, item, holders, "waiting", more=more))


def _to_each(
    case: Case,
    item: WorkItem,
    holders: Sequence[Decider],
    kind: str,
    *,
    again: str = "",
    more: str = "",
) -> list[Message]:
    """One message to each decider; deputies read that they are asked as such.

    The link leads to the case's page, which asks for a sign-in. Nothing is ever
    decided by following it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        deputy = _("You are asked as a deputy. The page tells whose.")
    key = f"{kind}:{case.reference}:{item.round}:{item.step_key}"
    values = _values(case, item)
    # Deputies and those they stand in for read two texts, however many they are.
    worded: dict[bool, tuple[dict[str, str], Words]] = {}
    for is_deputy in {bool(holder.for_user_id) for holder in holders}:
        own = {**values, "more": "\n".join(filter(None, (more, deputy if is_deputy else "")))}
        worded[is_deputy] = (own, first_words(f"case.{kind}", own))
    messages = []
    for holder in holders:
        own, words = worded[bool(holder.for_user_id)]
        messages.append(
            Message(
                recipient_id=holder.user_id,
                address=holder.email,
                kind=f"case.{kind}",
                dedupe_key=f"{key}:{again}{holder.user_id}",
                subject=words.subject,
                body=words.body,
                values=own,
                link=case.get_absolute_url(),
                case=case,
            )
        )
    return messages


def send(messages: Sequence[Message]) -> None:
    """Queue what the other functions here have written."""
    outbox.queue_rows(messages)


def _values(case: Case, item: WorkItem) -> dict[str, str]:
    """What the placeholders stand for in a message about a step."""
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "step": item.step_name,
            "reference": case.reference,
            "kind": str(kind_of(case).name).lower(),
            "due": date_format(item.due_on, "Y-m-d"),
        }


def reminders(case: Case, item: WorkItem, holders: Sequence[Decider]) -> list[Message]:
    """Remind those who decide, before the due day or when it has been missed."""
    return _to_each(case, item, holders, "reminded")


def called_in(case: Case, item: WorkItem, holders: Sequence[Decider]) -> list[Message]:
    """Tell those who may decide too, now that the step is late."""
    return _to_each(case, item, holders, "escalated")


def handed_over(case: Case, item: WorkItem, to: Sequence[Decider], occasion: str) -> list[Message]:
    """Tell the one to whom a step has been handed, or handed back."""
    return _to_each(case, item, to, "handed", again=f"{occasion}:")


def office(stuck: Sequence[tuple[Case, WorkItem]], on: datetime.date) -> list[Message]:
    """Tell the project office of steps that nobody decides, in one read for all of them."""
    if not stuck:
        return []
    nodes = {node for case, _item in stuck for node in case.organisation.lineage}
    staff: dict[int, dict[int, User]] = defaultdict(dict)
    for row in (
        RoleAssignment.objects.on(on)
        .filter(role__capabilities__overlap=list(OFFICE), organisation_id__in=nodes)
        .select_related("user")
    ):
        staff[row.organisation_id][row.user_id] = row.user
    messages = []
    for case, item in stuck:
        told = {pk: user for node in case.organisation.lineage for pk, user in staff[node].items()}
        for pk in sorted(set(told) - kept_apart(case)):
            messages.append(_to_office(case, item, told[pk]))
    return messages


def _to_office(case: Case, item: WorkItem, user: User) -> Message:
    values = _values(case, item)
    words = first_words("case.office_told", values)
    return Message(
        recipient=user,
        address=user.email,
        kind="case.office_told",
        dedupe_key=f"office:{case.reference}:{item.round}:{item.step_key}:{user.pk}",
        subject=words.subject,
        body=words.body,
        values=values,
        link=case.get_absolute_url(),
        case=case,
    )


def moved(case: Case, item: WorkItem, holders: Sequence[Decider]) -> None:
    """Tell those who have come to decide because the case runs on a newer version now."""
    values = _values(case, item)
    words = first_words("case.moved", values)
    outbox.queue_rows(
        Message(
            recipient_id=holder.user_id,
            address=holder.email,
            kind="case.moved",
            # As when a step begins to wait: whoever has been told of the step is not told again.
            dedupe_key=f"waiting:{case.reference}:{item.round}:{item.step_key}:{holder.user_id}",
            subject=words.subject,
            body=words.body,
            values=values,
            link=case.get_absolute_url(),
            case=case,
        )
        for holder in holders
    )


@dataclass(frozen=True)
class Told:
    """Someone who is told how a case went.

    :ivar kind: which message they get.
    :ivar why: who they are to the case, in words to whoever decides.
    """

    user: User
    kind: str
    why: str


def approvers(case: Case, decisions: Sequence[Decision], *, by: int | None) -> list[int]:
    """Whose approvals hold when the case is declined, each once and in order.

    Neither the one who declines nor the one who started it, who is told as such.
    """
    found = [
        one.actor_id
        for one in decisions
        if one.verdict == Verdict.APPROVE and one.era == case.era and one.actor_id is not None
    ]
    return [pk for pk in dict.fromkeys(found) if pk not in (by, case.initiator_id)]


def told_when(
    case: Case,
    event: Event,
    decisions: Sequence[Decision] = (),
    *,
    by: int | None = None,
    accounts: Mapping[int, User] | None = None,
) -> list[Told]:
    """Who is told when the case is returned, approved or declined, or has lapsed.

    The same answer for the one who is about to decide as for the messages themselves.

    :param by: the account that decides.
    :param accounts: those of the approvers, when they have been read for many cases at once.
    """
    told = [Told(case.initiator, f"case.{event.value}", _("started the case"))]
    if event is not Event.DECLINED:
        return told
    wanted = approvers(case, decisions, by=by)
    if wanted and accounts is None:
        accounts = User.objects.in_bulk(wanted)
    found = [accounts[pk] for pk in wanted if accounts and pk in accounts]
    return told + [
        Told(user, DECLINED_LATER, _("approved earlier")) for user in found if user.is_active
    ]


def settled(
    case: Case, event: Event, decisions: Sequence[Decision] = (), *, by: int | None = None
) -> None:
    """Tell of the outcome those whom :func:`told_when` names."""
    with translation.override(settings.LANGUAGE_CODE):
        values = {"reference": case.reference, "kind": str(kind_of(case).name).lower()}
    rows = []
    for told in told_when(case, event, decisions, by=by):
        words = first_words(told.kind, values)
        key = f"{event.value}:{case.reference}:{case.round}"
        rows.append(
            Message(
                recipient=told.user,
                address=told.user.email,
                kind=told.kind,
                dedupe_key=key if told.user.pk == case.initiator_id else f"{key}:{told.user.pk}",
                subject=words.subject,
                body=words.body,
                values=values,
                link=case.get_absolute_url(),
                case=case,
                caused_by_id=by,
            )
        )
    outbox.queue_rows(rows)


def appointed(delegation: Delegation, *, by_another: bool) -> None:
    """Tell the deputy, and the giver when somebody else has appointed one for them."""
    with translation.override(settings.LANGUAGE_CODE):
        days = {
            "start": date_format(delegation.valid_from, "Y-m-d"),
            "end": date_format(delegation.valid_to, "Y-m-d"),
        }
        told = [
            (
                delegation.deputy,
                _("You are a deputy from %(start)s") % days,
                _(
                    "You may decide as a deputy from %(start)s up to and including %(end)s.\n"
                    "The page tells for whom and in which cases. Both names stand in each decision."
                )
                % days,
            )
        ]
        if by_another:
            told.append(
                (
                    delegation.giver,
                    _("You have been given a deputy from %(start)s") % days,
                    _(
                        "Someone may decide for you from %(start)s up to and including %(end)s.\n"
                        "The page tells who and why. You can end it."
                    )
                    % days,
                )
            )
    _of_delegation("appointed", delegation, told)


def no_longer_deputy(delegation: Delegation, *, by: User) -> None:
    """Tell the two it concerns, except the one who ended it."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A time as deputy has ended")
        body = _("It was ended before its last day. The page tells which.")
    both = (delegation.giver, delegation.deputy)
    told = [(user, subject, body) for user in both if user.pk != by.pk]
    _of_delegation("ended", delegation, told)


def _of_delegation(
    kind: str, delegation: Delegation, told: Sequence[tuple[User, str, str]]
) -> None:
    outbox.queue_rows(
        Message(
            recipient=user,
            address=user.email,
            kind=f"delegation.{kind}",
            dedupe_key=f"delegation:{kind}:{delegation.public_id}:{user.pk}",
            subject=subject,
            body=body,
            link=reverse("workflows:deputies"),
        )
        for user, subject, body in told
    )
