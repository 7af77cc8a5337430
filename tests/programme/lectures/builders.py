"""A lecture with a recording, and participants who watch it by the clock."""

import datetime
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Organisation, Person, User
from programme.hours.actions import recount
from programme.lectures import making, watching
from programme.lectures.making import Facts, Words
from programme.lectures.rules import Claim
from programme.models import Lecture, Occasion, Recording, Segment, Setting
from tests.programme.builders import World, account, build_world
from tests.programme.occasions.builders import with_account
from tests.programme.training import participation_of

FILMS = Path(__file__).resolve().parents[3] / "programme" / "data" / "lectures"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: A Wednesday in the middle of the programme.
DAY = datetime.date(2026, 9, 16)
MINUTE = 60_000
LENGTH = 40 * MINUTE


@dataclass
class Scene:
    """A lecture in use, who made it, and two who are admitted; `stranger` is not."""

    world: World
    lecture: Lecture
    recording: Recording
    maker: User
    viewer: Person
    other: Person
    stranger: Person


def clock(text: str, day: datetime.date = DAY) -> datetime.datetime:
    """The moment of the day in Stockholm: clock("9.30")."""
    hour, minute = text.split(".")
    return datetime.datetime.combine(day, datetime.time(int(hour), int(minute)), STOCKHOLM)


def film(name: str = "lika-stod") -> bytes:
    """The bytes of one of the demo's films."""
    return (FILMS / f"{name}.webm").read_bytes()


def words(name: str = "lika-stod") -> Words:
    """Its captions and chapters."""
    return Words(
        captions=(FILMS / f"{name}.vtt").read_bytes(),
        chapters=(FILMS / f"{name}.txt").read_text(encoding="utf-8"),
    )


def facts(**more: Any) -> Facts:
    """A lecture about one of the principles."""
    given: dict[str, Any] = {
        "title": "Samma behov, olika stöd?",
        "summary": "Om likvärdigt stöd.",
        "description": "Vad en arbetsgrupp kan göra.",
        "lecturer": "Utredare, staden",
        "invited": "Alla deltagare",
        "principles": ["equality"],
    }
    return Facts(**(given | more))


@transaction.atomic
def build_scene(*, hours: str = watching.RECORDED, length: int = LENGTH) -> Scene:
    """Everything a viewing needs; the recording is as long as the test says."""
    world = build_world(identities=False)
    with operation("test.scene"):
        maker = account(
            "kommunikator", "kommunikator", Organisation.objects.get(pk=world.farsta.lineage[0])
        )
        Setting.objects.create(
            programme=world.programme,
            key="lecture_hours",
            value=hours,
            valid_from=world.programme.starts_on,
            decision="test",
        )
        for person in world.staff[:3]:
            with_account(person)
    lecture = making.save_lecture(facts=facts(), programme=world.programme, actor=maker)
    making.open_lecture(lecture_id=lecture.pk, actor=maker)
    recording = making.upload(
        lecture_id=lecture.pk, name="a.webm", stream=io.BytesIO(film()), words=words(), actor=maker
    )
    making.publish(recording_id=recording.pk, actor=maker)
    with operation("test.length"):
        Recording.objects.filter(pk=recording.pk).update(milliseconds=length)
    for person in world.staff[:2]:
        participation_of(world, person)
    recording.refresh_from_db()
    lecture.refresh_from_db()
    return Scene(world, lecture, recording, maker, *world.staff[:3])


def watch(
    scene: Scene,
    begin: int,
    end: int,
    *,
    at: datetime.datetime,
    person: Person | None = None,
    recording: Recording | None = None,
    page: str = "one",
    number: int | None = None,
    speed: int = 100,
    opened: datetime.datetime | None = None,
) -> watching.Standing:
    """Play from one minute to another, the beacon arriving at the given moment."""
    with time_machine.travel(at, tick=False):
        return tell(
            scene,
            begin,
            end,
            person=person,
            recording=recording,
            page=page,
            number=int(at.timestamp()) if number is None else number,
            speed=speed,
            opened=opened or at - datetime.timedelta(minutes=(end - begin) * 100 / speed),
        )


def tell(
    scene: Scene,
    begin: int,
    end: int,
    *,
    opened: datetime.datetime,
    person: Person | None = None,
    recording: Recording | None = None,
    page: str = "one",
    number: int = 1,
    speed: int = 100,
) -> watching.Standing:
    """The beacon itself, arriving now."""
    return watching.watch(
        recording_id=(recording or scene.recording).pk,
        person_id=(person or scene.viewer).pk,
        beacon=watching.Beacon(
            page=page,
            number=number,
            opened=opened,
            claim=Claim(begin * MINUTE, end * MINUTE, speed),
            position=end * MINUTE,
        ),
    )


def watch_through(
    scene: Scene, begin: int, end: int, *, start: datetime.datetime, **more: Any
) -> watching.Standing:
    """Play it in pieces of five minutes, as the player tells it."""
    standing = None
    for at in range(begin, end, 5):
        stop = min(at + 5, end)
        moment = start + datetime.timedelta(minutes=stop - begin)
        standing = watch(scene, at, stop, at=moment, opened=start, **more)
    assert standing is not None
    return standing


@transaction.atomic
def live(scene: Scene, start: str, end: str, *, day: datetime.date = DAY) -> Occasion:
    """The lecture held live."""
    with operation("test.live"):
        return Occasion.objects.create(
            programme=scene.world.programme,
            kind=Occasion.Kind.LECTURE,
            unit=scene.lecture.unit,
            title="Direkt",
            starts_at=clock(start, day),
            ends_at=clock(end, day),
            district=scene.world.farsta,
            online=True,
        )


@transaction.atomic
def was_there(occasion: Occasion, person: Person, begin: str, end: str) -> None:
    """A time present at the live lecture, counted."""

    day = timezone.localdate(occasion.starts_at)
    with operation("test.there"):
        Segment.objects.create(
            occasion=occasion,
            person=person,
            began_at=clock(begin, day),
            ended_at=clock(end, day),
            source=Segment.Source.LIST,
        )
        recount(occasion_ids=[occasion.pk], person_ids=[person.pk])
