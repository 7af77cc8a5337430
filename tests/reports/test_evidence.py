"""The evidence of a case: who gets it, what it tells, what it costs."""

import datetime
import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from audit.models import ReadEvent
from people.models import Organisation, Role, RoleAssignment, User
from tests.clients import signed_in
from tests.programme.builders import (
    World,
    account,
    approved,
    build_world,
    nominated,
)
from tests.reports.reading import page, printed, return_and_complete, told
from tests.workflows import builders as parks
from workflows import kinds
from workflows.actions import move_cases, withdraw
from workflows.models import Case, Decision, Delegation, StepEvent
from workflows.rules import Step, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: object) -> Iterator[None]:
    with translation.override("en"):
        settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
        yield


@pytest.fixture
def world(operation: None) -> World:
    return build_world()


@pytest.fixture
def bench(operation: None) -> Iterator[parks.World]:
    """A small city with a kind of case that has no form, for workflows of the test's own."""
    parks.use_kind()
    yield parks.build_world()
    kinds.unregister(parks.ParkKind.key)


# Who


def test_only_those_who_may_see_the_case_get_its_evidence(world: World) -> None:
    case = nominated(world, world.staff[0]).case
    paths = [f"/arenden/{case.reference}/underlag/", f"/arenden/{case.reference}/underlag.pdf"]
    for path in paths:
        for user in (world.chief, world.head, world.administrator, world.auditor):
            assert signed_in(user).get(path).status_code == 200, (path, user)
        assert signed_in(world.other_chief).get(path).status_code == 404
        assert Client().get(path).status_code == 302
        assert signed_in(world.auditor).post(path).status_code == 405
    assert signed_in(world.auditor).get("/arenden/N-1999-0001/underlag.pdf").status_code == 404


def test_every_look_is_noted_and_a_refused_one_is_not(world: World) -> None:
    case = nominated(world, world.staff[0]).case
    page(world.chief, case)
    printed(world.auditor, case)
    signed_in(world.other_chief).get(f"/arenden/{case.reference}/underlag/")

    noted = ReadEvent.objects.filter(subject=case.reference, name="case.read_evidence")

    assert {row.actor_name for row in noted} == {"Chef Test", "Revisor Test"}
    assert noted.count() == 2


def test_the_case_and_the_desk_lead_to_it(world: World) -> None:
    case = nominated(world, world.staff[0]).case
    link = f"/arenden/{case.reference}/underlag/"
    for path in (f"/arenden/{case.reference}/", f"/revision/arenden/{case.reference}/"):
        assert link in signed_in(world.auditor).get(path).content.decode()


# What


def test_it_tells_the_version_the_steps_and_the_decisions(world: World) -> None:
    case = approved(world, world.staff[0]).nomination.case
    text = page(world.auditor, case)

    version = case.version
    decisions = list(case.decisions.all())
    assert len(decisions) == 3
    for wanted in (
        case.reference,
        version.definition.name,
        version.digest,
        "Administrator Test",  # who published
        case.data_digest,
        *(each.name for each in steps_of(case)),
        *(each.held_role for each in decisions),
        *(each.actor_name for each in decisions),
        "UTC+01:00" if timezone.localtime().utcoffset() == datetime.timedelta(hours=1) else "UTC+",
        "Met by the submission, as the one who decides the step.",
    ):
        assert str(wanted) in text, wanted
    operations = Decision.history.filter(case_id=case.pk).values_list("operation_id", flat=True)
    for id in operations:
        assert str(id) in text


def steps_of(case: Case) -> list[Step]:
    from workflows.versions import steps_of as frozen

    return list(frozen(case.version_id))


