"""The demo, with one thing of each kind that belongs to Farsta."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from cms.models import ContactMessage
from core.jobs.work import ask_for
from forms_app.models import StoredFile
from forms_app.resume import token_of
from people.models import Organisation, Person, RoleAssignment, User
from programme.actions import nominate
from programme.attendance.checking import personal_code_of
from programme.case_types import actions as case_types
from programme.models import (
    Absence,
    AbsenceList,
    AdaptationNeed,
    CalendarFeed,
    Category,
    Correction,
    CountedTime,
    Course,
    Evidence,
    Group,
    HourRules,
    ImportBatch,
    Invitation,
    Month,
    NominationKind,
    Occasion,
    Participation,
    Place,
    ReportRow,
    Venue,
    Wave,
)
from programme.occasions.feeds import token_of as calendar_token
from reports.certificates.content import Facts, content_of
from reports.models import Certificate, ScbFile
from reports.scb.actions import mapping_for
from tests.permissions import documents
from workflows.actions import delegation
from workflows.models import Case, Mailing, Message, MessageRule

ACCOUNTS = {
    "own participant": "deltagare.farsta@example.org",
    "other participant": "deltagare.bromma@example.org",
    "own manager": "chef.farsta@example.org",
    "other manager": "chef.bromma@example.org",
    "own head": "avdelningschef.farsta@example.org",
    "other head": "avdelningschef.bromma@example.org",
    "project leader": "projektledare@example.org",
    "administrator": "administrator@example.org",
    "economist": "ekonom@example.org",
    "communicator": "kommunikator@example.org",
    "steering group": "styrgrupp@example.org",
    "auditor": "revisor@example.org",
    "trainer": "utbildare@example.org",
}


@dataclass(frozen=True)
class Scene:
    """The people who knock, and what stands in the addresses they try."""

    users: dict[str, User | None]
    # By the name of the address, or under "" for every address.
    values: dict[str, dict[str, object]]

    def values_for(self, name: str) -> dict[str, object]:
        """What fills the address of that name."""
        return {**self.values[""], **self.values.get(name, {})}


@contextmanager
def built() -> Iterator[Scene]:
    """The scene in a transaction of its own, which is never committed."""
    with transaction.atomic():
        call_command("demo", scale=0, verbosity=0, stdout=StringIO())
        with operation("test.scene"):
            scene = _scene()
        yield scene
        transaction.set_rollback(True)


def _scene() -> Scene:
    users: dict[str, User | None] = {"anonymous": None}
    users |= {name: User.objects.get(email=email) for name, email in ACCOUNTS.items()}
    chef = users["own manager"]
    assert chef is not None
    users["deactivated"] = User.objects.create_user("gone@example.org", "demo", is_active=False)
    users["superuser"] = User.objects.create_superuser("root@example.org", "demo")

    place = Place.objects.filter(
        state=Place.State.OFFERED, nomination__person__user=users["own participant"]
    ).select_related("nomination")[0]

    wave = Wave.objects.get(number=1)
    kind = NominationKind.objects.get(key="medarbetare", programme=wave.programme)
    draft = nominate.start(wave=wave, kind=kind, actor=chef)
    batch = ImportBatch.objects.create(
        owner=chef, wave=wave, kind=kind, version=draft.version, file_name="a.csv", sha256="0" * 64
    )
    file = StoredFile.objects.create(
        owner=chef,
        draft=draft,
        field_key="bilaga",
        name="a.txt",
        content_type="text/plain",
        size=1,
        sha256="0" * 64,
        path=storages["private"].save("a.txt", ContentFile(b"x")),
    )
    case = Case.objects.filter(initiator=chef, state=Case.State.WAITING)[0]
    returned = Case.objects.filter(initiator=chef, state=Case.State.RETURNED)[0]
    message = Message.objects.create(
        recipient=chef,
        address=chef.email,
        kind="test",
        dedupe_key="test",
        subject="Hej",
        body="Hej",
        state=Message.State.SENT,
        sent_at=timezone.now(),
    )
    held = RoleAssignment.objects.filter(user=chef)[0]
    head, other_head = users["own head"], users["other head"]
    assert head is not None
    assert other_head is not None
    deputy = delegation.add(
        giver=head,
        deputy=other_head,
        valid_from=timezone.localdate(),
        valid_to=timezone.localdate(),
        reason="semester",
        case_kind="finns-inte",
        actor=head,
    )
    cost = _cost(users["economist"])
    taking = _taking(place.nomination.person, wave)
    dated = _occasion(wave, place.nomination.person, users["trainer"])
    report = _report(str(dated["occasion"]), users["trainer"])
    documents_of = documents.values()
    values: dict[str, dict[str, object]] = {
        "": {
            "reference": case.reference,
            "draft": draft.public_id,
            "step": draft.current_step,
            "batch": batch.public_id,
            "nomination": place.nomination.public_id,
            "place": place.public_id,
            "wave": wave.public_id,
            "kind": kind.key,
            "extension": "csv",
            "public_id": chef.public_id,
            **taking,
            **_group(wave),
            **dated,
            **documents_of[""],
        },
        **{name: each for name, each in documents_of.items() if name},
        "programme:complete": {"reference": returned.reference},
        "attendance:report": report,
        "attendance:report_confirm": report,
        "attendance:decide": report,
        "attendance:evidence": report,
        "attendance:merge": {"person": _named().public_id},
        "attendance:personal": {
            "code": personal_code_of(place.nomination.person, timezone.localdate())
        },
        "cms:message": {"public_id": _visitor()},
        "certificates:month": {"month": f"{wave.programme.starts_on:%Y-%m}"},
        "certificates:issue": {"month": f"{wave.programme.starts_on:%Y-%m}"},
        "certificates:month_pdf": {"month": f"{wave.programme.starts_on:%Y-%m}"},
        **_months(place.nomination.person, str(dated["occasion"]), users["economist"]),
        **_office(place.nomination.person, users["economist"]),
        "case_types:begin": {"key": "kostnad"},
        "case_types:wizard": cost,
        "case_types:discard": cost,
        "case_types:receipt": cost,
        "case_types:complete": cost,
        "people:end_role": {"public_id": held.public_id},
        "forms_app:file": {"public_id": file.public_id},
        "forms_app:printout": {"public_id": case.nomination.submission.public_id},
        "forms_app:printout_pdf": {"public_id": case.nomination.submission.public_id},
        "forms_app:resume": {"token": token_of(draft)},
        "occasions:feed": {"token": _calendar(place.nomination.person)},
        "workflows:end_deputy": {"public_id": deputy.public_id},
        "workflows:mail_message": {"public_id": message.public_id},
        "workflows:message_text": {"kind": "case.waiting"},
        "workflows:message_rule_new": {"audience": "occasion_no_answer"},
        "workflows:message_rule_end": {"public_id": MessageRule.objects.get().public_id},
        **{
            f"workflows:{name}": {"public_id": Mailing.objects.get().public_id}
            for name in ("mailing", "mailing_change", "mailing_retry")
        },
    }
    return Scene(users, values)


def _visitor() -> str:
    """What a visitor has written on the contact page."""
    message = ContactMessage.objects.create(
        subject=ContactMessage.Subject.QUESTION,
        text="När börjar nästa omgång?",
        language="sv",
        keep_until=timezone.localdate(),
    )
    return str(message.public_id)


def _group(wave: Wave) -> dict[str, object]:
    """A group of Farsta's, with its course and the course's first learning unit."""
    course = Course.objects.get(programme=wave.programme, key="serie")
    group = Group.objects.create(
        course=course,
        wave=wave,
        district=Organisation.objects.get(code="farsta"),
        name="Grupp i Farsta",
        seats=20,
    )
    return {
        "group": group.public_id,
        "course": course.public_id,
        "unit": course.units.get(number=1).public_id,
    }


def _occasion(wave: Wave, person: Person, trainer: User | None) -> dict[str, object]:
    """An online occasion of Farsta's that is about to start, and what goes with it."""
    assert trainer is not None
    farsta = Organisation.objects.get(code="farsta")
    start = timezone.now() + timedelta(minutes=5)
    occasion = Occasion.objects.create(
        programme=wave.programme,
        title="Samtal",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        district=farsta,
        online=True,
        join_address="https://mote.example/rum",
    )
    occasion.trainers.add(trainer)
    invitation = Invitation.objects.create(occasion=occasion, person=person)
    venue = Venue.objects.create(name="Lokalen", address="Torget", district=farsta, capacity=20)
    need = AdaptationNeed.objects.create(person=person, text="Hörslinga")
    return {
        "occasion": occasion.public_id,
        "invitation": invitation.public_id,
        "venue": venue.public_id,
        "need": need.public_id,
    }


