"""The picture while it is written, problems that lead to their place, branches drawn beside each other."""

import re
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.conditions import Rule
from tests.clients import signed_in
from tests.workflows.builders import TWO_STEPS, World, case_in, give, user, version_of
from tests.workflows.test_publishing import draft
from workflows import publishing
from workflows.blocks import StepBlock, steps_from_stream
from workflows.checks import Problem
from workflows.editor.publish import place_of
from workflows.models import WorkflowDefinition
from workflows.rules import Step
from workflows.templatetags.workflows import staged

BESIDE = (
    TWO_STEPS[0],
    Step("a", "Granska kostnad", "revisor", branch="Ekonomi"),
    Step("b", "Granska avtal", "projektledare", branch="Juridik"),
    Step("b2", "Bekräfta avtal", "projektledare", branch="Juridik"),
    TWO_STEPS[1],
)


def half_written(**changed: str) -> dict[str, str]:
    """A form with one step as a browser sends it before it is valid."""
    return {
        "case_kind": "bench",
        "steps-count": "1",
        "steps-0-deleted": "",
        "steps-0-order": "0",
        "steps-0-type": "step",
        "steps-0-id": "",
        "steps-0-value-key": "",
        "steps-0-value-name": "Halvfärdigt <b>",
        "steps-0-value-role": "",
        "steps-0-value-mode": "any",
        "steps-0-value-k": "",
        "steps-0-value-test": "all",
        "steps-0-value-rules-count": "1",
        "steps-0-value-rules-0-deleted": "",
        "steps-0-value-rules-0-order": "0",
        "steps-0-value-rules-0-id": "",
        "steps-0-value-rules-0-value-field": "cost",
        "steps-0-value-rules-0-value-operator": "at_least",
        "steps-0-value-rules-0-value-value": "99",
        "steps-0-value-working_days": "inte ett tal",
        "steps-0-value-verdicts": "approve",
        "steps-0-value-remind_before": "",
        "steps-0-value-escalate_after": "",
        "steps-0-value-lapse_after": "7",
        "steps-0-value-branch": "Ekonomi",
        "material-count": "1",
        "material-0-deleted": "",
        "material-0-order": "0",
        "material-0-type": "field",
        "material-0-id": "",
        "material-0-value": "cost",
        **changed,
    }


def test_the_picture_is_drawn_from_what_has_not_been_saved(world: World) -> None:
    definition = draft()
    client = signed_in(world["leader"])
    page = client.post(reverse("workflows_picture"), half_written())
    body = page.content.decode()
    assert page.status_code == 200
    assert "Halvfärdigt &lt;b&gt;" in body
    assert "The step applies only when Kostnad is at least 99." in body
    assert "After 7 more working days of silence the case lapses" in body
    assert "earlier approvals hold no more: Kostnad." in body
    assert "Ekonomi" in body
    definition.refresh_from_db()
    assert WorkflowDefinition.objects.count() == 1
    assert definition.steps[0].value["name"] == "Prioritera"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"steps-count": "fel"},
        {"steps-count": "1"},
        half_written(**{"steps-0-value-rules-0-value-operator": ""}),
        half_written(**{"steps-0-value-rules-0-value-field": ""}),
    ],
)
def test_half_a_form_never_breaks_the_picture(world: World, sent: dict[str, str]) -> None:
    page = signed_in(world["leader"]).post(reverse("workflows_picture"), sent)
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["verdicts", "mode", "rules-0-value-operator"])
def test_a_choice_that_is_not_offered_is_refused(world: World, name: str) -> None:
    sent = half_written(**{f"steps-0-value-{name}": "strunt"})
    page = signed_in(world["leader"]).post(reverse("workflows_picture"), sent)
    assert page.status_code == 400


def test_only_those_who_build_get_pictures(world: World) -> None:
    url = reverse("workflows_picture")
    assert signed_in(world["avdelning"]).post(url, half_written()).status_code == 403
    assert signed_in(world["leader"]).get(url).status_code == 405


def test_every_page_about_a_workflow_is_closed_to_others(world: World) -> None:
    definition = draft()
    version_of(key="new")
    for name in ("publish", "trial", "new_test", "versions", "move", "export"):
        url = reverse(f"workflows_{name}", args=[definition.pk])
        assert signed_in(world["leader"]).get(url).status_code == 200, name
        assert signed_in(world["auditor"]).get(url).status_code == 403, name
        missing = reverse(f"workflows_{name}", args=[9999])
        assert signed_in(world["leader"]).get(missing).status_code == 404, name


def test_problems_lead_to_the_block_that_causes_them(world: World) -> None:
    rule = Rule("finns_inte", "is_filled")
    definition = draft(TWO_STEPS[0], replace(TWO_STEPS[1], condition=rule))
    definition.refresh_from_db()
    page = signed_in(world["leader"]).get(reverse("workflows_publish", args=[definition.pk]))
    body = page.content.decode()
    step = definition.steps[1]
    [listed] = step.value["rules"].bound_blocks
    edit = reverse("wagtailsnippets_workflows_workflowdefinition:edit", args=[definition.pk])
    assert f'{edit}#block-{listed.id}-section"' in body
    assert place_of(definition, Problem("x", step=1)) == f"{edit}#block-{step.id}-section"
    assert place_of(definition, Problem("x")) == edit


