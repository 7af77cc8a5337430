"""What stands behind the places: the same as the engine leaves, on days that follow each other."""

import pytest
from django.db.models import Count, F, Sum

from forms_app import answers as form_answers
from forms_app.schema import FormSchema
from people.models import User
from programme.models import (
    CountedTime,
    Invitation,
    Nomination,
    Occasion,
    Participation,
    Place,
    Quota,
)
from reports.models import Certificate
from tests.programme.demo_story.test_story import TODAY, database, story
from workflows.actions import engine
from workflows.models import CaseCounter, Decision, WorkItem
from workflows.rules import State, digest_of

__all__ = ["database", "story"]

pytestmark = pytest.mark.django_db
# Admitted by staff: their waves had no place left for them, or had not opened by then.
WITHOUT_A_PLACE = 60


def made_by_story() -> list[Nomination]:
    """Those whose case is approved and whose person is in a group."""
    return list(
        Nomination.objects.filter(place__participation__memberships__isnull=False)
        .select_related("case__version", "kind", "submission__version", "place", "person")
        .distinct()
    )


def made_by_engine(kind: str) -> Nomination:
    """One that the demo nominated through the same actions as everyone."""
    return (
        Nomination.objects.filter(
            kind__key=kind,
            place__state="accepted",
            place__participation__memberships__isnull=True,
        )
        .select_related("case", "submission", "place")
        .first()
    ) or pytest.fail(f"the demo has no accepted nomination of {kind}")


def test_nearly_everyone_has_a_place_behind_the_participation() -> None:
    without = Participation.objects.filter(place=None).count()
    assert without <= WITHOUT_A_PLACE
    assert Participation.objects.exclude(place=None).count() >= 1140 - WITHOUT_A_PLACE


def test_every_case_replays_to_its_approval() -> None:
    for nomination in made_by_story()[::40]:
        position = engine.read(nomination.case).position()
        assert position.state is State.APPROVED
        assert nomination.case.data_digest == digest_of(nomination.case.data)


def test_a_case_looks_like_one_that_the_engine_made() -> None:
    for kind in ("medarbetare", "chef"):
        real = made_by_engine(kind)
        told = next(one for one in made_by_story() if one.kind.key == kind)
        assert set(told.submission.answers) == set(real.submission.answers)
        assert set(told.case.data) == set(real.case.data)
        for model in (Decision, WorkItem):
            there, here = (
                model._default_manager.filter(case=one.case).values_list("step_key", flat=True)
                for one in (real, told)
            )
            assert sorted(here) == sorted(there), model


def test_the_answers_pass_the_form() -> None:
    for nomination in made_by_story()[::100]:
        schema = FormSchema.from_plain(nomination.submission.version.schema)
        raw = {
            key: {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
            for key, value in nomination.submission.answers.items()
        }
        checked = form_answers.check(schema, raw, viewer=nomination.nominated_by)
        assert checked.errors == {}
        assert checked.values == nomination.submission.answers


def test_the_days_follow_each_other() -> None:
    told = Place.objects.filter(participation__memberships__isnull=False)
    assert not told.filter(offered_at__gt=F("answered_at")).exists()
    assert not told.filter(nomination__created_at__gt=F("offered_at")).exists()
    assert not told.filter(nomination__created_at__date__lt=F("wave__opens_on")).exists()
    assert not told.filter(nomination__created_at__date__gt=F("wave__closes_on")).exists()
    late = Decision.objects.filter(decided_at__gt=F("case__closed_at"))
    assert not late.exists()


def test_nobody_decides_in_their_own_matter_or_twice() -> None:
    given = Decision.objects.filter(case__nomination__isnull=False)
    assert not given.filter(actor=F("case__concerns__user")).exists()
    assert not given.filter(actor=F("case__initiator"), by_submission=False).exists()
    twice = given.values("case", "actor").annotate(number=Count("pk")).filter(number__gt=1)
    assert not twice.exists()


def test_no_quota_is_exceeded_and_the_first_wave_has_places_for_visitors() -> None:
    held = {
        (row["wave"], row["district"], row["category"]): row["number"]
        for row in Place.objects.holding()
        .values("wave", "district", "category")
        .annotate(number=Count("pk"))
    }
    left = {}
    for quota in Quota.objects.select_related("organisation", "wave", "category"):
        where = (quota.wave_id, quota.organisation_id, quota.category_id)
        left[quota.wave.number, quota.organisation.code, quota.category.key] = (
            quota.places - held.get(where, 0)
        )
    assert min(left.values()) >= 0
    assert left[1, "farsta", "medarbetare"] >= 5


def test_the_numbers_of_the_cases_are_dense() -> None:
    for counter in CaseCounter.objects.filter(series__startswith="N-"):
        numbers = Nomination.objects.filter(case__reference__startswith=f"{counter.series}-")
        assert numbers.count() == counter.last


@pytest.mark.parametrize("district", ["farsta", "bromma", "jarva"])
def test_the_accounts_of_the_readme_have_training_behind_them(district: str) -> None:
    user = User.objects.get(email=f"deltagare.{district}@example.org")
    invited = Invitation.objects.filter(person__user=user, occasion__state="planned")
    assert invited.filter(occasion__starts_at__date__lt=TODAY).exists()
    assert invited.filter(occasion__starts_at__date__gt=TODAY).exists()
    counted = CountedTime.objects.filter(person__user=user, current=True)
    assert counted.aggregate(sum=Sum("minutes"))["sum"] > 0
    assert Certificate.objects.filter(person__user=user).exists()
    place = Participation.objects.get(person__user=user).place
    assert place is not None
    assert place.nomination.case.state == "approved"


def test_the_manager_has_staff_who_take_part_and_staff_to_nominate() -> None:
    chef = User.objects.get(email="chef.farsta@example.org")
    unit = chef.person.unit
    staff = unit.persons.filter(is_manager=False)
    assert staff.filter(participations__isnull=False).count() >= 3
    assert staff.filter(nominations__isnull=True).count() >= 3


def test_the_trainer_has_occasions_behind_and_ahead() -> None:
    taught = Occasion.objects.filter(trainers__email="utbildare@example.org")
    assert taught.filter(starts_at__date__lt=TODAY).exists()
    assert taught.filter(starts_at__date__gt=TODAY).exists()