def _report(occasion: str, trainer: User | None) -> dict[str, object]:
    """A meeting report of the occasion, with a row that waits for a decision."""
    assert trainer is not None
    found = Occasion.objects.get(public_id=occasion)
    evidence = Evidence.objects.create(
        occasion=found,
        kind=Evidence.Kind.MEETING_REPORT,
        name="rapport.csv",
        content=b"x",
        digest="0" * 64,
        summary={"state": "counted", "service": "Teams", "rows": 1, "unused": []},
        received_by=trainer,
    )
    row = ReportRow.objects.create(
        evidence=evidence,
        number=9,
        shown_name="Gäst",
        joined_at=found.starts_at,
        left_at=found.ends_at,
    )
    return {"evidence": evidence.public_id, "row": row.public_id}


def _named() -> Person:
    """Someone written down in Farsta by name only."""
    farsta = Organisation.objects.get(code="farsta")
    return Person.objects.create(first_name="Kim", last_name="Okänd", unit=farsta, temporary=True)


def _calendar(person: Person) -> str:
    """What stands in the secret address of the person's calendar."""
    return calendar_token(CalendarFeed.objects.create(person=person))


def _taking(person: Person, wave: Wave) -> dict[str, object]:
    """The own participant's course, and a certificate of it in a month that is locked."""
    course = Course.objects.get(programme=wave.programme, key="serie")
    participation = Participation.objects.filter(person=person, course=course).exclude(
        state=Participation.State.DROPPED
    ).first() or Participation.objects.create(
        person=person,
        course=course,
        category=Category.objects.get(programme=wave.programme, key="medarbetare"),
        unit=person.unit,
        district=Organisation.objects.get(code="farsta"),
        admitted_on=timezone.localdate(),
    )
    month, _new = Month.objects.update_or_create(
        programme=wave.programme,
        first_day=wave.programme.starts_on.replace(day=1),
        defaults={"state": Month.State.LOCKED},
    )
    certificate = Certificate(
        kind=Certificate.Kind.MONTH,
        person=person,
        month=month,
        course_name=course.name,
        issued_at=timezone.now(),
    )
    facts = Facts("month", "Namn", "", "", "", "", "", course.name, f"{month.first_day}", ())
    certificate.content = content_of(facts, code=certificate.public_id, issued_on="2026-01-01")
    certificate.save()
    return {
        "participation": participation.public_id,
        "certificate": certificate.public_id,
    }


