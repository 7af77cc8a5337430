"""The register of decisions: recorded once, corrected with a reason, followed up (R-194)."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import Organisation, Role, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.governance import rules
from programme.governance.access import ensure_manages
from programme.governance.errors import NotYetHeld, TooFew, TooManyVotes
from programme.governance.rules import SeatTaken
from programme.models import AgendaItem, Body, BodyDecision, BodyRules, Meeting


@dataclass(frozen=True)
class DecisionFacts:
    """What was decided, by which day, and who sees to it."""

    title: str
    text: str
    decided_on: datetime.date
    record_number: str
    organisation: Organisation | None
    responsible: Role
    follow_up_on: datetime.date | None
    votes_for: int | None = None
    votes_against: int | None = None


def rules_on(body: Body, day: datetime.date) -> BodyRules | None:
    """The body's rules that held on the day."""
    return body.rules.filter(valid_from__lte=day).order_by("-valid_from").first()


@transaction.atomic
def record(
    *,
    body: Body,
    facts: DecisionFacts,
    actor: User,
    meeting: Meeting | None = None,
    item: AgendaItem | None = None,
) -> BodyDecision:
    """Enter a decision under the next number of its year.

    :param meeting: where it was decided; none for one made between meetings, as a manager may for
        the own organisation.
    :raises NotYetHeld: before it is noted who was there.
    :raises TooFew: when too few with a vote were there.
    """
    ensure_manages(actor)
    # The body's row is the queue: two who record at once get two numbers.
    found = Body.objects.select_for_update(of=("self",), no_key=True).get(pk=body.pk)
    _ensure_day(facts)
    if meeting is not None:
        _ensure_could_decide(found, meeting, facts)
    elif facts.organisation is None:
        raise Refused(
            _("A decision made outside a meeting is bound to the organisation it is made for.")
        )
    if item is not None and (meeting is None or item.meeting_id != meeting.pk):
        raise Stale
    year = facts.decided_on.year
    taken = found.decisions.filter(year=year).values_list("serial", flat=True)
    decision = BodyDecision(
        body=found,
        meeting=meeting,
        item=item,
        year=year,
        serial=rules.next_serial(set(taken)),
        recorded_by=actor,
        **vars(facts),
    )
    with operation("decision.record", actor=actor_of(actor), subject=decision.public_id):
        decision.save()
    return decision


def _ensure_day(facts: DecisionFacts) -> None:
    if facts.decided_on > timezone.localdate():
        raise Refused(_("The day cannot lie in the future. Nothing was kept."))
    if facts.follow_up_on is not None and facts.follow_up_on < facts.decided_on:
        raise Refused(_("It cannot be followed up before it was decided."))


def _ensure_could_decide(body: Body, meeting: Meeting, facts: DecisionFacts) -> None:
    found = Meeting.objects.select_for_update(of=("self",), no_key=True).get(
        pk=meeting.pk, body=body
    )
    if found.state != Meeting.State.HELD:
        raise NotYetHeld
    if facts.decided_on != timezone.localdate(found.starts_at):
        raise Refused(_("A decision of a meeting has the meeting's day."))
    taken = seats_taken(found)
    held = rules_on(body, facts.decided_on)
    quorum = held.quorum if held else 0
    if not rules.may_decide(taken, quorum):
        raise TooFew(rules.voters(taken), quorum)
    if not rules.votes_fit(taken, facts.votes_for, facts.votes_against):
        raise TooManyVotes


def seats_taken(meeting: Meeting) -> list[SeatTaken]:
    """How the seats were taken, with whether they vote."""
    return [
        SeatTaken(row.seat.votes, row.presence) for row in meeting.attendance.select_related("seat")
    ]


@dataclass(frozen=True)
class Correction:
    """What may be put right of a recorded decision; its number and body never change."""

    title: str
    text: str
    record_number: str
    organisation: Organisation | None
    responsible: Role
    follow_up_on: datetime.date | None


def edition(decision: BodyDecision) -> int:
    """How many states the decision has had: what a page shows, so that a later save can tell."""
    states: int = BodyDecision.history.filter(id=decision.pk).count()
    return states


@transaction.atomic
def correct(
    *, decision: BodyDecision, facts: Correction, seen: int, reason: str, actor: User
) -> BodyDecision:
    """Put a recorded decision right; the earlier words and the reason stay to be read.

    The database refuses other words without a reason as well.

    :param seen: the edition that the page showed.
    :raises Stale: when somebody else has changed it since.
    """
    ensure_manages(actor)
    if not says(reason):
        raise ReasonNeeded
    found = _locked(decision)
    if edition(found) != seen:
        raise Stale
    if facts.follow_up_on is not None and facts.follow_up_on < found.decided_on:
        raise Refused(_("It cannot be followed up before it was decided."))
    if found.meeting_id is None and facts.organisation is None:
        raise Refused(
            _("A decision made outside a meeting is bound to the organisation it is made for.")
        )
    for name, value in vars(facts).items():
        setattr(found, name, value)
    with operation(
        "decision.correct", actor=actor_of(actor), reason=reason.strip(), subject=found.public_id
    ):
        found.save(update_fields=list(vars(facts)))
    return found


@transaction.atomic
def follow_up(
    *, decision: BodyDecision, on: datetime.date, result: str, actor: User
) -> BodyDecision:
    """Note what became of it; said once."""
    ensure_manages(actor)
    found = _locked(decision)
    if found.followed_up_on is not None:
        raise Stale
    if not says(result):
        raise Refused(_("Write what became of the decision."))
    if not found.decided_on <= on <= timezone.localdate():
        raise Refused(_("Choose a day from the decision's until today."))
    found.followed_up_on, found.result = on, result.strip()
    with operation("decision.follow_up", actor=actor_of(actor), subject=found.public_id):
        found.save(update_fields=["followed_up_on", "result"])
    return found


def _locked(decision: BodyDecision) -> BodyDecision:
    return (
        BodyDecision.objects.select_for_update(of=("self",))
        .select_related("body")
        .get(pk=decision.pk)
    )
