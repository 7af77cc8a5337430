"""Six lectures for the demo: four with short films, two to come live, and those who followed.

Made through the same actions as everything else; the films lie in ``programme/data/lectures``
and are made by ``docs/films.py``. Adds nothing the second time.
"""

import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.operations import operation
from core.workdays import is_working_day
from people.demo import DOMAIN
from people.models import Person, User
from programme.hours.actions import recount
from programme.lectures import access, faces, making, voices, watching
from programme.lectures.access import ADMITTED
from programme.lectures.making import Facts, Words
from programme.models import (
    Invitation,
    Lecture,
    LectureTag,
    Material,
    Module,
    Occasion,
    Participation,
    Programme,
    Recording,
    Segment,
    Setting,
    Viewing,
)
from programme.setup import DATA, read

DECISION = "Styrgruppens beslut, påhittat för demon"
#: Of each recorded lecture: how much in per cent its viewers have watched.
SHARES = (100, 100, 96, 93, 100, 91, 60, 35, 100, 94, 12, 100)
VIEWERS = 30


@transaction.atomic
def build_lectures(today: datetime.date | None = None) -> None:
    """Everything, on the programme as it is laid."""
    programme = Programme.objects.order_by("pk").first()
    if programme is None or Lecture.objects.exists():
        return
    day = today or timezone.localdate()
    actor = User.objects.get(email=f"kommunikator@{DOMAIN}")
    facts = read("lectures")
    with operation("lecture.tags"):
        tags = _tags(programme, facts["tags"])
    with operation("setting.set"):
        Setting.objects.get_or_create(
            programme=programme,
            key="lecture_hours",
            valid_from=programme.starts_on,
            defaults={"value": watching.RECORDED, "decision": DECISION},
        )
    viewers = _viewers()
    for number, row in enumerate(facts["lectures"]):
        lecture = _lecture(programme, row, tags, actor)
        _plan(lecture, number, day, viewers)
        if row["film"]:
            recording = _record(lecture, row["key"], actor)
            if _before(day, 4) >= programme.starts_on:
                _follow(recording, viewers, number, day)
        _talk(lecture, row, viewers, actor)


def _tags(programme: Programme, facts: dict[str, list[str]]) -> dict[str, LectureTag]:
    return {
        name: LectureTag.objects.get_or_create(
            programme=programme, kind=kind, name=name, defaults={"order": order}
        )[0]
        for kind, names in facts.items()
        for order, name in enumerate(names)
    }


def _viewers() -> list[Person]:
    """Participants of several districts, always the same ones; those with accounts first."""
    taking = Participation.objects.filter(state__in=ADMITTED).values("person")
    persons = Person.objects.filter(pk__in=taking, merged_into=None, protected=False)
    return list(persons.order_by(F("user_id").asc(nulls_last=True), "pk")[:VIEWERS])


def _lecture(
    programme: Programme, row: dict[str, Any], tags: dict[str, LectureTag], actor: User
) -> Lecture:
    lecture = making.save_lecture(
        facts=Facts(
            title=row["title"],
            summary=row["summary"],
            description=row["description"],
            lecturer=row["lecturer"],
            invited="Alla som deltar i projektet",
            principles=row["principles"],
            tags=[tags[name] for name in row["tags"]],
            modules=list(Module.objects.filter(programme=programme, key__in=row["modules"])),
            minutes=row["minutes"],
        ),
        programme=programme,
        actor=actor,
    )
    with operation("unit.change", subject=lecture.unit.title):
        Material.objects.bulk_create(
            Material(unit=lecture.unit, order=order, **one)
            for order, one in enumerate(row["materials"], start=1)
        )
    faces.make_face(lecture, actor)
    return making.open_lecture(lecture_id=lecture.pk, actor=actor)


def _plan(lecture: Lecture, number: int, today: datetime.date, viewers: list[Person]) -> None:
    """The first was held this month; those that take registrations have their dates already."""
    if number == 0:
        # A story that is told up to a day before the project has nothing behind it.
        if _before(today, 2) < lecture.programme.starts_on:
            return
        _held(lecture, _before(today, 2), viewers[:8])
    with operation("occasion.change", subject=lecture.public_id):
        Occasion.objects.filter(
            programme=lecture.programme,
            kind=Occasion.Kind.LECTURE,
            unit=None,
            title=lecture.unit.title,
        ).update(unit=lecture.unit)


