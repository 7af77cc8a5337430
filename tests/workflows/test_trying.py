"""Provkör: what a draft would do, with made-up values, stored test cases and real cases."""

from collections import Counter
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.conditions import Rule
from people.models import User
from tests.clients import signed_in
from tests.workflows.builders import TWO_STEPS, World, answer, case_in, version_of
from tests.workflows.test_publishing import draft, redraw
from workflows import trying
from workflows.actions import CannotPublish, publish_workflow, remove_test, save_test
from workflows.models import Case, WorkflowDefinition, WorkflowTest
from workflows.rules import Given, Mode, State, Step, Verdict
from workflows.simulation import Past, Turn, other_way, play, tasks

PRIORITISE, ADMIT = TWO_STEPS
COSTLY = Step("costly", "Ekonomi", "revisor", condition=Rule("cost", "at_least", "1000"))
WITH_COSTLY = (PRIORITISE, COSTLY, ADMIT)
APPROVED = Turn("prioritise", Verdict.APPROVE), Turn("admit", Verdict.APPROVE)


def test_play_follows_conditions_and_answers() -> None:
    cheap = play(WITH_COSTLY, {"cost": "10"}, APPROVED)
    assert (cheap.position.state, cheap.path) == (State.APPROVED, ("prioritise", "admit"))
    dear = play(WITH_COSTLY, {"cost": "1000"}, APPROVED)
    assert dear.stuck == Turn("admit", Verdict.APPROVE)
    assert dear.path == ("prioritise", "costly")


def test_play_asks_again_after_a_return() -> None:
    turns = [Turn("prioritise", Verdict.RETURN)]
    assert play(TWO_STEPS, {}, turns).position.state is State.RETURNED
    assert play(TWO_STEPS, {}, [*turns, *APPROVED]).position.state is State.APPROVED


def test_play_refuses_answers_that_a_step_does_not_allow() -> None:
    strict = replace(PRIORITISE, verdicts=(Verdict.APPROVE, Verdict.DECLINE))
    played = play([strict, ADMIT], {}, [Turn("prioritise", Verdict.RETURN)])
    assert played.not_allowed
    assert play([strict, ADMIT], {}, [Turn("prioritise", Verdict.DECLINE)]).stuck is None


def test_play_counts_approvals_where_several_must() -> None:
    two = replace(PRIORITISE, mode=Mode.K_OF_N, k=2)
    once = play([two, ADMIT], {}, APPROVED[:1])
    assert once.position.keys() == ("prioritise",)
    assert play([two, ADMIT], {}, [APPROVED[0], *APPROVED]).position.state is State.APPROVED


def past(*given: tuple[str, Verdict], cost: str = "10") -> Past:
    return Past(1, TWO_STEPS, {"cost": cost}, tuple(Given(key, verdict) for key, verdict in given))


def test_other_way_names_what_is_added_dropped_and_decided_by_others() -> None:
    done = past(("prioritise", Verdict.APPROVE), ("admit", Verdict.APPROVE), cost="2000")
    way = other_way(WITH_COSTLY, done)
    assert way is not None
    assert (way.added, way.dropped, way.lands.keys()) == (("costly",), (), ("costly",))
    assert other_way(WITH_COSTLY, past(cost="10")) is None
    fewer = other_way((ADMIT,), past())
    assert fewer is not None
    assert (fewer.dropped, fewer.lands.keys()) == (("prioritise",), ("admit",))
    others = other_way((PRIORITISE, replace(ADMIT, role="revisor")), past())
    assert others is not None
    assert others.others == ("admit",)


def test_tasks_are_counted_as_if_everyone_answered() -> None:
    waiting, declined = past(cost="2000"), past(("prioritise", Verdict.DECLINE), cost="2000")
    assert tasks(WITH_COSTLY, waiting) == Counter(
        {"avdelningschef": 1, "revisor": 1, "projektledare": 1}
    )
    assert tasks(WITH_COSTLY, declined) == Counter({"avdelningschef": 1})
    returned = past(("prioritise", Verdict.RETURN))
    assert tasks(TWO_STEPS, returned) == Counter({"avdelningschef": 1, "projektledare": 1})
    two = replace(PRIORITISE, mode=Mode.K_OF_N, k=2)
    assert tasks([two, ADMIT], past())["avdelningschef"] == 2


def store(definition: WorkflowDefinition, actor: User, **changed: object) -> WorkflowTest:
    values: dict[str, object] = {
        "name": "En billig bänk",
        "data": {"cost": "10"},
        "turns": [
            {"step": "prioritise", "verdict": "approve"},
            {"step": "admit", "verdict": "approve"},
        ],
        "path": ["prioritise", "admit"],
        "outcome": "approved",
    }
    return save_test(definition=definition, actor=actor, **(values | changed))  # type: ignore[arg-type]


