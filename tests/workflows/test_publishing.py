"""The checks before a workflow is published, and the page that shows them."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.conditions import AllOf, Rule
from people.models import Organisation, RoleAssignment
from tests.clients import signed_in
from tests.workflows.builders import TWO_STEPS, World, case_in, give, user
from workflows import publishing
from workflows.actions import CannotPublish, current_version, publish_workflow
from workflows.blocks import steps_from_stream, stream_from_steps
from workflows.coverage import coverage
from workflows.models import WorkflowDefinition
from workflows.rules import Mode, Step, Verdict, steps_from_plain
from workflows.setup import ensure_workflow


def draft(*steps: Step, key: str = "new") -> WorkflowDefinition:
    definition = WorkflowDefinition(key=key, name="Nytt", case_kind="bench")
    field: Any = WorkflowDefinition._meta.get_field("steps")
    definition.steps = field.to_python(stream_from_steps(steps or TWO_STEPS))
    definition.save()
    return definition


def redraw(definition: WorkflowDefinition, *steps: Step) -> None:
    field: Any = WorkflowDefinition._meta.get_field("steps")
    definition.steps = field.to_python(stream_from_steps(steps))
    definition.save()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "no steps"),
        ((TWO_STEPS[0], TWO_STEPS[0]), "more than one step"),
        ((Step("a", "A", "finns_inte"),), "does not exist"),
        ((Step("a", "A", "projektledare", mode=Mode.K_OF_N, k=9),), "needs 9 approvals"),
        ((Step("a", "A", "projektledare", verdicts=(Verdict.DECLINE,)),), "cannot be approved"),
        (
            (
                TWO_STEPS[1],
                Step(
                    "b",
                    "B",
                    "projektledare",
                    condition=AllOf((Rule("cost", "equals", "1"), Rule("cost", "equals", "2"))),
                ),
            ),
            "never be met",
        ),
        (
            (TWO_STEPS[1], Step("b", "B", "projektledare", condition=Rule("x", "is_filled"))),
            "does not have",
        ),
        ((Step("b", "B", "projektledare", condition=Rule("cost", "is_filled")),), "Every step"),
    ],
)
def test_what_stops_publishing(world: World, steps: tuple[Step, ...], words: str) -> None:
    definition = (
        draft(*steps)
        if steps
        else WorkflowDefinition.objects.create(key="new", name="Nytt", case_kind="bench")
    )
    with pytest.raises(CannotPublish, match=re.escape(words)):
        publish_workflow(definition=definition, actor=world["leader"])
    assert not definition.versions.exists()


def test_a_district_where_nobody_decides_is_named(world: World) -> None:
    RoleAssignment.objects.filter(user=world["norra_chef"]).delete()
    with pytest.raises(CannotPublish, match="Nobody in Norra can decide “Prioritera” today"):
        publish_workflow(definition=draft(), actor=world["leader"])


def test_a_step_that_nobody_decides_anywhere_is_one_problem(world: World) -> None:
    RoleAssignment.objects.filter(role_id=TWO_STEPS[0].role).delete()
    problems = publishing.problems_of(draft(), on=timezone.localdate())
    assert [one.message for one in problems] == [
        "In no district can anybody decide “Prioritera” today."
    ]


def test_without_the_gate_it_would_be_published(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    RoleAssignment.objects.filter(user=world["norra_chef"]).delete()
    monkeypatch.setattr(publishing, "problems_of", lambda definition, **how: [])
    assert publish_workflow(definition=draft(), actor=world["leader"]).number == 1


def test_publishing_freezes_and_running_cases_stay(world: World) -> None:
    definition = draft()
    first = publish_workflow(definition=definition, actor=world["leader"])
    case = case_in(world, first)
    assert publish_workflow(definition=definition, actor=world["leader"]) == first
    field: Any = WorkflowDefinition._meta.get_field("steps")
    definition.steps = field.to_python(stream_from_steps(TWO_STEPS[1:]))
    definition.save()
    second = publish_workflow(definition=definition, actor=world["leader"])
    assert second.number == 2
    assert current_version("new") == second
    case.refresh_from_db()
    assert case.version == first
    assert len(steps_from_plain(first.steps)) == 2


def test_the_editor_keeps_what_a_room_brings(world: World) -> None:
    step = Step(
        "a",
        "A",
        "projektledare",
        mode=Mode.K_OF_N,
        k=2,
        condition=AllOf((Rule("cost", "is_one_of", ("1", "2")),)),
        working_days=7,
        verdicts=(Verdict.APPROVE, Verdict.DECLINE),
        met_by_submission=True,
        fallback_role="avdelningschef",
    )
    definition = draft(TWO_STEPS[0], step)
    definition.refresh_from_db()
    assert steps_from_stream(definition.steps) == (TWO_STEPS[0], step)


def test_a_room_never_overwrites_what_staff_changed(world: World) -> None:
    def again(name: str) -> Any:
        return ensure_workflow(
            key="own", name=name, case_kind="bench", steps=TWO_STEPS, actor=world["leader"]
        )

    version = again("Först")
    WorkflowDefinition.objects.filter(key="own").update(name="Ändrat av oss")
    assert again("Sedan") == version
    assert WorkflowDefinition.objects.get(key="own").name == "Ändrat av oss"


def test_the_publish_page_draws_lists_and_publishes(world: World) -> None:
    definition = draft()
    url = reverse("workflows_publish", args=[definition.pk])
    client = signed_in(world["leader"])
    body = client.get(url).content.decode()
    assert "Prioritera" in body
    assert "Norra_chef Person" in body
    assert client.post(url).status_code == 302
    assert definition.versions.count() == 1
    for other in ("avdelning", "auditor"):
        assert signed_in(world[other]).get(url).status_code == 403
        assert signed_in(world[other]).post(url).status_code == 403
    assert Client().get(url).status_code == 302
    assert definition.versions.count() == 1


def test_the_editor_opens_for_those_who_build_workflows(world: World) -> None:
    definition = draft()
    edit = reverse("wagtailsnippets_workflows_workflowdefinition:edit", args=[definition.pk])
    listing = reverse("wagtailsnippets_workflows_workflowdefinition:list")
    client = signed_in(world["leader"])
    assert client.get(listing).status_code == 200
    page = client.get(edit)
    assert page.status_code == 200
    assert reverse("workflows_publish", args=[definition.pk]) in page.content.decode()
    assert signed_in(world["avdelning"]).get(edit).status_code == 403


def test_a_role_held_only_below_covers_the_district(world: World) -> None:
    give(user("Enhets Chef"), "enhetschef", Organisation.objects.get(name="Norra enhet ett"))
    rows = coverage([Step("a", "A", "enhetschef")], on=timezone.localdate())
    assert {cell.organisation.name: cell.below for cell in rows[0].cells} == {
        "Farsta": True,
        "Norra": True,
    }
    assert (
        publishing.problems_of(draft(Step("a", "A", "enhetschef")), on=timezone.localdate()) == []
    )
