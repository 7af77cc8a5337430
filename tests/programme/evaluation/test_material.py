"""What the evaluator is given: codes and never names, and people who have said yes."""

import datetime
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Operation, ReadEvent
from audit.operations import operation
from people.models import Capability, Organisation, Person, User
from programme.attendance import marking
from programme.errors import NotAllowed, Refused
from programme.evaluation import extracts, interviews, sample_rules
from programme.evaluation.rules import rounded
from programme.evaluation.sample_rules import Candidate, age_band, code_of, draw
from programme.models import EvaluationExtract, InterviewSample, Participation, Setting
from tests.clients import signed_in
from tests.people import builders
from tests.programme import training
from tests.programme.builders import World, build_world, number_of
from tests.programme.registrations.builders import participant

LATER = timezone.localdate() + datetime.timedelta(days=30)
WHY = "Underlag till delrapport två"


@pytest.fixture
def world(db: None) -> World:
    """Four who take part in Farsta and two in Skärholmen."""
    found = build_world(staff=4)
    for person in (*found.staff, *found.others[:2]):
        participant(found, person)
    with transaction.atomic(), operation("test.districts"):
        moved = Participation.objects.filter(person__in=found.others)
        moved.update(district=found.skarholmen)
    return found


@pytest.fixture
def evaluator(world: World) -> User:
    with transaction.atomic(), operation("test.evaluator"):
        user = builders.account("utvarderare")
        city = Organisation.objects.get(parent=None)
        builders.holds(user, "utvarderare", city, Capability.EVALUATE)
    return user


def granted(world: World, evaluator: User) -> EvaluationExtract:
    return extracts.grant(
        programme=world.programme,
        purpose=WHY,
        granted_to=evaluator,
        expires_on=LATER,
        actor=world.administrator,
    )


def wanted(evaluator: User, **more: object) -> interviews.Wanted:
    given: dict[str, object] = {
        "purpose": WHY,
        "granted_to": evaluator,
        "expires_on": LATER,
        "seed": "maj",
        "strata": ["district"],
        "each": 1,
    }
    return interviews.Wanted(**(given | more))  # type: ignore[arg-type]


def yes(*persons: Person) -> None:
    for person in persons:
        person.refresh_from_db()
        assert person.user is not None
        interviews.say_yes(person=person, actor=person.user)


def protect(person: Person) -> None:
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk=person.pk).update(protected=True)


def get(user: User, name: str, *args: object) -> int:
    return signed_in(user).get(reverse(f"evaluation:{name}", args=args)).status_code


# The rules


@given(
    st.lists(st.tuples(st.text(min_size=1), st.sampled_from("abc")), unique_by=lambda one: one[0]),
    st.text(),
    st.integers(1, 5),
)
def test_the_same_seed_draws_the_same_whatever_the_order(
    rows: list[tuple[str, str]], seed: str, each: int
) -> None:
    candidates = [Candidate(*row) for row in rows]
    first = draw(candidates, seed=seed, each=each)
    assert draw(reversed(candidates), seed=seed, each=each) == first
    for stratum, picked in first.picked.items():
        assert len(picked) == min(each, first.population[stratum]) == len(set(picked))
        assert {Candidate(key, stratum) for key in picked} <= set(candidates)


def test_another_seed_draws_others() -> None:
    candidates = [Candidate(str(number), "a") for number in range(50)]
    drawn = {tuple(draw(candidates, seed=str(n), each=3).picked["a"]) for n in range(10)}
    assert len(drawn) == 10


def test_whoever_leaves_moves_nobody_else() -> None:
    candidates = [Candidate(str(number), "a") for number in range(20)]
    first = draw(candidates, seed="maj", each=5).picked["a"]
    without = [one for one in candidates if one.key != first[0]]
    assert draw(without, seed="maj", each=5).picked["a"][:4] == first[1:]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (None, ""),
        (datetime.date(2008, 9, 2), "< 18"),
        (datetime.date(2008, 9, 1), "18–29"),
        (datetime.date(1996, 9, 1), "30–44"),
        (datetime.date(1971, 9, 2), "45–54"),
        (datetime.date(1971, 9, 1), "≥ 55"),
    ],
)
def test_bands(born: datetime.date | None, band: str) -> None:
    assert age_band(born, datetime.date(2026, 9, 1)) == band


