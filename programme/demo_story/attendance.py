"""What happened at the occasions that are over: marks, times present and their evidence."""

import datetime
import hashlib
from collections.abc import Iterator

from people.models import User
from programme.demo_story.dating import as_dated, at
from programme.demo_story.groups import Stay
from programme.demo_story.ids import Ids
from programme.demo_story.occasions import Held
from programme.demo_story.plan import Presence
from programme.models import Attendance, Evidence, Invitation, Occasion, ReportRow, Segment

CHUNK = 2000
SOURCES = {
    "screen": Segment.Source.SCREEN_CODE,
    "paper": Segment.Source.PAPER,
    "report": Segment.Source.REPORT,
}
# Names of a meeting report that belong to nobody who was invited.
REPORT_HEAD = (
    "1. Sammanfattning",
    "Mötesrubrik\t{title}",
    "",
    "3. Aktiviteter under mötet",
    "Namn\tAnslutningstid\tTid för avslut\tVaraktighet\tE-post\tRoll",
)
STRANGERS = ("Konferensrum 4", "Gäst (telefon)")


def lay_attendance(held: list[Held], ids: Ids, today: datetime.date, importer: User) -> list[int]:
    """Attendance of every occasion before the day; returns those occasions' keys."""
    past = [
        one
        for one in held
        if one.plan.day < today and one.occasion.state != Occasion.State.CANCELLED
    ]
    with as_dated(Evidence, Segment):
        evidence = {one.occasion.pk: _evidence(one, ids, importer) for one in past}
        Evidence.objects.bulk_create(row for row in evidence.values() if row is not None)
        marks = (mark for one in past for mark in _marks(one, ids))
        Attendance.objects.bulk_create(marks, batch_size=CHUNK)
        rows, segments = [], []
        for one in past:
            for row, segment in _times(one, evidence[one.occasion.pk], ids, importer):
                segments.append(segment)
                if row is not None:
                    rows.append(row)
            rows += _strangers(one, evidence[one.occasion.pk], ids, importer, today)
        number = dict[int, int]()
        for row in rows:
            # The row of the file, whose first lines say what it is.
            row.number = number.get(row.evidence_id, len(REPORT_HEAD)) + 1
            number[row.evidence_id] = row.number
        ReportRow.objects.bulk_create(rows, batch_size=CHUNK)
        for segment in segments:
            segment.report_row = segment.report_row  # takes over the key it has just received
        Segment.objects.bulk_create(segments, batch_size=CHUNK)
    return [one.occasion.pk for one in past]


def _present(one: Held) -> Iterator[tuple[Stay, Invitation, Presence]]:
    for stay, invitation in one.expected:
        if invitation.withdrawn_at is None:
            yield stay, invitation, stay.plan.presences[one.plan.unit]


def _marks(one: Held, ids: Ids) -> Iterator[Attendance]:
    for stay, _, presence in _present(one):
        yield Attendance(
            public_id=ids.new(),
            occasion=one.occasion,
            person=stay.member.person,
            mark=presence.mark,
            note=presence.note,
            marked_by=one.trainer,
            marked_at=at(one.plan.day, one.plan.ends + 15),
        )


def _times(
    one: Held, evidence: Evidence | None, ids: Ids, importer: User
) -> Iterator[tuple[ReportRow | None, Segment]]:
    if one.plan.how == "list":
        return
    for stay, invitation, presence in _present(one):
        if presence.mark != "present":
            continue
        for came, left in _stretches(one, presence):
            row = None
            if one.plan.online and evidence is not None:
                row = _row(one, evidence, stay, invitation, came, left, ids)
            yield (
                row,
                Segment(
                    public_id=ids.new(),
                    occasion=one.occasion,
                    person=stay.member.person,
                    began_at=came,
                    ended_at=left,
                    source=SOURCES[one.plan.how],
                    report_row=row,
                    evidence=evidence,
                    device=hashlib.sha256(stay.member.person.email.encode()).hexdigest()[:32]
                    if one.plan.how == "screen"
                    else "",
                    recorded_by=_recorder(one, importer),
                    recorded_at=left
                    if one.plan.how == "screen"
                    else at(one.plan.day, one.plan.ends + 20),
                ),
            )


def _recorder(one: Held, importer: User) -> User | None:
    """Nobody for a check-in by code, the administrator for a report, the trainer for a list."""
    if one.plan.how == "screen":
        return None
    return importer if one.plan.online else one.trainer


