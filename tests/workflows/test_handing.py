"""Handing a step over to a named person, and who decides when a level has nobody."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation as open_operation
from core.workdays import add_working_days
from people.models import User
from tests.clients import signed_in
from tests.workflows.builders import (
    World,
    answer,
    case_in,
    give,
    organisation,
    person_of,
    user,
    version_of,
)
from tests.workflows.test_pages import queries_of
from tests.workflows.test_races import all_at_once
from workflows import queries
from workflows.actions import CannotDecide, StaleDecision, clock, engine, hand_over, handing
from workflows.actions import delegation as deputies
from workflows.clock import Tick
from workflows.errors import CannotReassign
from workflows.models import Case, Message, StepEvent
from workflows.rules import Mode, Step

ONE = Step(key="prioritise", name="Prioritera", role="avdelningschef")


def hand(case: Case, world: World, by: str, to: str | None, reason: str = "jäv") -> Case:
    return hand_over(
        case_id=case.pk,
        step_key="prioritise",
        round=1,
        to=world[to] if to else None,
        reason=reason,
        actor=world[by],
    )


def test_the_person_named_decides_instead_and_it_is_written_down(world: World) -> None:
    case = case_in(world)
    hand(case, world, "avdelning", "norra_chef")
    event = case.step_events.get()
    assert (event.kind, event.by_name, event.to_words) == (
        "reassigned",
        "Avdelning Person",
        "Norra_chef Person",
    )
    assert event.reason == "jäv"
    assert Message.objects.get(kind="case.handed").recipient == world["norra_chef"]
    operation = Operation.objects.get(name="case.reassign", subject=case.reference)
    assert (operation.actor_name, operation.reason) == ("Avdelning Person", "jäv")
    assert [item.case for item in queries.inbox(world["norra_chef"])] == [case]
    assert not queries.inbox(world["avdelning"]).exists()
    with pytest.raises(CannotDecide):
        answer(case, world["avdelning"])
    page = signed_in(world["norra_chef"]).get(case.get_absolute_url()).content.decode()
    assert "The step has been handed over to Norra_chef Person." in page
    assert "handed “Prioritera” over to Norra_chef Person." in page
    answer(case, world["norra_chef"])
    assert case.decisions.get().actor == world["norra_chef"]


def test_it_is_taken_back_and_handed_on(world: World) -> None:
    case = case_in(world)
    give(user("Tredje Chef"), "avdelningschef", world.norra)
    world.people["third"] = User.objects.get(first_name="Tredje")
    hand(case, world, "avdelning", "norra_chef")
    hand(case, world, "norra_chef", "third")
    hand(case, world, "avdelning", None)
    assert case.work_items.get().assigned_to is None
    assert case.step_events.filter(kind="reassigned").count() == 3
    answer(case, world["avdelning"])


def test_the_office_hands_over_what_others_decide(world: World) -> None:
    case = case_in(world)
    hand(case, world, "leader", "norra_chef")
    answer(case, world["norra_chef"])


def test_a_deputy_hands_over_and_both_names_stand(world: World) -> None:
    deputies.add(
        giver=world["avdelning"],
        deputy=world["nobody"],
        valid_from=_today(),
        valid_to=_today(),
        reason="semester",
        actor=world["avdelning"],
    )
    case = case_in(world)
    hand(case, world, "nobody", "norra_chef")
    assert case.step_events.get().by_name == "Nobody Person (deputy for Avdelning Person)"


def _today() -> datetime.date:
    return timezone.localdate()


@pytest.mark.parametrize("who", ["chef", "norra_chef", "auditor", "nobody"])
def test_others_hand_nothing_over(world: World, who: str) -> None:
    case = case_in(world)
    with pytest.raises(CannotReassign):
        hand(case, world, who, "norra_chef" if who != "norra_chef" else "avdelning")
    url = reverse("workflows:handing", args=[case.reference])
    assert signed_in(world[who]).get(url).status_code == 404
    assert signed_in(world[who]).post(url).status_code == 404


def test_the_office_hands_nothing_over_in_its_own_case(world: World) -> None:
    case = case_in(world, version_of(ONE), initiator="leader")
    with pytest.raises(CannotReassign):
        hand(case, world, "leader", "norra_chef")
    hand(case, world, "deputy_leader", "norra_chef")


def test_without_that_bar_it_could_choose_its_own_judge(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_in(world, version_of(ONE), initiator="leader")
    monkeypatch.setattr("workflows.access.kept_apart", lambda case: frozenset())
    hand(case, world, "leader", "norra_chef")
    assert case.work_items.get().assigned_to == world["norra_chef"]


def test_nobody_hands_to_themselves_or_to_whoever_may_not_decide(world: World) -> None:
    give(world["leader"], "avdelningschef", world.norra)
    give(world["chef"], "avdelningschef", world.norra)
    give(world["deputy_leader"], "avdelningschef", world.norra)
    about = person_of(world["deputy_leader"], world.unit)
    case = case_in(world, concerns=about)
    for to in ("leader", "nobody", "chef", "deputy_leader"):
        with pytest.raises(CannotReassign):
            hand(case, world, "leader", to)
    assert not case.step_events.exists()


def test_without_that_check_anyone_could_be_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_in(world)
    monkeypatch.setattr(handing, "eligible", lambda *given, **more: User.objects.all())
    hand(case, world, "leader", "nobody")
    assert case.work_items.get().assigned_to == world["nobody"]
    # And the engine still lets only whoever holds the role decide.
    with pytest.raises(CannotDecide):
        answer(case, world["nobody"])


def test_a_reason_is_needed_and_a_late_click_is_refused(world: World) -> None:
    case = case_in(world)
    with pytest.raises(CannotReassign, match="why"):
        hand(case, world, "avdelning", "norra_chef", reason=" ")
    with pytest.raises(CannotReassign, match="Choose"):
        hand(case, world, "avdelning", None)
    answer(case, world["avdelning"])
    with pytest.raises(StaleDecision):
        hand(case, world, "avdelning", "norra_chef")


def test_what_several_decide_is_not_handed_over(world: World) -> None:
    every = Step(key="prioritise", name="Prioritera", role="projektledare", mode=Mode.ALL)
    case = case_in(world, version_of(every))
    with pytest.raises(CannotReassign, match="Several"):
        hand(case, world, "leader", "deputy_leader")


def test_whoever_has_lost_the_role_decides_no_more_and_the_clock_gives_it_back(
    world: World,
) -> None:
    case = case_in(world)
    hand(case, world, "avdelning", "norra_chef")
    assert clock.tick() == {}
    world["norra_chef"].assignments.update(valid_to=_today() - datetime.timedelta(days=1))
    with pytest.raises(CannotDecide):
        answer(case, world["norra_chef"])
    assert not queries.inbox(world["avdelning"]).exists()
    assert clock.tick() == {Tick.GIVE_BACK: 1}
    assert clock.tick() == {}
    assert [item.case for item in queries.inbox(world["avdelning"])] == [case]
    last = case.step_events.latest("pk")
    assert (last.kind, last.by_name, last.to_words) == ("reassigned", "", "Avdelningschef")
    told = Message.objects.filter(kind="case.handed", recipient=world["avdelning"])
    assert told.count() == 1
    answer(case, world["avdelning"])


def test_a_handed_step_that_stays_silent_is_escalated_like_any_other(world: World) -> None:
    late = Step(
        key="prioritise", name="Prioritera", role="avdelningschef", escalate_to="projektledare"
    )
    case = case_in(world, version_of(late))
    hand(case, world, "avdelning", "norra_chef")
    with time_machine.travel(add_working_days(_today(), 15), tick=False):
        clock.tick()
        clock.tick()
        assert Message.objects.get(kind="case.reminded").recipient == world["norra_chef"]
        answer(case, world["leader"])


@pytest.mark.django_db(transaction=True)
def test_handed_over_twice_at_once_one_is_the_last_and_both_are_written(
    committed_world: World,
) -> None:
    world = committed_world
    with transaction.atomic(), open_operation("test"):
        case = case_in(world)
        give(user("Tredje Chef"), "avdelningschef", world.norra)
    world.people["third"] = User.objects.get(first_name="Tredje")
    to = ["norra_chef", "third"]
    errors = all_at_once(lambda index: hand(case, world, "leader", to[index]), 2)
    assert errors == []
    assert StepEvent.objects.filter(case=case).count() == 2
    last = StepEvent.objects.filter(case=case).latest("pk")
    assert case.work_items.get().assigned_to_id == last.to_user_id


def test_the_page_finds_the_nearest_first_and_hands_over(world: World) -> None:
    give(user("Nära Chef"), "avdelningschef", world.farsta)
    case = case_in(world)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:handing", args=[case.reference])
    page = client.get(url).content.decode()
    assert page.index("Nära Chef") < page.index("Norra_chef Person")
    assert "Nära Chef" not in client.get(url, {"q": "norra"}).content.decode()
    near = User.objects.get(first_name="Nära")
    given = {"step_key": "prioritise", "round": "1", "to": near.public_id}
    assert client.post(url, {**given, "reason": ""}).status_code == 422
    assert (
        client.post(url, {"step_key": "prioritise", "round": 1, "reason": "x"}).status_code == 422
    )
    wrong = {**given, "to": world["nobody"].public_id, "reason": "x"}
    assert client.post(url, wrong).status_code == 422
    assert client.post(url, {**given, "reason": "jäv"}).status_code == 302
    assert case.work_items.get().assigned_to == near
    assert client.post(url, {**given, "reason": "åter", "back": "1"}).status_code == 302
    assert case.work_items.get().assigned_to is None
    # The other tab, or a second click.
    again = client.post(url, {**given, "reason": "åter", "back": "1"})
    assert again.status_code == 422
    assert "Choose who is to decide." in again.content.decode()


def test_the_page_costs_the_same_with_more_people(world: World) -> None:
    case = case_in(world)
    url = reverse("workflows:handing", args=[case.reference])
    client = signed_in(world["avdelning"])
    few = queries_of(client, url)
    for n in range(22):
        give(user(f"Chef Nummer{n}"), "avdelningschef", world.norra)
    assert queries_of(client, url) == few


def words_of(case: Case, account: User) -> str:
    return signed_in(account).get(case.get_absolute_url()).content.decode()


def test_a_level_without_a_holder_passes_upwards_and_the_page_says_so(world: World) -> None:
    above = user("Distrikt Chef")
    give(above, "avdelningschef", world.farsta)
    other = world.norra
    # The role is mostly held at departments, so a department without one stands out.
    for n in range(3):
        place = organisation(f"Norra avdelning {n}", "department", other)
        give(user(f"Chef Avd{n}"), "avdelningschef", place)
    case = case_in(world)
    assert "has no avdelningschef now" not in words_of(case, world["leader"])
    world["avdelning"].assignments.update(valid_to=_today() - datetime.timedelta(days=1))
    page = words_of(case, world["leader"])
    assert "Farsta barn och unga has no avdelningschef now, so avdelningschef, Farsta" in page
    assert [item.case for item in queries.inbox(above)] == [case]
    answer(case, above)


def test_a_level_with_only_a_barred_holder_passes_upwards_and_the_page_says_so(
    world: World,
) -> None:
    above = user("Distrikt Chef")
    give(above, "avdelningschef", world.farsta)
    case = case_in(world, version_of(ONE), concerns=person_of(world["avdelning"], world.unit))
    page = words_of(case, above)
    assert "Whoever is avdelningschef at Farsta barn och unga may not decide in this case" in page
    assert not queries.inbox(world["avdelning"]).exists()
    assert [item.case for item in queries.inbox(above)] == [case]
    answer(case, above)


def test_the_fallback_role_decides_when_the_role_has_nobody(world: World) -> None:
    step = Step(
        key="prioritise", name="Prioritera", role="kommunikator", fallback_role="projektledare"
    )
    give(user("Kom Munikatör"), "kommunikator", world.norra)
    case = case_in(world, version_of(step))
    page = words_of(case, world["leader"])
    assert "Nobody who is kommunikator can decide for Farsta enhet ett, so projektledare" in page
    answer(case, world["leader"])


def test_the_page_tells_what_silence_leads_to(world: World) -> None:
    step = Step(
        key="prioritise",
        name="Prioritera",
        role="avdelningschef",
        escalate_to="projektledare",
        lapse_after=4,
    )
    with time_machine.travel(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC), tick=False):
        case = case_in(world, version_of(step))
        page = words_of(case, world["chef"])
    for words in ("a reminder is sent", "also projektledare may decide", "the case lapses"):
        assert words in page


def test_a_protected_identity_is_not_offered(world: World) -> None:
    run = engine.read(case_in(world))
    (place,) = run.position().places
    give(world["nobody"], "avdelningschef", world.norra)
    offered = handing.eligible(run, place.step, besides=world["avdelning"])
    assert world["nobody"] in offered
    person = person_of(world["nobody"], world.unit)
    person.protected = True
    person.save()
    assert world["nobody"] not in offered.all()
