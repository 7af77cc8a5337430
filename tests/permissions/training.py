"""A group with its occasion, its report, a lecture and who takes part, for the scene."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from people.models import Organisation, Person, User
from programme.guests.links import token_of as guest_token
from programme.models import (
    AdaptationNeed,
    CalendarFeed,
    Category,
    Course,
    Evidence,
    Group,
    Guest,
    GuestList,
    Invitation,
    LearningUnit,
    LeavingReason,
    Lecture,
    LectureQuestion,
    Module,
    Month,
    Municipality,
    Occasion,
    Participation,
    PreparationPoint,
    Recording,
    Registration,
    ReportRow,
    SeatPlan,
    Venue,
    Wave,
)
from programme.occasions.feeds import token_of as calendar_token
from reports.certificates.content import Facts, content_of
from reports.models import Certificate


def group(wave: Wave) -> dict[str, object]:
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
        "module": Module.objects.filter(programme=wave.programme)[0].key,
        "point": PreparationPoint.objects.filter(programme=wave.programme)[0].pk,
        "leaving_reason": LeavingReason.objects.filter(programme=wave.programme)[0].key,
    }


def occasion(wave: Wave, person: Person, trainer: User | None) -> dict[str, object]:
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


def registered(wave: Wave, person: Person) -> dict[str, dict[str, object]]:
    """An event of Farsta's that the person is registered for, and a guest has asked to come to."""
    start = timezone.now() + timedelta(days=9)
    event = Occasion.objects.create(
        programme=wave.programme,
        kind=Occasion.Kind.EVENT,
        title="Spridning",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        district=Organisation.objects.get(code="farsta"),
        online=True,
    )
    times = {"opens_at": start - timedelta(days=30), "closes_at": start}
    plan = SeatPlan.objects.create(
        occasion=event, seats=5, change_until=start, last_order=1, **times
    )
    row = Registration.objects.create(
        plan=plan, person=person, state="registered", order=1, registered_at=timezone.now()
    )
    guest = Guest.objects.create(
        guest_list=GuestList.objects.create(occasion=event, seats=5, **times),
        name="Gäst",
        email="gast@example.org",
        municipality=Municipality.objects.all()[0],
        asked_at=timezone.now(),
    )
    values: dict[str, object] = {
        "occasion": event.public_id,
        "registration": row.public_id,
        "token": guest_token(guest),
    }
    registrations = (
        *("mine_one", "register", "leave", "accept", "decline", "substitute"),
        *("staff", "export", "plan", "add", "reorder", "remove", "give"),
    )
    guests = ("ask", "thanks", "calendar", "mine", "guests", "list", "count")
    return {f"registrations:{name}": values for name in registrations} | {
        f"guests:{name}": values for name in guests
    }


def lecture(wave: Wave, person: Person, maker: User | None) -> dict[str, object]:
    """A lecture with a recording in use, and a question that waits."""
    assert maker is not None
    unit = LearningUnit.objects.create(
        course=Course.objects.get(programme=wave.programme, key="forelasning"),
        number=99,
        title="Föreläsning",
        counts_once=True,
    )
    lecture = Lecture.objects.create(
        programme=wave.programme,
        unit=unit,
        summary="Kort",
        lecturer="Utredare",
        invited="Alla",
        principles=["equality"],
        state=Lecture.State.OPEN,
    )
    recording = Recording.objects.create(
        lecture=lecture,
        state=Recording.State.IN_USE,
        path=storages["private"].save("a.webm", ContentFile(b"x")),
        name="a.webm",
        content_type="video/webm",
        size=1,
        sha256="0" * 64,
        milliseconds=60_000,
        captions="WEBVTT",
        transcript="Text",
        uploaded_by=maker,
    )
    question = LectureQuestion.objects.create(lecture=lecture, person=person, text="Varför?")
    return {
        "lecture": lecture.public_id,
        "recording": recording.public_id,
        "question": question.public_id,
    }


def report(occasion: str, trainer: User | None) -> dict[str, object]:
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


def named() -> Person:
    """Someone written down in Farsta by name only."""
    farsta = Organisation.objects.get(code="farsta")
    return Person.objects.create(
        first_name="Kim", last_name="Okänd", unit=farsta, temporary=True, publicly_employed=False
    )


def calendar(person: Person) -> str:
    """What stands in the secret address of the person's calendar."""
    return calendar_token(CalendarFeed.objects.create(person=person))


def taking(person: Person, wave: Wave) -> dict[str, object]:
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