def _months(person: Person, occasion: str, economist: User | None) -> dict[str, dict[str, object]]:
    """Counted time, a correction and a file of the programme's first month, which is locked."""
    assert economist is not None
    found = Occasion.objects.get(public_id=occasion)
    programme = found.programme
    month = Month.objects.get(programme=programme, first_day=programme.starts_on.replace(day=1))
    counted, _new = CountedTime.objects.get_or_create(
        occasion=found,
        person=person,
        current=True,
        defaults={
            "day": month.first_day,
            "rules": HourRules.objects.filter(programme=programme)[0],
            "minutes": 0,
            "planned_minutes": 0,
            "inputs_digest": "0" * 64,
        },
    )
    correction = Correction.objects.create(
        month=month,
        occasion=found,
        person=person,
        minutes_before=0,
        minutes_after=0,
        reason="test",
        proposed_by=economist,
    )
    file = ScbFile.objects.create(
        month=month,
        version=99,
        mapping=mapping_for(programme, month.first_day),
        rows=0,
        minutes=0,
        hours_hundredths=0,
        lines_digest="0" * 64,
        csv_digest="0" * 64,
        xlsx_digest="0" * 64,
        made_by=economist,
    )
    values: dict[str, object] = {
        "month": f"{month.first_day:%Y-%m}",
        "person": person.public_id,
        "occasion": occasion,
        "counted": counted.public_id,
        "correction": correction.public_id,
        "version": file.version,
    }
    names = ("month", "check", "lock", "remind", "person", "paper", "propose", "correction")
    months = {f"months:{name}": values for name in (*names, "counted", "my_month")}
    return months | {f"scb:{name}": values for name in ("month", "sent", "reconcile", "download")}


def _office(person: Person, economist: User | None) -> dict[str, dict[str, object]]:
    """A setting, and the economist's own job and list of absences."""
    assert economist is not None
    job = ask_for(kind="test", title="Räkna om", owner=f"user:{economist.pk}")
    taken = AbsenceList.objects.create(owner=economist, file_name="a.csv", sha256="0" * 64)
    today = timezone.localdate()
    absence = Absence.objects.create(
        person=person, first_day=today, last_day=today, percent=100, source=taken
    )
    setting = {"kind": "varde", "key": "group_size", "row": 1}
    return {
        "jobs:job": {"job": job.public_id},
        "jobs:stop": {"job": job.public_id},
        "dated:subject": setting,
        "dated:take_back": setting,
        "economy:month": {"month": f"{today:%Y-%m}"},
        "absences:preview": {"batch": taken.public_id},
        "absences:confirm": {"batch": taken.public_id},
        "absences:set_aside": {"absence": absence.public_id},
    }


def _cost(economist: User | None) -> dict[str, object]:
    """A cost that has been returned to the economist, and another one still being written."""
    assert economist is not None
    owner = Organisation.objects.get(code="stockholms-kommun")
    draft = case_types.start(key="kostnad", place=owner, actor=economist)
    case = Case.objects.filter(initiator=economist, state=Case.State.RETURNED, kind="kostnad")[0]
    return {
        "key": "kostnad",
        "draft": draft.public_id,
        "step": draft.current_step,
        "reference": case.reference,
    }