def _occasion(lecture: Lecture, day: datetime.date) -> Occasion:
    starts_at = watching.start_of(day) + datetime.timedelta(hours=13)
    with operation("occasion.add", subject=lecture.public_id):
        return Occasion.objects.create(
            programme=lecture.programme,
            kind=Occasion.Kind.LECTURE,
            unit=lecture.unit,
            title=lecture.unit.title,
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(minutes=lecture.unit.minutes),
            district=lecture.programme.owner,
            online=True,
            join_address="https://mote.example.org/forelasning?namn={token}",
            deviation_reason="Föreläsningar är digitala, så att alla kan delta.",
        )


def _held(lecture: Lecture, day: datetime.date, persons: list[Person]) -> None:
    """A live lecture with those who were there, some for a part of it."""
    occasion = _occasion(lecture, day)
    with operation("occasion.invite", subject=occasion.public_id):
        Invitation.objects.bulk_create(
            Invitation(occasion=occasion, person=person, invited_at=timezone.now())
            for person in persons
        )
    with operation("attendance.mark", subject=occasion.public_id):
        Segment.objects.bulk_create(
            Segment(
                occasion=occasion,
                person=person,
                began_at=occasion.starts_at,
                ended_at=occasion.ends_at - datetime.timedelta(minutes=5 * (number % 3)),
                source=Segment.Source.LIST,
            )
            for number, person in enumerate(persons)
        )
    recount(occasion_ids=[occasion.pk])


def _record(lecture: Lecture, key: str, actor: User) -> Recording:
    folder: Path = DATA / "lectures"
    with (folder / f"{key}.webm").open("rb") as film:
        recording = making.upload(
            lecture_id=lecture.pk,
            name=f"{key}.webm",
            stream=film,
            words=Words(
                captions=(folder / f"{key}.vtt").read_bytes(),
                chapters=(folder / f"{key}.txt").read_text(encoding="utf-8"),
            ),
            actor=actor,
        )
    return making.publish(recording_id=recording.pk, actor=actor)


def _follow(recording: Recording, viewers: list[Person], number: int, today: datetime.date) -> None:
    """Some of the participants, each some day of the month and not all to the end."""
    length = recording.milliseconds
    chosen = viewers[number::2]
    for at, (person, share) in enumerate(zip(chosen, SHARES, strict=False)):
        seen = length * share // 100
        day = _before(today, 1 + at % 4)
        began = watching.start_of(day) + datetime.timedelta(hours=8 + at % 7, minutes=10 * number)
        start = watching.milliseconds(began)
        viewing = Viewing.objects.create(
            recording=recording,
            person=person,
            watched=[[0, seen]],
            times=[[start, start + seen]],
            position=seen,
        )
        watching.settle(viewing, recording)


def _before(today: datetime.date, days: int) -> datetime.date:
    """So many days ago, but not in a month that may be attested already."""
    return max(today - datetime.timedelta(days=days), today.replace(day=1))


def _after(today: datetime.date, days: int) -> datetime.date:
    """A working day so far ahead, or soon after."""
    day = today + datetime.timedelta(days=days)
    while not is_working_day(day):
        day += datetime.timedelta(days=1)
    return day


def _talk(lecture: Lecture, row: dict[str, Any], viewers: list[Person], actor: User) -> None:
    """An answered question, one that waits, and an evaluation that some have answered."""
    if not viewers or not row["film"]:
        return
    if row["question"]:
        text, said = row["question"]
        asked = voices.ask(lecture_id=lecture.pk, person=viewers[0], text=text)
        voices.answer(question_id=asked.pk, text=said, actor=actor)
    if row["key"] == "klarsprak":
        voices.ask(
            lecture_id=lecture.pk,
            person=viewers[-1],
            text="Finns det en mall för beslut om bistånd som redan är omskriven?",
        )
    took_part = [person for person in viewers if access.took_part(lecture, person)]
    for at, person in enumerate(took_part[:7]):
        voices.evaluate(
            lecture_id=lecture.pk,
            person=person,
            answers={"useful": 3 + at % 2, "clear": 4 - (at % 3) // 2, "principles": 2 + at % 3},
        )
