"""Checking in and out: by the code on the screen, or by the participant's own code (4.1–4.3)."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.models import new_public_id
from people.access import actor_of
from people.models import Person, User
from programme.attendance import access, codes, rules
from programme.attendance.errors import CodeRefused
from programme.attendance.marking import write_marks
from programme.hours.actions import recount
from programme.models import Attendance, Invitation, Occasion, Segment
from programme.queries import settings_on


@dataclass(frozen=True)
class Terms:
    """When codes of an occasion count, and for how long each."""

    opens: datetime.datetime
    closes: datetime.datetime
    step: int
    accepted: int
    finish: datetime.timedelta

    def open_at(self, moment: datetime.datetime) -> bool:
        """Whether check-in or check-out is possible."""
        return self.opens <= moment <= self.closes


def terms_of(occasion: Occasion) -> Terms:
    """The terms as decided for the occasion's day; reads ``occasion.programme``, one query."""
    values = settings_on(occasion.programme, timezone.localdate(occasion.starts_at))
    before = datetime.timedelta(minutes=int(values["check_in_minutes_before"]))
    after = datetime.timedelta(minutes=int(values["check_in_minutes_after"]))
    return Terms(
        opens=occasion.starts_at - before,
        closes=occasion.ends_at + after,
        step=int(values["check_in_step_seconds"]),
        accepted=int(values["check_in_steps_accepted"]),
        finish=datetime.timedelta(minutes=int(values["check_in_minutes_to_finish"])),
    )


def code_of(occasion: Occasion, terms: Terms, moment: datetime.datetime, back: int = 0) -> str:
    """The code that the screen shows at the moment, or so many steps before it."""
    return codes.screen_code(
        settings.SECRET_KEY,
        occasion=occasion.public_id,
        occasion_secret=occasion.check_in_secret,
        step=codes.step_of(moment, terms.step) - back,
    )


def find(code: str, moment: datetime.datetime) -> Occasion | None:
    """The occasion whose screen shows the code now, or showed it just before."""
    margin = datetime.timedelta(hours=4)
    near = Occasion.objects.standing().filter(
        starts_at__lt=moment + margin, ends_at__gt=moment - margin
    )
    wanted = codes.typed(code)
    for occasion in near.select_related("programme", "district"):
        terms = terms_of(occasion)
        if terms.open_at(moment) and any(
            codes.same(wanted, code_of(occasion, terms, moment, back))
            for back in range(terms.accepted + 1)
        ):
            return occasion
    return None


def personal_code_of(person: Person, day: datetime.date) -> str:
    """What the participant's phone shows that day."""
    return codes.personal_code(settings.SECRET_KEY, person=person.public_id, day=day)


def holder_of(code: str, occasion: Occasion) -> Person | None:
    """Who of the occasion's list shows the code today."""
    wanted, day = codes.typed(code), timezone.localdate()
    for invitation in Invitation.objects.filter(
        occasion=occasion, withdrawn_at__isnull=True
    ).select_related("person__unit"):
        if codes.same(wanted, personal_code_of(invitation.person, day)):
            return invitation.person
    return None


def inside(occasion: Occasion, person: Person) -> Segment | None:
    """The time present that goes on now."""
    return Segment.objects.filter(
        occasion=occasion, person=person, ended_at=None, voided_at=None
    ).first()


@transaction.atomic
def check_in(
    *,
    occasion_id: int,
    person_id: int,
    actor: User,
    source: str = Segment.Source.SCREEN_CODE,
    device: str = "",
    read_at: datetime.datetime | None = None,
) -> Segment:
    """Begin the person's time present; twice is once.

    :param device: digest of the device that did it.
    :param read_at: when the code was read; a check-out after that has used it up.
    :raises CodeRefused: too early, too late, or not on the list.
    """
    occasion = access.lock_open(occasion_id)
    now = timezone.now()
    _ensure_possible(occasion, person_id, actor, source, now)
    last = _last(occasion, person_id)
    if last is not None and last.ended_at is None:
        return last
    if last is not None and last.ended_at and read_at and last.ended_at >= read_at:
        raise CodeRefused(
            _("You checked out after you read the code. Read the code on the screen again.")
        )
    with operation("attendance.check_in", actor=actor_of(actor), subject=occasion.public_id):
        segment = Segment.objects.create(
            occasion=occasion,
            person_id=person_id,
            began_at=now,
            source=source,
            device=device,
            recorded_by=actor,
        )
        _mark_present(occasion, person_id, actor, now)
        recount(occasion_ids=[occasion.pk], person_ids=[person_id])
    return segment