def _stretches(
    one: Held, presence: Presence
) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    start = at(one.plan.day, one.plan.starts)
    # A signed list says the hours of the occasion; codes and reports say when.
    if one.plan.how == "paper":
        yield start, at(one.plan.day, one.plan.ends)
        return
    minute = datetime.timedelta(minutes=1)
    if one.plan.online and presence.away and presence.came < presence.away[0]:
        away, back = presence.away
        yield start + presence.came * minute, start + away * minute
        yield start + back * minute, start + presence.left * minute
        return
    yield start + presence.came * minute, start + presence.left * minute


def _row(
    one: Held,
    evidence: Evidence,
    stay: Stay,
    invitation: Invitation,
    came: datetime.datetime,
    left: datetime.datetime,
    ids: Ids,
) -> ReportRow:
    person = stay.member.person
    return ReportRow(
        public_id=ids.new(),
        evidence=evidence,
        number=0,
        shown_name=f"{person.first_name} {person.last_name}",
        shown_email=person.email,
        joined_at=came,
        left_at=left,
        how=ReportRow.How.EMAIL,
        person=person,
    )


def _strangers(
    one: Held, evidence: Evidence | None, ids: Ids, importer: User, today: datetime.date
) -> list[ReportRow]:
    """Rows that nobody was matched to: decided when the occasion is some days old."""
    if evidence is None or not one.plan.online:
        return []
    decided = one.plan.day + datetime.timedelta(days=5) < today
    return [
        ReportRow(
            public_id=ids.new(),
            evidence=evidence,
            number=0,
            shown_name=name,
            joined_at=one.occasion.starts_at,
            left_at=one.occasion.ends_at,
            how=ReportRow.How.IGNORED if decided else ReportRow.How.WAITING,
            decided_by=importer if decided else None,
            decided_at=at(one.plan.day + datetime.timedelta(days=3), 600) if decided else None,
            reason="Lokalens utrustning, ingen deltagare." if decided else "",
        )
        for name in STRANGERS
    ]


def _evidence(one: Held, ids: Ids, importer: User) -> Evidence | None:
    if one.plan.how not in ("paper", "report"):
        return None
    content = _report(one) if one.plan.online else _scan(one)
    return Evidence(
        public_id=ids.new(),
        occasion=one.occasion,
        kind=Evidence.Kind.MEETING_REPORT if one.plan.online else Evidence.Kind.SIGNED_LIST,
        name=f"{one.plan.day:%Y-%m-%d}-{'motesrapport.csv' if one.plan.online else 'lista.pdf'}",
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        summary=_summary(one),
        received_by=importer if one.plan.online else one.trainer,
        received_at=at(one.plan.day, one.plan.ends + 20),
    )


def _summary(one: Held) -> dict[str, object]:
    """What the reader keeps of a report or a list that has been counted."""
    there = [(stay, p) for stay, _, p in _present(one) if p.mark == "present"]
    if not one.plan.online:
        signed = sorted(stay.member.person.public_id for stay, _ in there)
        return {"state": "counted", "signed": signed}
    times = sum(len(list(_stretches(one, presence))) for _, presence in there)
    return {
        "state": "counted",
        "service": "Teams",
        "rows": times + len(STRANGERS),
        "time_zone": "Europe/Stockholm",
        "unused": [],
    }


def _report(one: Held) -> bytes:
    """The meeting report as Teams gives it: one line for each time someone joined."""
    lines = [line.replace("{title}", one.occasion.title) for line in REPORT_HEAD]
    for stay, _, presence in _present(one):
        if presence.mark == "present":
            person = stay.member.person
            lines += [
                f"{person.first_name} {person.last_name}\t{_span(came, left)}\t{person.email}\t"
                for came, left in _stretches(one, presence)
            ]
    start, end = one.occasion.starts_at, one.occasion.ends_at
    lines += [f"{name}\t{_span(start, end)}\t\t" for name in STRANGERS]
    return b"\xff\xfe" + "\r\n".join(lines).encode("utf-16-le")


def _span(came: datetime.datetime, left: datetime.datetime) -> str:
    hours, minutes = divmod(int((left - came).total_seconds()) // 60, 60)
    return f"{_text(came)}\t{_text(left)}\t{hours} tim {minutes} min"


def _text(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _scan(one: Held) -> bytes:
    """The smallest document that opens: what the scanner of a demo would have made."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n% " + one.occasion.public_id.encode() + b"\n%%EOF\n"
    )