def test_roles_and_names_are_those_of_then(world: World) -> None:
    case = approved(world, world.staff[0]).nomination.case
    before = told(world.auditor, case)

    RoleAssignment.objects.filter(user=world.head).update(
        valid_to=timezone.localdate() - datetime.timedelta(days=1)
    )
    Organisation.objects.filter(pk=world.unit.pk).update(name="Nya enheten")
    Organisation.objects.filter(pk=world.farsta.pk).update(name="Söderorts stadsdelsförvaltning")
    User.objects.filter(pk__in=[world.chief.pk, world.head.pk]).update(last_name="Omgift")
    Role.objects.filter(pk="avdelningschef").update(name="Enhetsledare")

    after = told(world.auditor, case)
    assert "Avdelningschef, Farsta stadsdelsförvaltning" in after  # the role held then
    organisation = json.loads(after)["sections"][0]["blocks"][0]["rows"][2]
    assert organisation["value"] == "Enheten f1"
    assert organisation["note"] == "Farsta stadsdelsförvaltning"
    assert "Chef Test" in after
    assert "Omgift" not in after
    assert "Enhetsledare" not in after
    # The control: pages of today do use today's names.
    assert "Omgift" in signed_in(world.auditor).get(f"/arenden/{case.reference}/").content.decode()
    assert before != after  # the person's unit is told by the kind of case, as it is now