# The extract


def test_an_extract_has_codes_and_no_names(world: World, evaluator: User) -> None:
    text = extracts.as_csv(granted(world, evaluator)).decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 1 + 6
    assert lines[0].startswith("kod;utbildning;kategori")
    for number, person in enumerate(world.staff, start=1):
        for secret in (person.first_name, person.last_name, person.email, person.public_id):
            assert secret not in text
        assert number_of(number)[:8] not in text
    assert world.unit.name not in text
    assert not re.search(r"\d{6}-?\d{4}", text)


def test_codes_join_rows_of_one_extract_and_never_two(world: World, evaluator: User) -> None:
    one, two = granted(world, evaluator), granted(world, evaluator)
    person = world.staff[0].public_id
    assert code_of(one.salt, person) == code_of(one.salt, person)
    assert code_of(one.salt, person) != code_of(two.salt, person)
    # What would tell whose a code is, is in no history.
    assert one.salt not in str(list(one.history.values()))


def test_a_protected_person_is_left_out(world: World, evaluator: User) -> None:
    made = granted(world, evaluator)
    protect(world.staff[0])
    # Five are left, who are just enough to be told of.
    text = extracts.as_csv(made).decode()
    assert len(text.splitlines()) == 1 + 5
    assert code_of(made.salt, world.staff[0].public_id) not in text


def test_only_the_one_it_was_given_to_fetches_it_and_each_time_is_noted(
    world: World, evaluator: User
) -> None:
    made = granted(world, evaluator)
    with transaction.atomic(), operation("test.other"):
        other = builders.account("annan")
        builders.holds(other, "utvarderare", Organisation.objects.get(parent=None))
    assert get(evaluator, "extract_file", made.public_id) == 200
    for user in (other, world.administrator, world.chief):
        assert get(user, "extract_file", made.public_id) == 404
    noted = ReadEvent.objects.get(name="evaluation.extract")
    assert (noted.subject, noted.reason) == (made.public_id, WHY)
    assert noted.actor_name == evaluator.get_full_name()
    assert Operation.objects.filter(name="evaluation.grant_extract", reason=WHY).exists()


def test_after_the_last_day_it_is_gone(world: World, evaluator: User) -> None:
    made = granted(world, evaluator)
    with transaction.atomic(), operation("test.later"):
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        EvaluationExtract.objects.update(expires_on=yesterday)
    assert get(evaluator, "extract_file", made.public_id) == 404


