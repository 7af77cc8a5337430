"""What a participant's pages look like in use: rows beside the scene's, in every state there is."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Person
from programme.hours.actions import recount
from programme.models import (
    CountedTime,
    Course,
    EvaluationGiven,
    Followed,
    Invitation,
    LearningUnit,
    Lecture,
    LectureQuestion,
    Occasion,
    Programme,
    Recording,
    Reflection,
    Registration,
    SeatPlan,
    Segment,
    Viewing,
)

#: Longer than a telephone is wide, as Swedish words are.
LONG_WORD = "Likabehandlingsplaneringsgruppen"
CHAPTERS = [[0, "Inledning"], [20, f"{LONG_WORD} berättar"], [40, "Att prata om"]]


@transaction.atomic
def lay_rows(person: Person) -> dict[str, list[dict[str, object]]]:
    """Lay them; by the name of the address, what else there is to look at."""
    with operation("test.rows"):
        registrations = [
            _registration(person, days, state)
            for days, state in enumerate(("waiting", "offered", "left", "open"), 20)
        ]
        lectures = [_followed(person), _evaluated(person)]
        counted = _hours(person)
    return {
        "registrations:mine_one": [{"occasion": each} for each in registrations],
        "lectures:lecture": [{"lecture": each} for each in lectures],
        "months:counted": [{"counted": counted.public_id}],
        "months:my_month": [{"month": f"{counted.day:%Y-%m}"}],
        "occasions:answer": [{"occasion": counted.occasion.public_id}],
    }


def _occasion(kind: Occasion.Kind, start: datetime, title: str) -> Occasion:
    programme = Programme.objects.earliest("pk")
    return Occasion.objects.create(
        programme=programme,
        kind=kind,
        title=title,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        district=programme.owner,
        online=True,
        join_address="https://mote.example/rum",
    )


def _registration(person: Person, days: int, state: str) -> str:
    """An occasion to come, and how far the person has come with it: nowhere when it is open."""
    now = timezone.now()
    start = now + timedelta(days=days)
    occasion = _occasion(Occasion.Kind.LECTURE, start, f"{LONG_WORD}: {state}")
    plan = SeatPlan.objects.create(
        occasion=occasion, seats=5, opens_at=now, closes_at=start, change_until=start
    )
    if state != "open":
        Registration.objects.create(
            plan=plan,
            person=person,
            state=state,
            order=1,
            registered_at=now,
            queue=1 if state == "waiting" else None,
            offered_at=now if state == "offered" else None,
            offer_until=now + timedelta(days=1) if state == "offered" else None,
        )
    return occasion.public_id


def _followed(person: Person) -> str:
    """The scene's lecture with chapters, watched enough, reflected on, with an answer to read."""
    recording = Recording.objects.get(state=Recording.State.IN_USE, name="a.webm")
    Recording.objects.filter(pk=recording.pk).update(
        chapters=CHAPTERS, transcript=f"{LONG_WORD} hälsar.\n\nSedan kom en fråga."
    )
    whole = [[0, 60_000]]
    Viewing.objects.create(recording=recording, person=person, watched=whole, position=30_000)
    Followed.objects.create(
        recording=recording,
        person=person,
        reached_at=timezone.now(),
        watched_seconds=60,
        length_seconds=60,
        threshold_percent=80,
        fastest=100,
        watched=whole,
    )
    lecture = recording.lecture
    Reflection.objects.create(lecture=lecture, person=person, text=f"Jag tar med mig {LONG_WORD}.")
    LectureQuestion.objects.create(
        lecture=lecture,
        person=person,
        text="Hur gör ni i Farsta?",
        answer=f"Vi frågar {LONG_WORD}.\n\nOch varandra.",
        answered_by=recording.uploaded_by,
        answered_at=timezone.now(),
    )
    return lecture.public_id


def _evaluated(person: Person) -> str:
    """Another lecture, without a recording, that the person has evaluated."""
    programme = Programme.objects.earliest("pk")
    unit = LearningUnit.objects.create(
        course=Course.objects.get(programme=programme, key="forelasning"),
        number=98,
        title=f"Vad {LONG_WORD} gör",
        counts_once=True,
    )
    lecture = Lecture.objects.create(
        programme=programme,
        unit=unit,
        summary="Kort",
        lecturer="Utredare",
        invited="Alla",
        principles=["accessibility"],
        state=Lecture.State.OPEN,
    )
    EvaluationGiven.objects.create(lecture=lecture, person=person)
    return lecture.public_id


def _hours(person: Person) -> CountedTime:
    """A held occasion in a month that waits to be attested, with its minutes counted."""
    first = timezone.localdate().replace(day=1)
    day = (first - timedelta(days=1)).replace(day=10)
    start = timezone.make_aware(datetime.combine(day, time(9)))
    occasion = _occasion(Occasion.Kind.TRAINING, start, f"{LONG_WORD} möter föreläsaren")
    Invitation.objects.create(occasion=occasion, person=person)
    Segment.objects.create(
        occasion=occasion,
        person=person,
        began_at=start,
        ended_at=occasion.ends_at,
        source=Segment.Source.LIST,
    )
    recount(occasion_ids=[occasion.pk], person_ids=[person.pk])
    return CountedTime.objects.get(occasion=occasion, person=person, current=True)
