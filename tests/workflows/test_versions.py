"""Versions: the differences in words, going back, retiring, and carrying to another installation."""

import json
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import exchange
from core.conditions import AllOf, Rule
from tests.clients import signed_in
from tests.workflows.builders import TWO_STEPS, World, answer, case_in
from tests.workflows.test_publishing import draft, redraw
from tests.workflows.test_trying import COSTLY, WITH_COSTLY, store
from workflows import carrying
from workflows.actions import (
    CannotOpen,
    CannotPublish,
    current_version,
    publish_workflow,
    restore_version,
    retire_workflow,
)
from workflows.blocks import material_from_stream, steps_from_stream
from workflows.models import WorkflowDefinition, WorkflowTest
from workflows.rules import Mode, State, Step, Verdict
from workflows.words import Drawn, Names, differences, sentences

NAMES = Names({"revisor": "Revisor", "projektledare": "Projektledare"}, {"cost": "Kostnad"})
FULL = Step(
    "full",
    "Allt",
    "projektledare",
    mode=Mode.K_OF_N,
    k=2,
    condition=AllOf((Rule("cost", "at_least", "5"), Rule("cost", "less_than", "9"))),
    working_days=7,
    verdicts=(Verdict.APPROVE, Verdict.DECLINE),
    met_by_submission=True,
    fallback_role="avdelningschef",
    branch="Ena",
    remind_before=2,
    escalate_to="revisor",
    escalate_after=3,
    lapse_after=10,
)


def test_every_rule_is_a_sentence() -> None:
    assert sentences(FULL, NAMES) == [
        "2 of those who hold the role projektledare must approve within 7 working days.",
        "The step applies only when Kostnad is at least 5 and Kostnad is less than 9.",
        "It is approved at once when whoever starts the case holds the role.",
        "When nobody else is left, avdelningschef decides.",
        "A reminder is sent 2 working days before it is due.",
        "When it is 3 working days late, revisor may decide too.",
        "After 10 more working days of silence the case lapses; it is never approved by silence.",
        "Possible answers: approve, decline.",
        "It goes on in the branch “Ena”, beside the other branches.",
    ]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Drawn(TWO_STEPS), []),
        (Drawn(TWO_STEPS[:1]), ["The step “Anta” is taken away."]),
        (Drawn(TWO_STEPS[::-1]), ["The order is another: Anta, Prioritera."]),
        (
            Drawn((TWO_STEPS[0], replace(TWO_STEPS[1], name="Antas"))),
            ["The step “Anta” is now called “Antas”."],
        ),
        (
            Drawn((TWO_STEPS[0], replace(TWO_STEPS[1], role="revisor"))),
            [
                "“Anta” no longer says: One projektledare decides within 5 working days.",
                "“Anta” now says: One revisor decides within 5 working days.",
            ],
        ),
        (
            Drawn(TWO_STEPS, ("cost",)),
            ["A changed answer to “Kostnad” now makes earlier approvals void."],
        ),
    ],
)
def test_differences_are_said_in_words(after: Drawn, expected: list[str]) -> None:
    assert differences(Drawn(TWO_STEPS), after, NAMES) == expected


def test_an_older_version_becomes_the_draft_and_nothing_else_changes(world: World) -> None:
    definition = draft()
    first = publish_workflow(definition=definition, actor=world["leader"])
    redraw(definition, *WITH_COSTLY)
    second = publish_workflow(definition=definition, actor=world["leader"])
    client = signed_in(world["leader"])
    compare = reverse("workflows_versions", args=[definition.pk])
    body = client.get(compare, {"fran": "1", "till": "2"}).content.decode()
    assert "The step “Ekonomi” is new" in body
    url = reverse("workflows_version", args=[definition.pk, 1])
    assert "The step “Ekonomi” is taken away." in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    definition.refresh_from_db()
    assert steps_from_stream(definition.steps) == TWO_STEPS
    assert current_version("new") == second
    assert publish_workflow(definition=definition, actor=world["leader"]).digest == first.digest
    assert signed_in(world["avdelning"]).post(url).status_code == 403


def test_restoring_keeps_every_setting_of_a_step(world: World) -> None:
    definition = draft(TWO_STEPS[0], FULL)
    from tests.workflows.builders import version_of

    version = version_of(TWO_STEPS[0], FULL, key="new")
    redraw(definition, TWO_STEPS[1])
    restored = restore_version(version=version, actor=world["leader"])
    restored.refresh_from_db()
    assert steps_from_stream(restored.steps) == (TWO_STEPS[0], FULL)