def test_without_the_day_it_would_be_there(
    world: World, evaluator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    made = granted(world, evaluator)
    with transaction.atomic(), operation("test.later"):
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        EvaluationExtract.objects.update(expires_on=yesterday)
    monkeypatch.setattr(extracts, "fetched_by", extracts.seen_by)
    assert get(evaluator, "extract_file", made.public_id) == 200


@pytest.mark.parametrize(
    "wrong",
    [{"purpose": "Bra"}, {"expires_on": datetime.date(2020, 1, 1)}, {"granted_to": None}],
    ids=["no purpose", "has been", "no evaluator"],
)
def test_leave_needs_purpose_day_and_evaluator(
    world: World, evaluator: User, wrong: dict[str, object]
) -> None:
    given: dict[str, object] = {"purpose": WHY, "granted_to": evaluator, "expires_on": LATER}
    given |= wrong
    given["granted_to"] = given["granted_to"] or world.chief
    with pytest.raises(Refused):
        extracts.grant(
            programme=world.programme,
            actor=world.administrator,
            **given,  # type: ignore[arg-type]
        )
    assert not EvaluationExtract.objects.exists()


def test_only_the_office_gives(world: World, evaluator: User) -> None:
    with pytest.raises(NotAllowed):
        extracts.grant(
            programme=world.programme,
            purpose=WHY,
            granted_to=evaluator,
            expires_on=LATER,
            actor=evaluator,
        )


def test_the_price_does_not_follow_the_rows(world: World, evaluator: User) -> None:
    made = granted(world, evaluator)

    def price() -> int:
        with CaptureQueriesContext(connection) as asked:
            extracts.as_csv(made)
        return len(asked)

    few = price()
    participant(world, world.others[2])
    assert price() == few


def _age_and_district(text: str) -> list[tuple[str, str]]:
    rows = [line.split(";") for line in text.splitlines()[1:]]
    return [(row[4], row[6]) for row in rows]


def test_what_few_share_is_hidden_in_the_extract(world: World, evaluator: User) -> None:
    """Four of Farsta and two of Skärholmen: either alone would tell of the other."""
    text = extracts.as_csv(granted(world, evaluator)).decode("utf-8-sig")
    assert {district for district, _age in _age_and_district(text)} == {"dolt"}
    with transaction.atomic(), operation("test.limit"):
        Setting.objects.filter(key="small_number_limit").update(value=2)
    text = extracts.as_csv(granted(world, evaluator)).decode("utf-8-sig")
    assert "dolt" not in {district for district, _age in _age_and_district(text)}


def test_the_rule_is_what_hides(
    world: World, evaluator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(extracts, "without_small", lambda people, limit, order: dict(people))
    text = extracts.as_csv(granted(world, evaluator)).decode("utf-8-sig")
    assert world.skarholmen.short_name in {district for district, _age in _age_and_district(text)}


def test_fewer_than_the_limit_in_all_give_no_lines(world: World, evaluator: User) -> None:
    with transaction.atomic(), operation("test.limit"):
        Setting.objects.filter(key="small_number_limit").update(value=7)
    text = extracts.as_csv(granted(world, evaluator)).decode("utf-8-sig")
    assert len(text.splitlines()) == 1


def minutes_told(world: World, evaluator: User) -> set[str]:
    text = extracts.as_csv(granted(world, evaluator)).decode("utf-8-sig")
    return {line.rpartition(";")[2] for line in text.splitlines()[1:]}


def test_minutes_are_told_in_whole_steps(world: World, evaluator: User) -> None:
    """An unusual number of minutes would single somebody out."""
    one = Participation.objects.order_by("pk")[0]
    group = training.group_of(world, one.course, members=[one])
    occasion = training.occasion_of(world, group)
    training.invitation_to(occasion, one.person, one)
    marking.save_list(
        occasion_id=occasion.pk, wanted={}, actor=world.administrator, rest_present=True
    )
    assert minutes_told(world, evaluator) == {"0", "270"}
    # The control: with a step of a minute the day stands as it was counted.
    with transaction.atomic(), operation("test.step"):
        Setting.objects.update_or_create(
            programme=world.programme,
            key="extract_minutes_step",
            valid_from=world.programme.starts_on,
            defaults={"value": 1, "decision": "Test"},
        )
    assert minutes_told(world, evaluator) == {"0", "260"}


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, 0), (14, 0), (15, 30), (44, 30), (45, 60), (260, 270)]
)
def test_rounding_is_to_the_nearest_step(minutes: int, told: int) -> None:
    assert rounded(minutes, 30) == told


# Interviews


def test_only_those_who_have_said_yes_are_drawn(world: World, evaluator: User) -> None:
    with pytest.raises(Refused, match=r"sagt ja|said yes"):
        interviews.draw_sample(
            programme=world.programme, wanted=wanted(evaluator), actor=world.administrator
        )
    willing = (world.staff[0], world.staff[1], world.others[0])
    yes(*willing)
    sample = interviews.draw_sample(
        programme=world.programme, wanted=wanted(evaluator), actor=world.administrator
    )
    drawn = {pick.person_id for pick in interviews.contacts_of(sample)}
    assert drawn <= {person.pk for person in willing}
    # One from each administration.
    assert len(drawn) == 2
    assert sum(sample.population.values()) == 3


