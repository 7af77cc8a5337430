"""Who is told of a decision: said before it is given, and kept when it is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import User
from tests.workflows.builders import TWO_STEPS, World, answer, case_in, give, user, version_of
from workflows import notices
from workflows.actions import engine
from workflows.models import Case, Decision, Message
from workflows.rules import Step, Verdict
from workflows.telling import by_verdict

THREE = (*TWO_STEPS, Step(key="sign", name="Signera", role="direktor", working_days=5))


def in_three(world: World) -> Case:
    """A case that two have approved, and that waits for a third."""
    give(world["deputy_leader"], "direktor", world.city)
    case = case_in(world, version_of(*THREE, key="three"))
    answer(case, world["avdelning"])
    return answer(case, world["leader"])


def outcome(case: Case) -> list[tuple[User | None, str]]:
    rows = Message.objects.filter(case=case, kind__startswith="case.declined").order_by("pk")
    return [(row.recipient, row.kind) for row in rows]


def page_of(world: World, case: Case, who: str) -> str:
    client = Client()
    client.force_login(world[who])
    return client.get(case.get_absolute_url()).content.decode()


def test_a_decline_is_told_to_those_who_approved_each_once(world: World) -> None:
    case = in_three(world)
    answer(case, world["deputy_leader"], Verdict.DECLINE)
    assert outcome(case) == [
        (world["chef"], "case.declined"),
        (world["avdelning"], "case.declined_later"),
        (world["leader"], "case.declined_later"),
    ]


def test_the_first_who_declines_tells_the_initiator_alone(world: World) -> None:
    case = case_in(world)
    answer(case, world["avdelning"], Verdict.DECLINE)
    assert outcome(case) == [(world["chef"], "case.declined")]


def test_an_approval_that_holds_no_more_is_not_told(world: World) -> None:
    case = in_three(world)
    run = engine.read(case)
    by = world["deputy_leader"].pk
    assert len(notices.approvers(run.case, run.decisions, by=by)) == 2
    # What was approved has changed since.
    run.case.era += 1
    assert notices.approvers(run.case, run.decisions, by=by) == []


def test_the_decider_and_the_initiator_are_never_told_as_approvers() -> None:
    case = Case(initiator_id=1, era=1)
    given = [
        Decision(actor_id=pk, verdict=verdict, era=1)
        for pk, verdict in ((1, "approve"), (2, "approve"), (2, "approve"), (3, "return"))
    ]
    assert notices.approvers(case, given, by=4) == [2]
    assert notices.approvers(case, given, by=2) == []


def test_an_account_that_is_closed_is_not_told(world: World) -> None:
    case = in_three(world)
    User.objects.filter(pk=world["leader"].pk).update(is_active=False)
    answer(case, world["deputy_leader"], Verdict.DECLINE)
    assert (world["leader"], "case.declined_later") not in outcome(case)
    assert (world["avdelning"], "case.declined_later") in outcome(case)


def test_what_the_page_says_is_what_is_sent(world: World) -> None:
    case = in_three(world)
    page = page_of(world, case, "deputy_leader")
    run = engine.read(case)
    step = run.position().places[0].step
    said = by_verdict(run, step, world["deputy_leader"])
    assert said["decline"] == [
        "Chef Person (started the case)",
        "Avdelning Person (approved earlier)",
        "Leader Person (approved earlier)",
    ]
    assert said["approve"] == said["return"] == ["Chef Person (started the case)"]
    assert "Avdelning Person (approved earlier), Leader Person (approved earlier)" in page
    # Looking has decided nothing and told nobody.
    assert case.decisions.count() == 2
    assert outcome(case) == []
    answer(case, world["deputy_leader"], Verdict.DECLINE)
    assert [who.get_full_name() for who, _kind in outcome(case) if who] == [
        line.partition(" (")[0] for line in said["decline"]
    ]


def test_an_approval_that_moves_on_names_those_who_decide_next(world: World) -> None:
    case = case_in(world)
    before = set(Message.objects.values_list("pk", flat=True))
    page = page_of(world, case, "avdelning")
    said = "Deputy_leader Person (Projektledare), Leader Person (Projektledare)"
    assert said in page
    answer(case, world["avdelning"])
    told = Message.objects.exclude(pk__in=before).values_list("recipient", flat=True)
    assert set(told) == {world["leader"].pk, world["deputy_leader"].pk}


def test_nobody_else_reads_who_would_be_told(world: World) -> None:
    case = case_in(world)
    assert "Gets a message:" in page_of(world, case, "avdelning")
    assert "Gets a message:" not in page_of(world, case, "auditor")


def test_without_the_rule_only_the_initiator_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "approvers", lambda *_args, **_more: [])
    case = in_three(world)
    answer(case, world["deputy_leader"], Verdict.DECLINE)
    assert outcome(case) == [(world["chef"], "case.declined")]


def test_many_cases_name_each_once_and_ask_as_much(world: World) -> None:
    first = case_in(world)
    client = Client()
    client.force_login(world["leader"])
    cases = [first, *(case_in(world, first.version) for _ in range(7))]
    for case in cases:
        answer(case, world["avdelning"])
    address = reverse("workflows:decide_many")

    def asked(some: list[Case]) -> int:
        chosen = [f"{case.pk}:1:admit" for case in some]
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address, {"chosen": chosen}).content.decode()
        assert page.count("Avdelning Person (approved earlier)") == 1
        assert page.count("Chef Person (started the case)") == 2
        return len(queries)

    asked(cases[:2])
    few = asked(cases[:2])
    assert asked(cases) == few


def test_somebody_new_who_starts_it_is_the_one_named(world: World) -> None:
    world.people["other"] = user("Other Person")
    case = case_in(world, initiator="other")
    assert "Other Person (started the case)" in page_of(world, case, "avdelning")
