"""From the player's beacons to hours: once, never twice, and never more than there was time for."""

import datetime
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Sum

from audit.operations import operation
from programme.errors import Stale
from programme.hours import rules as hour_rules
from programme.hours.actions import recount
from programme.hours.intervals import measure
from programme.lectures import making, rules, watching
from programme.lectures.rules import Claim
from programme.models import CountedTime, Followed, LearningUnit, Month, Occasion, Segment, Viewing
from tests.programme.lectures.builders import (
    DAY,
    MINUTE,
    Scene,
    build_scene,
    clock,
    facts,
    film,
    live,
    tell,
    was_there,
    watch,
    watch_through,
    words,
)


def minutes(scene: Scene) -> int:
    """What is counted for the viewer of the lecture, in all."""
    rows = CountedTime.objects.filter(
        person=scene.viewer, current=True, occasion__unit=scene.lecture.unit
    )
    return rows.aggregate(n=Sum("minutes"))["n"] or 0


def test_enough_watched_is_followed_once_and_counted_in_minutes(scene: Scene) -> None:
    assert not watch_through(scene, 0, 35, start=clock("9.00")).reached
    assert minutes(scene) == 0
    assert watch_through(scene, 35, 40, start=clock("9.35")).reached
    followed = Followed.objects.get()
    assert (followed.watched_seconds, followed.length_seconds) == (2400, 2400)
    assert followed.threshold_percent == 90
    assert minutes(scene) == 40
    occasion = Occasion.objects.get(kind=Occasion.Kind.RECORDING)
    assert (occasion.most_minutes, occasion.starts_at) == (40, clock("0.00"))
    watch_through(scene, 0, 40, start=clock("11.00"))
    assert (Followed.objects.count(), minutes(scene)) == (1, 40)


def test_the_rest_is_counted_too_when_it_is_watched_later(scene: Scene) -> None:
    watch_through(scene, 0, 36, start=clock("9.00"))
    assert minutes(scene) == 36
    watch_through(scene, 36, 40, start=clock("15.00"))
    assert minutes(scene) == 40


def test_skipping_to_the_end_reaches_nothing(scene: Scene) -> None:
    watch(scene, 39, 40, at=clock("9.01"))
    assert not Followed.objects.exists()
    assert Viewing.objects.get().position == 40 * MINUTE


def test_more_than_the_clock_allows_is_not_believed(scene: Scene) -> None:
    opened = clock("9.00")
    watch(scene, 0, 40, at=clock("9.03"), opened=opened)
    assert measure(watching.as_pairs(Viewing.objects.get().watched)) == 3 * MINUTE


def test_a_page_left_open_all_day_gives_no_more_than_a_late_beacon(scene: Scene) -> None:
    watch(scene, 0, 40, at=clock("15.00"), opened=clock("8.00"))
    assert measure(watching.as_pairs(Viewing.objects.get().watched)) == 10 * MINUTE


def test_without_the_clock_everything_would_be_believed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believe(watched: object, claim: Claim, **_: object) -> object:
        return rules.Accepted(
            rules.Watched(((claim.begin, claim.end),), ((0, claim.end - claim.begin),)),
            ((0, 1),),
        )

    monkeypatch.setattr(rules, "accept", believe)
    assert watch(scene, 0, 40, at=clock("9.03"), opened=clock("9.00")).reached


def test_the_same_beacon_again_changes_nothing(scene: Scene) -> None:
    watch(scene, 0, 5, at=clock("9.05"), opened=clock("9.00"), number=1)
    before = Viewing.objects.values("watched", "times", "clock", "pages").get()
    watch(scene, 0, 5, at=clock("9.06"), opened=clock("9.00"), number=1)
    assert Viewing.objects.values("watched", "times", "clock", "pages").get() == before


def test_fast_speed_is_noted_and_counts_the_time_it_took(scene: Scene) -> None:
    for at in range(0, 40, 10):
        moment = clock("9.00") + datetime.timedelta(minutes=(at + 10) / 2)
        watch(scene, at, at + 10, at=moment, opened=clock("9.00"), speed=200)
    assert Followed.objects.get().fastest == 200
    assert minutes(scene) == 20


def test_two_lectures_at_once_share_one_clock(scene: Scene) -> None:
    second = making.save_lecture(
        facts=facts(title="Annan"), programme=scene.world.programme, actor=scene.maker
    )
    making.open_lecture(lecture_id=second.pk, actor=scene.maker)
    other = making.upload(
        lecture_id=second.pk,
        name="b.webm",
        stream=io.BytesIO(film()),
        words=words(),
        actor=scene.maker,
    )
    making.publish(recording_id=other.pk, actor=scene.maker)
    watch(scene, 0, 1, at=clock("9.01"), opened=clock("9.00"))
    watch(scene, 0, 1, at=clock("9.01"), opened=clock("9.00"), recording=other)
    assert [row.watched for row in Viewing.objects.order_by("pk")] == [[[0, MINUTE]], []]


def test_live_and_recorded_count_once_whichever_comes_first(scene: Scene) -> None:
    was_there(live(scene, "13.00", "14.00"), scene.viewer, "13.00", "14.00")
    assert minutes(scene) == 60
    watch_through(scene, 0, 40, start=clock("9.00", DAY + datetime.timedelta(days=1)))
    assert Followed.objects.count() == 1
    assert minutes(scene) == 60
    explained = CountedTime.objects.get(current=True, day=DAY + datetime.timedelta(days=1))
    assert explained.explanation[-1]["step"] == "once"


