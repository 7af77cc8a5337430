"""Meeting reports: received as they are, shown, and counted when someone has confirmed (4.4–4.6)."""

import datetime
import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import Person, User
from people.ordering import by_name
from programme.attendance import access, queries, rules
from programme.attendance.errors import DecisionRefused, ReportRefused
from programme.attendance.marking import write_marks
from programme.attendance.meeting import matching, reader
from programme.hours.actions import recount
from programme.models import Attendance, Evidence, Invitation, Occasion, ReportRow, Segment

CHUNK = 64 * 1024
RECEIVED, COUNTED, TAKEN_BACK = "received", "counted", "taken_back"


def state_of(evidence: Evidence) -> str:
    """Whether a report is received, counted or taken back."""
    return str(evidence.summary.get("state"))


def read(file: BinaryIO, occasion: Occasion) -> reader.Report:
    """The report, if it is one and of this meeting; writes nothing.

    :raises ReportRefused: with the words for the user.
    """
    day = timezone.localdate(occasion.starts_at)
    report = reader.read(
        file,
        day=day,
        zone=queries.ZONE(),
        most=queries.number_setting(occasion, "report_rows_most"),
    )
    if not any(_overlaps(row, occasion) for row in report.rows):
        first = min(row.joined_at for row in report.rows)
        raise ReportRefused(
            _(
                "The report is of another meeting: it begins %(first)s, and nobody in it was there"
                " during this occasion. Choose the report of this occasion. Nothing was saved."
            )
            % {"first": f"{first:%Y-%m-%d} kl. {first.hour}.{first:%M}"}
        )
    return report


def _overlaps(row: reader.Joined | ReportRow, occasion: Occasion) -> bool:
    return row.joined_at < occasion.ends_at and row.left_at > occasion.starts_at


def of_another_day(row: reader.Joined | ReportRow, occasion: Occasion) -> bool:
    """Whether the row begins another day than the occasion and has none of its time."""
    day = timezone.localdate(occasion.starts_at)
    return timezone.localdate(row.joined_at) != day and not _overlaps(row, occasion)


def was_outside(row: ReportRow, occasion: Occasion) -> bool:
    """Whether the report itself says that the row has none of the occasion's time.

    A meeting that recurs has all its days in one report; the other days' rows are
    kept as they stood, but are nobody's attendance here.
    """
    ignored = row.how == ReportRow.How.IGNORED and row.decided_at is None
    return ignored and not _overlaps(row, occasion)


@transaction.atomic
def receive(*, occasion_id: int, name: str, file: BinaryIO, actor: User) -> Evidence:
    """Keep a report byte for byte with what was understood of it; nothing is counted yet.

    A report that was received before and is not counted is the same one again.

    :raises ReportRefused: too large, not a report, of another meeting, before the occasion, or
        counted already.
    """
    occasion = access.lock_open(occasion_id)
    access.ensure_marks(actor, occasion)
    _ensure_begun(occasion)
    digest = digest_of(file, occasion)
    existing = Evidence.objects.filter(occasion=occasion, digest=digest).first()
    if existing is not None:
        if state_of(existing) != COUNTED:
            return existing
        raise ReportRefused(_already(existing))
    # Read line by line before it is held in memory: a file with too many rows never is.
    report = read(file, occasion)
    file.seek(0)
    content = file.read()
    with operation("attendance.receive_report", actor=actor_of(actor), subject=occasion.public_id):
        return Evidence.objects.create(
            occasion=occasion,
            kind=Evidence.Kind.MEETING_REPORT,
            name=name[-120:],
            content=content,
            digest=digest,
            summary={
                "state": RECEIVED,
                "service": report.service,
                "rows": len(report.rows),
                "time_zone": str(queries.ZONE()),
                "days_chosen": report.days_chosen,
                "unused": [[number, name] for number, name in report.unused],
                "backwards": [[number, name] for number, name in report.backwards],
            },
            received_by=actor,
        )