def test_a_failing_test_case_refuses_publishing(world: World) -> None:
    definition = draft(*WITH_COSTLY)
    test = store(definition, world["leader"], data={"cost": "5000"})
    with pytest.raises(CannotPublish, match="test case “En billig bänk” fails"):
        publish_workflow(definition=definition, actor=world["leader"])
    url = reverse("workflows_publish", args=[definition.pk])
    body = signed_in(world["leader"]).get(url).content.decode()
    assert reverse("workflows_test", args=[definition.pk, test.pk]) in body
    # The control: what is right passes, and what is taken away stops nothing.
    store(definition, world["leader"], name="Dyr", data={"cost": "10"})
    remove_test(test=test, actor=world["leader"])
    assert publish_workflow(definition=definition, actor=world["leader"]).number == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"outcome": "declined"}, "the case is approved, but should be: is declined"),
        ({"path": ["prioritise"]}, "it comes to “Anta”, which it should not"),
        (
            {"path": ["prioritise", "costly", "admit"]},
            "it does not come to “Ekonomi”",
        ),
        ({"turns": [{"step": "gone", "verdict": "approve"}]}, "does not wait there then"),
    ],
)
def test_how_a_test_case_fails_is_said(
    world: World, changed: dict[str, object], words: str
) -> None:
    definition = draft(*WITH_COSTLY)
    store(definition, world["leader"], **changed)
    [result] = trying.run_tests(definition, WITH_COSTLY)
    assert words in " ".join(result.faults)
    assert bool(result.faults) is bool(words)


def test_two_test_cases_do_not_share_a_name(world: World) -> None:
    definition = draft()
    store(definition, world["leader"])
    with pytest.raises(IntegrityError), transaction.atomic():
        store(definition, world["leader"])


def test_a_replay_lists_names_and_counts(world: World) -> None:
    definition = draft()
    first = publish_workflow(definition=definition, actor=world["leader"])
    for cost in (10, 2000):
        case = case_in(world, first, data={"place": "park", "cost": cost})
        answer(case, world["avdelning"])
    redraw(definition, *WITH_COSTLY)
    found = trying.replay(
        definition, WITH_COSTLY, last=50, viewer=world["leader"], roles={"revisor": "Revisor"}
    )
    assert (found.total, found.other, found.hidden) == (2, 1, 0)
    [row] = found.rows
    assert row.added == ["Ekonomi"]
    assert (row.was, row.lands) == ("Waits at “Anta”", "Waits at “Ekonomi”")
    assert {one.role: (one.before, one.after) for one in found.tasks}["Revisor"] == (0, 1)
    # Whoever may not see the case learns the number, not the name.
    unseen = trying.replay(definition, WITH_COSTLY, last=50, viewer=world["norra_chef"], roles={})
    assert (unseen.other, unseen.hidden, unseen.rows) == (1, 1, [])


def test_a_new_workflow_is_tried_on_the_cases_of_its_kind(world: World) -> None:
    case_in(world, version_of())
    assert len(trying.past_cases(draft(key="brand-new"), 50)) == 1


def test_a_replay_costs_the_same_for_two_and_for_twenty(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    definition = draft()
    first = publish_workflow(definition=definition, actor=world["leader"])
    leader = world["leader"]
    costly = replace(COSTLY, condition=None)

    def run() -> trying.Replay:
        return trying.replay(definition, [costly, *TWO_STEPS], last=50, viewer=leader, roles={})

    for _ in range(2):
        answer(case_in(world, first), world["avdelning"])
    run()
    with django_assert_num_queries(7):
        assert run().other == 2
    for _ in range(20):
        answer(case_in(world, first), world["avdelning"])
    with django_assert_num_queries(7):
        assert run().other == 22


def test_the_page_replays_and_touches_nothing(world: World) -> None:
    definition = draft()
    first = publish_workflow(definition=definition, actor=world["leader"])
    case = case_in(world, first, data={"place": "park", "cost": 2000})
    redraw(definition, *WITH_COSTLY)
    url = reverse("workflows_trial", args=[definition.pk])
    client = signed_in(world["leader"])
    body = client.get(url, {"antal": "50"}).content.decode()
    assert case.reference in body
    assert "Added: Ekonomi" in body
    assert Case.objects.get().version == first
    assert case.reference not in client.get(url, {"antal": "7"}).content.decode()
    assert signed_in(world["avdelning"]).get(url).status_code == 403


def test_values_are_tried_then_stored_in_the_browser(world: World) -> None:
    definition = draft(*WITH_COSTLY)
    url = reverse("workflows_new_test", args=[definition.pk])
    client = signed_in(world["leader"])
    assert "The rules compare with: 1000." in client.get(url).content.decode()
    values = {
        "value_cost": "1500",
        "turn_0": "prioritise:approve",
        "turn_1": "costly:decline",
    }
    tried = client.post(url, {**values, "try": ""})
    assert "Declined at “Ekonomi”" in tried.content.decode()
    assert not WorkflowTest.objects.exists()
    form = tried.context["form"]
    assert (form["outcome"].value(), form["path"].value()) == ("declined", ["prioritise", "costly"])
    refused = client.post(url, {**values, "save": ""})
    assert refused.status_code == 422
    stored = {
        **values,
        "name": "Dyrt avslås",
        "outcome": "declined",
        "path": ["prioritise", "costly"],
        "save": "",
    }
    assert client.post(url, stored).status_code == 302
    test = WorkflowTest.objects.get()
    assert test.turns == [
        {"step": "prioritise", "verdict": "approve"},
        {"step": "costly", "verdict": "decline"},
    ]
    own = reverse("workflows_test", args=[definition.pk, test.pk])
    assert "1500" in client.get(own).content.decode()
    assert client.post(url, stored).status_code == 422  # the name is taken
    assert client.post(own, {**stored, "value_cost": "1600"}).status_code == 302
    test.refresh_from_db()
    assert test.data == {"cost": "1600"}
    other = draft(key="other")
    assert client.get(reverse("workflows_test", args=[other.pk, test.pk])).status_code == 404
    assert client.post(own, {"remove": ""}).status_code == 302
    assert not WorkflowTest.objects.exists()