def test_recorded_first_leaves_the_rest_of_a_longer_live_lecture(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    later = DAY + datetime.timedelta(days=7)
    was_there(live(scene, "13.00", "14.00", day=later), scene.viewer, "13.00", "14.00")
    assert minutes(scene) == 60
    days = (
        CountedTime.objects.filter(current=True).order_by("day").values_list("minutes", flat=True)
    )
    assert list(days) == [40, 20]


def test_another_occasion_of_the_same_day_gives_no_hour_twice(scene: Scene) -> None:
    """What is counted anew is the day; the lecture on it was heard the week before."""
    watch_through(scene, 0, 40, start=clock("9.00"))
    later = DAY + datetime.timedelta(days=7)
    was_there(live(scene, "13.00", "14.00", day=later), scene.viewer, "13.00", "14.00")
    with transaction.atomic(), operation("test.day"):
        training = Occasion.objects.create(
            programme=scene.world.programme,
            title="Utbildningsdag",
            starts_at=clock("8.00", later),
            ends_at=clock("9.00", later),
            district=scene.world.farsta,
        )
    was_there(training, scene.viewer, "8.00", "9.00")
    assert CountedTime.objects.get(occasion=training, current=True).minutes == 60
    assert minutes(scene) == 60


def test_an_earlier_live_time_registered_late_takes_from_the_recording(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    before = DAY - datetime.timedelta(days=2)
    was_there(live(scene, "13.00", "13.30", day=before), scene.viewer, "13.00", "13.30")
    assert minutes(scene) == 40


def test_without_counting_once_the_hours_would_be_double(scene: Scene) -> None:
    """The control: the same story of a unit that does not count once."""
    with transaction.atomic(), operation("test.control"):
        LearningUnit.objects.filter(pk=scene.lecture.unit_id).update(counts_once=False)
    was_there(live(scene, "13.00", "14.00"), scene.viewer, "13.00", "14.00")
    watch_through(scene, 0, 40, start=clock("9.00", DAY + datetime.timedelta(days=1)))
    assert minutes(scene) == 100


def test_watching_during_a_training_day_is_cut_and_the_day_keeps_its_time(scene: Scene) -> None:
    with transaction.atomic(), operation("test.day"):
        day = Occasion.objects.create(
            programme=scene.world.programme,
            title="Utbildningsdag",
            starts_at=clock("9.00"),
            ends_at=clock("9.30"),
            district=scene.world.farsta,
        )
    was_there(day, scene.viewer, "9.00", "9.30")
    watch_through(scene, 0, 40, start=clock("9.00"))
    assert CountedTime.objects.get(occasion=day, current=True).minutes == 30
    assert minutes(scene) == 10


def test_counting_again_writes_nothing(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    with transaction.atomic(), operation("test.again"):
        occasions = list(Occasion.objects.values_list("pk", flat=True))
        assert recount(occasion_ids=occasions) == 0


def test_what_was_counted_before_lectures_keeps_its_digest() -> None:
    """A presence without a length and without a unit reads as it always has."""
    old = "Presence(occasion=1, starts=0, ends=60, breaks=(), cancelled=False, mark='', segments=(), participation=None)"
    assert repr(hour_rules.Presence(1, 0, 60)) == old


def test_only_live_hours_when_the_setting_says_so(db: None) -> None:
    scene = build_scene(hours="live")
    assert watch_through(scene, 0, 40, start=clock("9.00")).reached
    assert (Followed.objects.count(), minutes(scene)) == (1, 0)
    assert not Segment.objects.exists()


def test_a_locked_month_keeps_its_hours_and_the_rest_is_counted(scene: Scene) -> None:
    august = datetime.date(2026, 8, 31)
    watch_through(scene, 0, 20, start=clock("9.00", august))
    with transaction.atomic(), operation("test.lock"):
        Month.objects.create(
            programme=scene.world.programme,
            first_day=august.replace(day=1),
            state=Month.State.LOCKED,
        )
    watch_through(scene, 20, 40, start=clock("9.00"))
    assert Followed.objects.count() == 1
    assert minutes(scene) == 20


def test_over_midnight_each_day_has_its_own_minutes(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("23.50"))
    days = CountedTime.objects.filter(current=True).order_by("day").values_list("day", "minutes")
    assert list(days) == [(DAY, 10), (DAY + datetime.timedelta(days=1), 30)]


def test_a_withdrawn_recording_keeps_what_was_followed(scene: Scene) -> None:
    watch_through(scene, 0, 40, start=clock("9.00"))
    making.withdraw(recording_id=scene.recording.pk, reason="Fel ljud", actor=scene.maker)
    assert (minutes(scene), Followed.objects.count()) == (40, 1)
    with transaction.atomic(), operation("test.again"):
        recount(occasion_ids=list(Occasion.objects.values_list("pk", flat=True)))
    assert minutes(scene) == 40
    with pytest.raises(Stale):
        watch(scene, 0, 5, at=clock("12.05"))


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_the_same_moment_give_one_clock_and_one_occasion() -> None:
    scene = build_scene()
    watch_through(scene, 0, 35, start=clock("9.00"))
    barrier = threading.Barrier(8)

    def device(number: int) -> None:
        try:
            barrier.wait(timeout=60)
            # All say that they play the same last minutes, and each another page's number.
            tell(scene, 35, 40, opened=clock("9.00"), page=f"p{number}")
        finally:
            connection.close()

    with time_machine.travel(clock("9.40"), tick=False), ThreadPoolExecutor(8) as pool:
        list(pool.map(device, range(8)))
    viewing = Viewing.objects.get()
    assert measure(watching.as_pairs(viewing.watched)) == 40 * MINUTE
    assert measure(watching.as_pairs(viewing.times)) == 40 * MINUTE
    assert (Followed.objects.count(), Occasion.objects.count(), minutes(scene)) == (1, 1, 40)