def _ensure_begun(occasion: Occasion) -> None:
    """Nobody has been at what is still to come, whatever a file says (a wrong year, most often)."""
    minutes = queries.number_setting(occasion, "check_in_minutes_before")
    if timezone.now() < occasion.starts_at - datetime.timedelta(minutes=minutes):
        raise ReportRefused(
            _("The occasion has not begun, so there is no report of it yet. Nothing was saved.")
        )


def digest_of(file: BinaryIO, occasion: Occasion) -> str:
    """SHA-256 of the file, unless it is empty or larger than it may be.

    :raises ReportRefused: after reading no further than the limit.
    """
    most = queries.number_setting(occasion, "evidence_megabytes")
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while part := file.read(CHUNK):
        size += len(part)
        if size > most * 1024 * 1024:
            raise ReportRefused(
                _("The file is larger than %(most)d MB. Nothing was saved.") % {"most": most}
            )
        digest.update(part)
    if not size:
        raise ReportRefused(_("The file is empty. Nothing was saved."))
    return digest.hexdigest()


def _already(evidence: Evidence) -> str:
    received = timezone.localtime(evidence.received_at)
    return _("The same file was read %(when)s. It is counted once; nothing was changed.") % {
        "when": f"{received:%Y-%m-%d} kl. {received.hour}.{received:%M}"
    }


def register_of(occasion: Occasion) -> matching.Register:
    """Everyone on the list with token and addresses; one query."""
    rows = Invitation.objects.filter(occasion=occasion, withdrawn_at__isnull=True)
    return matching.Register(
        matching.Expected(person, token, (email or "", account or ""))
        for person, token, email, account in rows.values_list(
            "person_id", "join_token", "person__email", "person__user__email"
        )
    )


@transaction.atomic
def confirm(*, evidence_id: int, actor: User, of_nobody_known: bool = False) -> Evidence:
    """Write the report's rows, and a time present for each that is matched; once.

    Of a report that was taken back the rows are written already, and only the times are new.

    :param of_nobody_known: the user has said that it is the right meeting although nobody in it
        is recognised: of another group's meeting at the same hours nothing else can be told.
    :raises ReportRefused: when it has been counted already, the occasion has not begun, or
        nobody in the report is recognised and that is not said to be right.
    """
    evidence = lock_report(evidence_id, actor)
    state = state_of(evidence)
    if state == COUNTED:
        raise ReportRefused(_already(evidence))
    occasion = evidence.occasion
    _ensure_begun(occasion)
    # What was decided of a report that was taken back stands when it is counted again.
    known = list(ReportRow.objects.filter(evidence=evidence)) if state == TAKEN_BACK else []
    rows = known or _report_rows(evidence, read_kept(evidence), register_of(occasion))
    if not of_nobody_known and not any(row.person_id for row in rows):
        raise ReportRefused(
            _(
                "Nobody in the report is on the list of this occasion. Tick that it is the right"
                " meeting, or choose another file. Nothing was counted."
            )
        )
    with operation("attendance.import_report", actor=actor_of(actor), subject=occasion.public_id):
        if not known:
            ReportRow.objects.bulk_create(rows)
        matched = [row for row in rows if row.person_id is not None]
        write_segments(evidence, matched, actor)
        evidence.summary = evidence.summary | {"state": COUNTED}
        evidence.save(update_fields=["summary"])
    return evidence


def lock_report(evidence_id: int, actor: User) -> Evidence:
    """The report with its occasion locked and its month open, for whoever may mark there."""
    at = Evidence.objects.values_list("occasion_id", flat=True).get(pk=evidence_id)
    occasion = access.lock_open(at)
    access.ensure_marks(actor, occasion)
    evidence = Evidence.objects.get(pk=evidence_id, kind=Evidence.Kind.MEETING_REPORT)
    evidence.occasion = occasion
    return evidence


