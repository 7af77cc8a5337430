"""The list on paper: printed to be signed, and the scan of it kept as evidence."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.operations import operation
from core import pdf
from forms_app.files import FileRefused, check_file
from people.access import actor_of
from people.display import name_of
from people.models import User
from programme.attendance import access, queries, rules
from programme.attendance.errors import PaperRefused
from programme.attendance.marking import write_marks
from programme.hours.actions import recount
from programme.models import Booking, Evidence, Invitation, Occasion, Segment

LANGUAGE = "sv"
EMPTY_LINES = 4
EXTENSIONS = ("pdf", "jpg", "png")


def printed(occasion: Occasion, viewer: User) -> bytes:
    """The occasion's list as PDF/UA, with a line for each to sign and some for others."""
    with override(LANGUAGE):
        return pdf.render("attendance", _values(occasion, viewer), made_at=timezone.now())


def _values(occasion: Occasion, viewer: User) -> dict[str, Any]:
    starts, ends = timezone.localtime(occasion.starts_at), timezone.localtime(occasion.ends_at)
    when = f"{starts:%Y-%m-%d} kl. {starts.hour}.{starts:%M}–{ends.hour}.{ends:%M}"
    booking = (
        Booking.objects.filter(occasion=occasion, cancelled_at__isnull=True)
        .select_related("venue")
        .first()
    )
    trainers = ", ".join(user.get_full_name() for user in occasion.trainers.all())
    facts = [
        (_("Occasion"), occasion.title),
        (_("Time"), when),
        (_("Group"), occasion.group.name if occasion.group else ""),
        (_("Venue"), f"{booking.venue.name}, {booking.venue.address}" if booking else ""),
        (_("Trainer"), trainers),
    ]
    seats = sorted(queries.roster(occasion), key=lambda seat: seat.said_no)
    absent = sum(seat.said_no for seat in seats)
    # A list that somebody who only teaches prints has the column for writing by hand.
    units = access.sees_more_than_names(viewer, occasion)
    if absent:
        facts.append(
            (
                _("Expected"),
                _("%(n)s of %(all)s; those who have said that they cannot come stand last")
                % {"n": len(seats) - absent, "all": len(seats)},
            )
        )
    return {
        "language": LANGUAGE,
        "title": f"{_('Attendance list')} – {occasion.title}",
        "heading": _("Attendance list"),
        "author": str(settings.WAGTAIL_SITE_NAME),
        "keywords": occasion.public_id,
        "running": f"{occasion.title} · {when}",
        "foot": [
            _("Written by hand, scanned and kept with the occasion in the portal."),
            _("Occasion %(id)s") % {"id": occasion.public_id},
        ],
        "page-word": _("Page"),
        "of-word": _("of"),
        "emblem-alt": _("Co-funded by the European Union"),
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "head": [_("Name"), _("Workplace"), _("In"), _("Out"), _("Signature")],
        "rows": [[name_of(seat.person, viewer), _workplace(seat, units)] for seat in seats],
        "others": _("Others who took part"),
        "empty": EMPTY_LINES,
        "certify": _("I certify that those who have signed were there."),
        "sign-date": _("Place and date"),
        "sign-name": _("The trainer's signature and name in clear"),
    }


def _workplace(seat: queries.Seat, units: bool) -> str:
    """Where the person works; for whoever has said no, that."""
    if seat.said_no:
        return _("Has said: cannot come")
    return seat.person.unit.name if units and not seat.person.temporary else ""


@dataclass(frozen=True)
class Signed:
    """Someone who signed, with the times written on the paper if there are any."""

    began: datetime.datetime | None = None
    ended: datetime.datetime | None = None


@transaction.atomic
def receive(
    *,
    occasion_id: int,
    name: str,
    file: BinaryIO,
    signed: Mapping[str, Signed],
    actor: User,
) -> Evidence:
    """Keep the scanned list, and write a time present for each who signed it.

    Without times on the paper the whole occasion counts, as the trainer certifies.

    :param signed: by the person's public id.
    :raises PaperRefused: not a PDF or a picture, the same file twice, or nobody signed.
    """
    occasion = access.lock_open(occasion_id)
    access.ensure_marks(actor, occasion)
    if timezone.now() < occasion.starts_at:
        raise PaperRefused(_("The occasion has not begun. Nothing was saved."))
    persons = _listed(occasion, signed)
    content, cleaned = _checked(occasion, name, file)
    digest = hashlib.sha256(content).hexdigest()
    if Evidence.objects.filter(occasion=occasion, digest=digest).exists():
        raise PaperRefused(_("The same file is kept already. Nothing was saved."))
    with operation("attendance.receive_list", actor=actor_of(actor), subject=occasion.public_id):
        evidence = Evidence.objects.create(
            occasion=occasion,
            kind=Evidence.Kind.SIGNED_LIST,
            name=cleaned,
            content=content,
            digest=digest,
            summary={"state": "counted", "signed": sorted(signed)},
            received_by=actor,
        )
        _write(occasion, evidence, {pk: signed[key] for key, pk in persons.items()}, actor)
    return evidence


def _listed(occasion: Occasion, signed: Mapping[str, Signed]) -> dict[str, int]:
    invited = Invitation.objects.filter(
        occasion=occasion, withdrawn_at__isnull=True, person__public_id__in=list(signed)
    )
    persons = dict(invited.values_list("person__public_id", "person_id"))
    if not persons:
        raise PaperRefused(_("Tick those who have signed. Nothing was saved."))
    if len(persons) < len(signed):
        raise PaperRefused(
            _("Someone you ticked is no longer on the list. Look again. Nothing was saved.")
        )
    for one in signed.values():
        began, ended = one.began or occasion.starts_at, one.ended or occasion.ends_at
        if ended <= began or began >= occasion.ends_at or ended <= occasion.starts_at:
            raise PaperRefused(
                _("A time out is before its time in, or outside the occasion. Nothing was saved.")
            )
    return persons


def _checked(occasion: Occasion, name: str, file: BinaryIO) -> tuple[bytes, str]:
    file.seek(0)
    try:
        accepted = check_file(
            name,
            file,
            extensions=EXTENSIONS,
            megabytes=queries.number_setting(occasion, "evidence_megabytes"),
        )
    except FileRefused as error:
        raise PaperRefused(error.message) from None
    return accepted.content, accepted.name


def _write(
    occasion: Occasion, evidence: Evidence, signed: Mapping[int, Signed], actor: User
) -> None:
    Segment.objects.bulk_create(
        [
            Segment(
                occasion=occasion,
                person_id=person,
                began_at=one.began or occasion.starts_at,
                ended_at=one.ended or occasion.ends_at,
                source=Segment.Source.PAPER,
                evidence=evidence,
                recorded_by=actor,
            )
            for person, one in signed.items()
        ]
    )
    marks = dict.fromkeys(signed, (rules.PRESENT, ""))
    write_marks(occasion, marks, actor=actor, now=timezone.now())
    recount(occasion_ids=[occasion.pk], person_ids=sorted(signed))
