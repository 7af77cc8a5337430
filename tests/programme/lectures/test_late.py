"""Watched time of a locked month: proposed once, decided by another, counted if approved."""

import datetime

import pytest
from django.db import transaction
from django.test import Client

from audit.operations import operation
from people.models import User
from programme.errors import Refused
from programme.lectures import late
from programme.models import Correction, CountedTime, Followed, Month, Segment
from programme.months import corrections
from tests.programme.lectures.builders import Scene, clock, watch_through
from tests.programme.lectures.test_watching import minutes
from tests.programme.months.builders import staff_account

AUGUST = datetime.date(2026, 8, 31)


def lock_august(scene: Scene) -> None:
    with transaction.atomic(), operation("test.lock"):
        Month.objects.update_or_create(
            programme=scene.world.programme,
            first_day=AUGUST.replace(day=1),
            defaults={"state": Month.State.LOCKED},
        )


def half_in_august(scene: Scene) -> None:
    """Half the recording watched in August, which is locked, and the rest in September."""
    watch_through(scene, 0, 20, start=clock("9.00", AUGUST))
    lock_august(scene)
    watch_through(scene, 20, 40, start=clock("9.00"))


@pytest.fixture
def checker(scene: Scene) -> User:
    return staff_account(scene.world, "ekonom")


def test_what_was_watched_in_a_locked_month_is_proposed_with_its_reason(scene: Scene) -> None:
    half_in_august(scene)
    made = Correction.objects.get()
    assert made.state == Correction.State.PROPOSED
    assert (made.minutes_before, made.minutes_after) == (0, 20)
    assert (made.person, made.month.first_day) == (scene.viewer, AUGUST.replace(day=1))
    assert made.reason
    assert made.from_viewing
    # Nothing of it counts until somebody has decided.
    assert minutes(scene) == 20
    assert not Segment.objects.filter(began_at__lt=clock("0.00", AUGUST) + datetime.timedelta(1))


def test_without_anybody_who_takes_it_nothing_is_proposed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the proposal comes from the part that registered, and from nowhere else."""
    monkeypatch.setattr(late, "_PROPOSERS", [])
    half_in_august(scene)
    assert Followed.objects.exists()
    assert not Correction.objects.exists()


def test_approved_it_counts_and_is_never_proposed_again(scene: Scene, checker: User) -> None:
    half_in_august(scene)
    corrections.decide(correction_id=Correction.objects.get().pk, approve=True, actor=checker)
    assert minutes(scene) == 40
    watch_through(scene, 0, 40, start=clock("13.00"))
    assert Correction.objects.count() == 1
    assert minutes(scene) == 40


def test_declined_it_is_judged_and_stays_away(scene: Scene, checker: User) -> None:
    half_in_august(scene)
    corrections.decide(
        correction_id=Correction.objects.get().pk, approve=False, reason="Nej", actor=checker
    )
    watch_through(scene, 0, 40, start=clock("13.00"))
    assert Correction.objects.count() == 1
    assert not CountedTime.objects.filter(current=True, day=AUGUST, minutes__gt=0)


def test_without_the_memory_it_would_be_proposed_again(
    scene: Scene, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_in_august(scene)
    corrections.decide(
        correction_id=Correction.objects.get().pk, approve=False, reason="Nej", actor=checker
    )
    monkeypatch.setattr(late, "judged", lambda person_id, unit_id: [])
    watch_through(scene, 0, 40, start=clock("13.00"))
    assert Correction.objects.count() == 2


def test_the_viewer_does_not_decide_about_it(scene: Scene) -> None:
    half_in_august(scene)
    viewer = scene.viewer.user
    assert viewer is not None
    with pytest.raises(Refused):
        corrections.decide(correction_id=Correction.objects.get().pk, approve=True, actor=viewer)


def test_times_that_stand_already_are_kept_beside_it(scene: Scene, checker: User) -> None:
    """Counted while the month was open, and the last minutes watched just before it was locked."""
    watch_through(scene, 0, 36, start=clock("9.00", AUGUST))
    assert minutes(scene) == 36
    lock_august(scene)
    watch_through(scene, 36, 40, start=clock("15.00", AUGUST))
    made = Correction.objects.get()
    assert (made.minutes_before, made.minutes_after) == (36, 40)
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    assert minutes(scene) == 40


def test_the_months_and_the_corrections_show_it_without_the_viewers_account(
    scene: Scene, checker: User
) -> None:
    half_in_august(scene)
    client = Client()
    client.force_login(checker, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "1 rättelse väntar" in client.get("/manader/").content.decode()
    shown = client.get("/rattelser/").content.decode()
    assert "Ur tittad tid" in shown
    page = client.get(f"/rattelser/{Correction.objects.get().public_id}/").content.decode()
    assert "av portalen, ur den tid som deltagaren har tittat" in page