def test_too_few_different_people_is_found(world: World) -> None:
    twice = (TWO_STEPS[0], replace(TWO_STEPS[0], key="again", name="Igen"), TWO_STEPS[1])
    found = publishing.problems_of(draft(*twice), on=timezone.localdate())
    assert any("In Norra too few different people" in problem.message for problem in found)
    give(user("Norra Andra"), "avdelningschef", world.norra)
    found = publishing.problems_of(draft(*twice, key="second"), on=timezone.localdate())
    assert not any("In Norra too few" in problem.message for problem in found)


def test_a_conditional_step_needs_someone_who_has_not_approved_before(world: World) -> None:
    again = replace(
        TWO_STEPS[0], key="again", name="Igen", condition=Rule("priority", "equals", "1")
    )
    found = publishing.problems_of(draft(TWO_STEPS[0], again), on=timezone.localdate())
    assert any("In Norra too few different people" in problem.message for problem in found)
    # Two conditional steps need not meet in one case, so they may have the same person.
    other = replace(again, key="other", name="Annan")
    found = publishing.problems_of(
        draft(TWO_STEPS[1], again, other, key="apart"), on=timezone.localdate()
    )
    assert not any("too few" in problem.message for problem in found)


def test_the_check_costs_the_same_for_more_steps_and_people(world: World) -> None:
    small = draft(*TWO_STEPS)
    large = draft(
        *[replace(TWO_STEPS[1], key=f"k{n}", name=f"N{n}") for n in range(20)], key="large"
    )

    def cost(definition: WorkflowDefinition) -> int:
        with CaptureQueriesContext(connection) as context:
            publishing.problems_of(definition, on=timezone.localdate())
        return len(context)

    cost(small)
    few = cost(WorkflowDefinition.objects.get(pk=small.pk))
    for number in range(20):
        give(user(f"Ny Person{number}"), "projektledare", world.city)
    assert cost(WorkflowDefinition.objects.get(pk=large.pk)) == few


def test_branches_stand_beside_each_other() -> None:
    first, fork, last = staged(BESIDE)
    assert first.alone == BESIDE[0]
    assert fork.forks
    assert [[step.key for step in branch] for branch in fork.branches] == [["a"], ["b", "b2"]]
    assert fork.width == 2
    assert last.alone == BESIDE[4]


def test_the_case_page_draws_branches(world: World) -> None:
    case = case_in(world, version_of(*BESIDE))
    body = signed_in(world["auditor"]).get(case.get_absolute_url()).content.decode()
    assert body.count('class="steps__branch"') == 2
    assert "steps__fork--2" in body
    names = re.findall(r'steps__branch-name">(\w+)<', body)
    assert names == ["Ekonomi", "Juridik"]


@pytest.mark.parametrize(
    ("name", "key"),
    [("Pröva beloppet", "prova_beloppet"), ("2:a attest", "s_2a_attest"), ("!!", "s")],
)
def test_a_step_without_a_key_gets_one_from_its_name(world: World, name: str, key: str) -> None:
    block = StepBlock()
    value = block.to_python({"key": "", "name": name, "role": "projektledare"})
    assert block.clean(value)["key"] == key


def saved_workflow(world: World) -> WorkflowDefinition:
    """A workflow drawn in the editor, saved, and saved again with other words and keys."""
    client = signed_in(world["leader"])
    whole = {
        "name": "Prövning av bänkar",
        "key": "annan",
        "steps-0-value-working_days": "5",
        "steps-0-value-k": "1",
        "steps-0-value-role": "projektledare",
        "steps-0-value-name": "Pröva beloppet",
        "steps-0-value-escalate_after": "2",
        "steps-0-value-branch": "",
    }
    add = reverse("wagtailsnippets_workflows_workflowdefinition:add")
    response = client.post(add, half_written(**whole))
    assert response.status_code == 302, response.content.decode()[:3000]
    definition = WorkflowDefinition.objects.get(name="Prövning av bänkar")
    again = half_written(**whole) | {
        "steps-0-id": definition.steps[0].id,
        "steps-0-value-key": "nagot_annat",
        "steps-0-value-name": "Bedöm",
        "steps-count": "2",
    }
    copy = {
        name.replace("steps-0", "steps-1"): value
        for name, value in again.items()
        if name.startswith("steps-0")
    }
    again |= copy | {"steps-1-id": "", "steps-1-order": "1", "steps-1-value-key": "prova_beloppet"}
    edit = reverse("wagtailsnippets_workflows_workflowdefinition:edit", args=[definition.pk])
    response = client.post(edit, again)
    assert response.status_code == 302, response.content.decode()[:3000]
    return WorkflowDefinition.objects.get(pk=definition.pk)


def test_keys_of_steps_stay_whatever_is_posted(world: World) -> None:
    definition = saved_workflow(world)
    assert definition.key == "provning-av-bankar"
    assert [step.key for step in steps_from_stream(definition.steps)] == [
        "prova_beloppet",
        "bedom",
    ]


def test_the_control_when_keys_are_not_settled_what_is_posted_is_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.definition_form.settle", lambda steps, before: None)
    keys = [step.key for step in steps_from_stream(saved_workflow(world).steps)]
    assert keys == ["nagot_annat", "prova_beloppet"]


def test_the_database_refuses_another_key_of_a_workflow(world: World) -> None:
    definition = draft()
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        WorkflowDefinition.objects.filter(pk=definition.pk).update(key="annan")


def test_a_step_keeps_the_key_it_has(world: World) -> None:
    block = StepBlock()
    value = block.to_python({"key": "attest", "name": "Nytt namn", "role": "projektledare"})
    assert block.clean(value)["key"] == "attest"