def test_a_question_and_its_answer_are_told_with_what_changed(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    return_and_complete(nomination, world, "7")
    text = told(world.auditor, nomination.case)

    label = next(
        str(words)
        for key, words in kinds.kind_of(nomination.case).field_labels(nomination.case).items()
        if key == "priority"
    )
    assert f'"label":"Asked about","note":"","value":"{label}"' in text
    assert "”Vilken plats har personen?”" in text
    assert f'"label":"{label}","note":"Before: 1","value":"7"' in text
    assert '"tag":"completed, round 2"' in text


def test_each_of_several_rounds_is_told(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    for priority in ("7", "8"):
        return_and_complete(nomination, world, priority)
    text = told(world.auditor, nomination.case)
    assert '"note":"Before: 1","value":"7"' in text
    assert '"note":"Before: 7","value":"8"' in text
    assert "Waited, round 3" in text


def test_a_step_that_did_not_apply_says_why(bench: parks.World) -> None:
    from core.conditions import Rule

    version = parks.version_of(
        parks.TWO_STEPS[0],
        Step("dear", "Dyrt", "projektledare", condition=Rule("cost", "greater_than", "1000")),
        Step("cheap", "Billigt", "projektledare", condition=Rule("cost", "less_than", "1000")),
    )
    case = parks.case_in(bench, version)
    parks.answer(case, bench["avdelning"])
    sections = {
        each["title"]: each for each in json.loads(told(bench["auditor"], case))["sections"]
    }

    dear, cheap = sections["2. Dyrt"], sections["3. Billigt"]
    assert (dear["tag"], cheap["tag"]) == ("did not apply", "waiting")
    rows = {row["label"]: row for row in dear["blocks"][0]["rows"]}
    assert rows["Applies when"]["value"] == "Kostnad is greater than 1\xa0000"
    assert rows["Applied"]["value"] == "No, the condition is not met"
    assert rows["Applied"]["note"] == "Kostnad: 100"
    rows = {row["label"]: row for row in cheap["blocks"][0]["rows"]}
    assert "Leader Person" in rows["Could decide, round 1"]["value"]
    assert "Deputy_leader Person" in rows["Could decide, round 1"]["value"]
    due = case.work_items.get(step_key="cheap").due_on
    assert f"Due {due:%Y-%m-%d}." in rows["Waited, round 1"]["note"]


def test_a_deputy_is_named_with_whoever_they_decided_for(bench: parks.World) -> None:
    Delegation.objects.create(
        giver=bench["avdelning"],
        deputy=bench["nobody"],
        valid_from=timezone.localdate(),
        valid_to=timezone.localdate(),
        reason="semester",
        created_by_name="Test",
    )
    case = parks.case_in(bench)
    parks.answer(case, bench["nobody"])
    text = told(bench["auditor"], case)

    assert '"title":"Nobody Person, deputy"' in text
    assert '"label":"On behalf of","note":"","value":"Avdelning Person"' in text
    assert "Nobody Person, deputy for Avdelning Person" in text  # could decide


def test_a_deputy_ended_before_the_step_waited_could_not_decide(bench: parks.World) -> None:
    Delegation.objects.create(
        giver=bench["avdelning"],
        deputy=bench["nobody"],
        valid_from=timezone.localdate(),
        valid_to=timezone.localdate(),
        reason="semester",
        created_by_name="Test",
        ended_at=timezone.now(),
        ended_by_name="Test",
    )
    case = parks.case_in(bench)
    assert "deputy for Avdelning Person" not in told(bench["auditor"], case)


def test_what_happened_while_a_step_waited_is_told(bench: parks.World) -> None:
    case = parks.case_in(bench)
    item = case.work_items.get()
    for kind, to, reason in (
        (StepEvent.Kind.REMINDED, None, ""),
        (StepEvent.Kind.REASSIGNED, bench["nobody"], "Är sjuk"),
    ):
        StepEvent.objects.create(
            case=case,
            round=1,
            step_key=item.step_key,
            step_name=item.step_name,
            kind=kind,
            at=timezone.now(),
            to_user=to,
            to_words=to.get_full_name() if to else "",
            by_name="Leader Person" if to else "",
            reason=reason,
        )
    case.work_items.update(assigned_to=bench["nobody"])
    text = told(bench["auditor"], case)

    assert '"title":"Reminded' in text
    assert '"title":"Handed over: Leader Person"' in text
    assert '"label":"To","note":"","value":"Nobody Person"' in text
    assert "Är sjuk" in text
    assert "Handed over to Nobody Person." in text


def test_a_case_that_was_moved_tells_both_versions(bench: parks.World) -> None:
    first = parks.version_of()
    case = parks.case_in(bench, first)
    first.definition.versions.update(retired_at=timezone.now())
    second = parks.version_of(Step("new", "Nytt steg", "projektledare"), parks.TWO_STEPS[1])
    move_cases(
        definition=first.definition, case_ids=[case.pk], reason="Nya regler", actor=bench["leader"]
    )
    case.refresh_from_db()
    assert case.version == second
    text = told(bench["auditor"], case)

    titles = [each["title"] for each in json.loads(text)["sections"]]
    assert "1. Nytt steg" in titles
    assert "Prioritera" in titles  # it waited there before, which is still told
    for wanted in (
        first.digest,
        second.digest,
        "Nya regler",
        '"tag":"only in version 1"',
        '"tag":"moved the case from version 1 to version 2"',
    ):
        assert wanted in text


def test_a_withdrawal_and_a_decline_tell_their_reason(bench: parks.World) -> None:
    case = parks.case_in(bench)
    withdraw(case_id=case.pk, actor=bench["chef"], reason="Behövs inte längre")
    text = told(bench["auditor"], case)
    assert "Behövs inte längre" in text
    assert '"tag":"stopped"' in text

    case = parks.case_in(bench, parks.version_of())
    parks.answer(case, bench["avdelning"], Verdict.DECLINE, reason="För dyrt")
    assert "”För dyrt”" in told(bench["auditor"], case)


# The price


def test_it_costs_the_same_however_much_has_happened(world: World) -> None:
    def cost(case: Case, path: str) -> int:
        client = signed_in(world.auditor)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    nomination = nominated(world, world.staff[0])
    return_and_complete(nomination, world, "2")
    paths = [
        f"/arenden/{nomination.case.reference}/underlag/",
        f"/arenden/{nomination.case.reference}/underlag.pdf",
    ]
    few = [cost(nomination.case, path) for path in paths]
    for priority in range(3, 23):
        return_and_complete(nomination, world, str(priority))
    for n in range(5):
        account(f"till{n}", "avdelningschef", world.farsta)
    assert nomination.case.decisions.count() > 20

    assert [cost(nomination.case, path) for path in paths] == few


def test_it_costs_the_same_however_many_steps_there_are(bench: parks.World) -> None:
    def cost(steps: int) -> int:
        version = parks.version_of(
            *(Step(f"s{n}", f"Steg {n}", "avdelningschef") for n in range(steps))
        )
        case = parks.case_in(bench, version)
        client = signed_in(bench["auditor"])
        client.get(f"/arenden/{case.reference}/underlag/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/arenden/{case.reference}/underlag/")
        return len(queries)

    assert cost(2) == cost(25)