def test_a_retired_workflow_takes_no_new_cases_and_says_so(world: World) -> None:
    definition = draft()
    version = publish_workflow(definition=definition, actor=world["leader"])
    running = case_in(world, version)
    url = reverse("workflows_versions", args=[definition.pk])
    client = signed_in(world["leader"])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert current_version("new") == version
    assert client.post(url, {"reason": "Ersatt"}).status_code == 302
    with pytest.raises(CannotOpen, match="is retired: no new cases start"):
        current_version("new")
    answer(running, world["avdelning"])
    assert answer(running, world["leader"]).state == State.APPROVED
    with pytest.raises(CannotPublish, match="nothing to retire"):
        retire_workflow(definition=definition, actor=world["leader"], reason="igen")
    assert "is retired" in client.get(url).content.decode()
    assert publish_workflow(definition=definition, actor=world["leader"]).number == 2


def test_one_never_published_says_something_else(world: World) -> None:
    draft()
    with pytest.raises(CannotOpen, match="has not been published"):
        current_version("new")


def carried(world: World) -> WorkflowDefinition:
    definition = draft(TWO_STEPS[0], FULL, COSTLY)
    field = WorkflowDefinition._meta.get_field("material")
    definition.material = field.to_python([{"type": "field", "value": "cost"}])  # type: ignore[union-attr]
    definition.save()
    store(definition, world["leader"])
    return definition


def test_a_round_trip_gives_the_same_bytes(world: World) -> None:
    carried(world)
    data = exchange.write("workflow", "new")
    assert list(exchange.preview(exchange.read(data)).changes) == []
    WorkflowTest.objects.all().delete()
    WorkflowDefinition.objects.filter(key="new").delete()
    preview = exchange.preview(exchange.read(data))
    assert preview.is_new
    made = exchange.apply(exchange.read(data), actor=world["leader"])
    assert exchange.write("workflow", "new") == data
    made.refresh_from_db()
    assert steps_from_stream(made.steps)[1] == FULL
    assert material_from_stream(made.material) == ["cost"]


def changed(data: bytes, **content: object) -> bytes:
    body = json.loads(data)
    body["content"] |= content
    body.pop("digest")
    return json.dumps({**body, "digest": exchange.digest_of(body)}).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"case_kind": "nothing"}, "no kind of case called “nothing”"),
        ({"material": ["secret"]}, "material data “secret” is not something"),
        ({"steps": [{"key": "x"}]}, "lacks"),
        ({"surprise": 1}, "unknown here"),
    ],
)
def test_what_is_unknown_here_is_refused_and_nothing_is_written(
    world: World, content: dict[str, object], words: str
) -> None:
    definition = carried(world)
    data = changed(exchange.write("workflow", "new"), **content)
    before = exchange.write("workflow", "new")
    page = signed_in(world["leader"]).post(
        reverse("workflows_import"), {"file": SimpleUploadedFile("w.json", data)}
    )
    assert page.status_code == 422
    assert words in page.content.decode()
    assert exchange.write("workflow", "new") == before
    assert definition.history.count() == 2


def test_unknown_roles_and_fields_of_steps_are_named(world: World) -> None:
    content = carrying.export(carried(world).key)
    assert content is not None
    content["steps"][0]["role"] = "kung"
    content["steps"][2]["condition"]["all"][0]["field"] = "guld"
    assert carrying.problems("new", content) == [
        "“Prioritera” names the role “kung”, which does not exist.",
        "“Ekonomi” asks about “guld”, which the case does not have.",
    ]


def test_a_file_is_previewed_then_taken_in_through_the_pages(world: World) -> None:
    definition = carried(world)
    client = signed_in(world["leader"])
    file = client.get(reverse("workflows_export", args=[definition.pk]))
    assert "attachment" in file["Content-Disposition"]
    redraw(definition, *TWO_STEPS)
    url = reverse("workflows_import")
    page = client.post(url, {"file": SimpleUploadedFile("w.json", file.content)})
    assert "The step “Ekonomi” is new" in page.content.decode()
    definition.refresh_from_db()
    assert len(definition.steps) == 2  # the dry run has written nothing
    sent = {"content": page.context["carried"]}
    assert client.post(url, sent).status_code == 302
    definition.refresh_from_db()
    assert len(definition.steps) == 3
    assert definition.versions.count() == 0
    assert client.post(url, {"content": "inte ens base64"}).status_code == 422
    assert signed_in(world["avdelning"]).post(url, sent).status_code == 403
    export = reverse("workflows_export", args=[definition.pk])
    assert signed_in(world["avdelning"]).get(export).status_code == 403