def lock_counted(evidence_id: int, actor: User) -> Evidence:
    """The same, for whoever decides a row: of a report that is not counted no row is decided."""
    evidence = lock_report(evidence_id, actor)
    if state_of(evidence) != COUNTED:
        raise DecisionRefused(_("The report is taken back. Count it again first."))
    return evidence


def read_kept(evidence: Evidence) -> reader.Report:
    """The report read anew from the bytes that were kept."""

    return read(io.BytesIO(bytes(evidence.content)), evidence.occasion)


def _trainers_of(occasion: Occasion) -> frozenset[str]:
    """The addresses of the occasion's own trainers, who are in every report; one query."""
    found = occasion.trainers.values_list("email", flat=True)
    return frozenset(email.lower() for email in found if email)


def _report_rows(
    evidence: Evidence, report: reader.Report, register: matching.Register
) -> list[ReportRow]:
    rows = []
    trainers = _trainers_of(evidence.occasion)
    for each in report.rows:
        row = ReportRow(
            evidence=evidence,
            number=each.number,
            shown_name=each.name,
            shown_email=each.email,
            joined_at=each.joined_at,
            left_at=each.left_at,
        )
        found = register.find(email=each.email, cells=each.cells)
        if each.in_waiting_room:
            row.how = ReportRow.How.IGNORED
            row.reason = _("Was in the waiting room, not in the meeting.")
        elif not _overlaps(each, evidence.occasion):
            row.how = ReportRow.How.IGNORED
            row.reason = (
                _("Another day.")
                if of_another_day(each, evidence.occasion)
                else _("Not during the occasion.")
            )
        elif found is not None:
            row.person_id, row.how = found
        elif each.email.lower() in trainers:
            row.how = ReportRow.How.IGNORED
            row.reason = _("Trainer of the occasion.")
        rows.append(row)
    return rows


def write_segments(evidence: Evidence, rows: Sequence[ReportRow], actor: User) -> None:
    """A time present for each row, the persons marked as present, their hours counted."""
    if not rows:
        return
    occasion, now = evidence.occasion, timezone.now()
    of_persons = [(row, row.person_id) for row in rows if row.person_id is not None]
    Segment.objects.bulk_create(
        [
            Segment(
                occasion=occasion,
                person_id=person,
                began_at=row.joined_at,
                ended_at=row.left_at,
                source=Segment.Source.REPORT,
                report_row=row,
                evidence=evidence,
                recorded_by=actor,
            )
            for row, person in of_persons
        ]
    )
    persons = {person for _row, person in of_persons}
    _mark_present(occasion, persons, actor, now)
    recount(occasion_ids=[occasion.pk], person_ids=sorted(persons))


def _mark_present(
    occasion: Occasion, persons: set[int], actor: User, now: datetime.datetime
) -> None:
    """Who was in the meeting and is not marked is present; a mark that staff made stays."""
    marked = set(
        Attendance.objects.filter(occasion=occasion, person__in=persons)
        .exclude(mark="")
        .values_list("person_id", flat=True)
    )
    marks = dict.fromkeys(persons - marked, (rules.PRESENT, ""))
    write_marks(occasion, marks, actor=actor, now=now)


def missing_from(occasion: Occasion, rows: Iterable[ReportRow]) -> list[Invitation]:
    """Those on the list whom no row of the report is matched to, in order of names; one query."""
    there = {row.person_id for row in rows if row.person_id is not None}
    return list(
        Invitation.objects.filter(occasion=occasion, withdrawn_at__isnull=True)
        .exclude(person__in=there)
        .select_related("person__unit")
        .order_by(*by_name("person__"), "pk")
    )


def preview(evidence: Evidence) -> list[ReportRow]:
    """The rows as they would be written, with their persons; nothing is saved."""
    rows = _report_rows(evidence, read_kept(evidence), register_of(evidence.occasion))
    persons = Person.objects.select_related("unit").in_bulk(
        [row.person_id for row in rows if row.person_id is not None]
    )
    for row in rows:
        if row.person_id is not None:
            row.person = persons[row.person_id]
    return rows