def _last(occasion: Occasion, person_id: int) -> Segment | None:
    return (
        Segment.objects.filter(occasion=occasion, person=person_id, voided_at=None)
        .order_by("-began_at", "-pk")
        .first()
    )


def _mark_present(occasion: Occasion, person_id: int, actor: User, now: datetime.datetime) -> None:
    """Who is in the room is present, whatever was marked before; the history keeps that."""
    marked = Attendance.objects.filter(occasion=occasion, person=person_id).first()
    if marked is None or marked.mark != rules.PRESENT:
        note = marked.note if marked else ""
        write_marks(occasion, {person_id: (rules.PRESENT, note)}, actor=actor, now=now)


@transaction.atomic
def check_out(
    *,
    occasion_id: int,
    person_id: int,
    actor: User,
    source: str = Segment.Source.SCREEN_CODE,
) -> Segment:
    """End the person's time present; twice is once.

    :raises CodeRefused: too late, not on the list, or never checked in.
    """
    occasion = access.lock_open(occasion_id)
    now = timezone.now()
    _ensure_possible(occasion, person_id, actor, source, now)
    last = _last(occasion, person_id)
    if last is None:
        raise CodeRefused(_("You are not checked in, so there is nothing to check out from."))
    if last.ended_at is not None:
        return last
    with operation("attendance.check_out", actor=actor_of(actor), subject=occasion.public_id):
        last.ended_at = max(now, last.began_at)
        last.save(update_fields=["ended_at"])
        recount(occasion_ids=[occasion.pk], person_ids=[person_id])
    return last


def _ensure_possible(
    occasion: Occasion, person_id: int, actor: User, source: str, now: datetime.datetime
) -> None:
    if source == Segment.Source.PERSONAL_CODE:
        access.ensure_marks(actor, occasion)
    terms = terms_of(occasion)
    if not terms.open_at(now):
        opens, closes = timezone.localtime(terms.opens), timezone.localtime(terms.closes)
        raise CodeRefused(
            _("Check-in for this occasion is open %(day)s %(from)s–%(to)s. Nothing was recorded.")
            % {
                "day": opens.date().isoformat(),
                "from": f"{opens.hour}.{opens:%M}",
                "to": f"{closes.hour}.{closes:%M}",
            }
        )
    listed = Invitation.objects.filter(
        occasion=occasion, person=person_id, withdrawn_at__isnull=True
    )
    if not listed.exists():
        raise CodeRefused(
            _(
                "You are not on the list of “%(title)s”. Tell the trainer, who can write you down."
                " Nothing was recorded."
            )
            % {"title": occasion.title}
        )


@transaction.atomic
def renew_codes(*, occasion_id: int, actor: User) -> None:
    """Make every code that has been shown or photographed worthless."""
    occasion = access.lock(occasion_id)
    access.ensure_marks(actor, occasion)
    with operation("attendance.new_codes", actor=actor_of(actor), subject=occasion.public_id):
        occasion.check_in_secret = new_public_id()
        occasion.save(update_fields=["check_in_secret"])


def counted_inside(occasion: Occasion) -> tuple[int, int]:
    """How many have checked in and not out, and how many are expected; two queries."""
    now_inside = Segment.objects.filter(occasion=occasion, ended_at=None, voided_at=None)
    expected = Invitation.objects.filter(occasion=occasion, withdrawn_at__isnull=True)
    return now_inside.values("person").distinct().count(), expected.count()


def open_for(person: Person, moment: datetime.datetime) -> list[Occasion]:
    """The person's occasions that can be checked in to or out from right now."""
    margin = datetime.timedelta(hours=4)
    near = Occasion.objects.standing().filter(
        invitations__person=person,
        invitations__withdrawn_at__isnull=True,
        starts_at__lt=moment + margin,
        ends_at__gt=moment - margin,
    )
    return [one for one in near.select_related("programme") if terms_of(one).open_at(moment)]
