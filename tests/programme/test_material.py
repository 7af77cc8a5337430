"""A returned nomination whose material answer changes is decided anew, through the pages."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from audit.operations import operation
from forms_app.models import Draft
from programme.models import Nomination
from tests.clients import signed_in
from tests.programme.builders import World, approve_step, nominated
from workflows.actions import decide
from workflows.models import Case, Decision, WorkflowVersion
from workflows.rules import digest_of


def with_material(*material: str) -> None:
    """New nominations run on a version whose approvals rest on these answers."""
    with transaction.atomic(), operation("test"):
        for version in WorkflowVersion.objects.filter(retired_at=None):
            WorkflowVersion.objects.filter(pk=version.pk).update(retired_at=timezone.now())
            version.pk = None
            version.number += 1
            version.material = list(material)
            version.retired_at = None
            version.save(force_insert=True)


def returned_after_an_approval(world: World) -> Nomination:
    """The head has prioritised; the office asks about the priority."""
    nomination = nominated(world, world.staff[0])
    approve_step(nomination, world.head)
    item = nomination.case.work_items.get(closed_at=None)
    decide(
        case_id=nomination.case_id,
        step_key=item.step_key,
        round=item.round,
        verdict="return",
        actor=world.administrator,
        reason="Vilken plats?",
        asked_fields=["priority"],
    )
    return nomination


def answer(world: World, nomination: Nomination, **values: str) -> Case:
    """The manager answers in the wizard and sends it."""
    client = signed_in(world.chief)
    url = reverse("programme:complete", args=[nomination.case.reference])
    step = client.post(url)["Location"]
    assert client.post(step, values).status_code == 302
    draft = Draft.objects.get(owner=world.chief, submission=None)
    review = reverse("programme:wizard", args=[draft.public_id, "granska"])
    assert client.post(review).status_code == 302
    return Case.objects.get(pk=nomination.case_id)


def page_of(case: Case, client: Client) -> str:
    with translation.override("sv"):
        return client.get(case.get_absolute_url()).content.decode()


def waiting_at(case: Case) -> list[str]:
    return [item.step_name for item in case.work_items.filter(closed_at=None)]


@pytest.mark.parametrize("material", [True, False])
def test_earlier_approvals_fall_only_when_a_material_answer_changes(
    world: World, material: bool
) -> None:
    with_material("priority" if material else "motivation")
    nomination = returned_after_an_approval(world)
    before = Case.objects.get(pk=nomination.case_id)
    [approval] = Decision.objects.filter(case=before, verdict="approve", by_submission=False)
    assert approval.data_digest == before.data_digest == digest_of(before.data)

    case = answer(world, nomination, priority="4")
    assert case.data_digest == digest_of(case.data) != before.data_digest
    approval.refresh_from_db()
    assert approval.data_digest == before.data_digest  # what was approved then
    page = page_of(case, signed_in(world.administrator))
    if material:
        assert (case.era, waiting_at(case)) == (2, [_name(before, approval)])
        assert "Gäller inte längre" in page or "Holds no more" in page
        approve_step(nomination, world.head)
        again = Decision.objects.filter(case=case, step_key=approval.step_key).last()
        assert again is not None
        assert again.data_digest == case.data_digest
    else:
        assert case.era == 1
        assert waiting_at(case) != [_name(before, approval)]
        assert "Gäller inte längre" not in page
        assert "Holds no more" not in page


def test_a_material_answer_given_again_unchanged_keeps_the_approvals(world: World) -> None:
    with_material("priority")
    nomination = returned_after_an_approval(world)
    same = str(nomination.submission.answers["priority"])
    assert answer(world, nomination, priority=same).era == 1


def test_an_answer_that_nobody_asked_for_neither_changes_nor_voids(world: World) -> None:
    with_material("motivation")
    nomination = returned_after_an_approval(world)
    case = answer(world, nomination, priority="4", motivation="Smugglad ändring")
    assert case.era == 1
    assert case.data["motivation"] == nomination.submission.answers["motivation"]
    body = page_of(case, signed_in(world.administrator))
    assert "Smugglad" not in body
    # Whoever decides sees what was asked for and has changed, with what it was before.
    assert ">4<" in body.replace("\n", "").replace(" ", "")


def _name(case: Case, decision: Decision) -> str:
    steps = {step["key"]: step["name"] for step in case.version.steps}
    return str(steps[decision.step_key])