def test_a_sample_can_be_drawn_again(world: World, evaluator: User) -> None:
    yes(*world.staff)
    first, again = (
        interviews.draw_sample(
            programme=world.programme, wanted=wanted(evaluator, each=2), actor=world.administrator
        )
        for _turn in range(2)
    )
    picks = [list(one.picks.values_list("person", "stratum", "order")) for one in (first, again)]
    assert picks[0] == picks[1]
    assert first.population_digest == again.population_digest


def test_taking_back_leaves_every_list(world: World, evaluator: User) -> None:
    person = world.staff[0]
    yes(person)
    sample = interviews.draw_sample(
        programme=world.programme, wanted=wanted(evaluator), actor=world.administrator
    )
    page = reverse("evaluation:sample", args=[sample.public_id])
    assert person.email in signed_in(evaluator).get(page).content.decode()
    assert person.user is not None
    signed_in(person.user).post(reverse("evaluation:consent"), {"answer": "no"})
    assert person.email not in signed_in(evaluator).get(page).content.decode()
    assert ReadEvent.objects.filter(name="interview.contacts").count() == 2


def test_a_protected_person_can_not_be_drawn(world: World, evaluator: User) -> None:
    person, other = world.staff[:2]
    yes(person, other)
    protect(person)
    sample = interviews.draw_sample(
        programme=world.programme, wanted=wanted(evaluator, each=5), actor=world.administrator
    )
    assert [pick.person_id for pick in interviews.contacts_of(sample)] == [other.pk]
    person.refresh_from_db()
    assert person.user is not None
    with pytest.raises(Refused):
        interviews.say_yes(person=person, actor=person.user)


def test_the_participant_says_yes_once_on_the_own_page(world: World) -> None:
    person = world.staff[0]
    person.refresh_from_db()
    assert person.user is not None
    client = signed_in(person.user)
    for _turn in range(2):
        client.post(reverse("evaluation:consent"), {"answer": "yes"})
    assert interviews.consent_of(person) is not None
    assert Operation.objects.filter(name="interview.consent").count() == 1


def test_the_pages_of_the_office(world: World, evaluator: User) -> None:
    yes(*world.staff)
    client = signed_in(world.administrator)
    given = {"granted_to": evaluator.pk, "purpose": WHY, "expires_on": LATER.isoformat()}
    assert (
        client.post(reverse("evaluation:extract_new"), {**given, "purpose": ""}).status_code == 422
    )
    assert client.post(reverse("evaluation:extract_new"), given).status_code == 302
    rule = {**given, "strata": ["district", "sex"], "each": 1, "seed": "maj"}
    assert client.post(reverse("evaluation:sample_new"), rule).status_code == 302
    assert WHY in client.get(reverse("evaluation:material")).content.decode()
    assert InterviewSample.objects.get().strata == ["district", "sex"]
    assert get(evaluator, "material") == 200
    assert get(world.chief, "material") == 404


def test_without_the_consent_everyone_would_be_drawn(
    world: World, evaluator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the sample is of what the candidates are."""
    everyone = [Candidate(person.public_id, "alla") for person in world.staff]
    persons = {person.public_id: person.pk for person in world.staff}
    monkeypatch.setattr(interviews, "_candidates", lambda *_: (everyone, persons))
    sample = interviews.draw_sample(
        programme=world.programme, wanted=wanted(evaluator, each=9), actor=world.administrator
    )
    assert sample.picks.count() == len(world.staff)
    # And even then nobody who has not said yes is shown.
    assert interviews.contacts_of(sample) == []
    assert sample_rules.draw(everyone, seed="maj", each=9).digest == sample.population_digest
