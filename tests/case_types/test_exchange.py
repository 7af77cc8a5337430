"""A case type as a file: out, and in again somewhere else."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import programme
from core import exchange
from forms_app.models import FormDefinition
from forms_app.schema import FormSchema
from programme.case_types.exchange import KIND
from programme.errors import NotAllowed
from programme.models import CaseType
from tests.case_types.builders import City, loan_type
from tests.clients import signed_in
from workflows.models import WorkflowDefinition
from workflows.rules import steps_from_plain

SHIPPED = Path(programme.__file__).parent / "data" / "kostnad.arendetyp.json"


def elsewhere(data: bytes, **changed: Any) -> bytes:
    """The file as another installation would have written it, under other keys."""
    plain = json.loads(data)
    plain["key"] = plain["content"]["type"]["key"] = "inkop"
    plain["content"]["type"] |= {"prefix": "I", "name": "Inköp", **changed}
    plain["content"]["form"]["key"] = plain["content"]["workflow"]["key"] = "inkop"
    body = {name: value for name, value in plain.items() if name != "digest"}
    return json.dumps({**body, "digest": exchange.digest_of(body)}).encode()


def upload(city: City, data: bytes, who: str = "administrator") -> Any:
    return signed_in(city[who]).post(
        reverse("case_type_take_in"), {"file": SimpleUploadedFile("a.json", data)}
    )


def meaning(content: Any) -> Any:
    """What the content says; settings that a newer portal knows besides have their defaults."""
    form, workflow = content["form"], content["workflow"]
    return (
        FormSchema.from_plain(form),
        {**form, "steps": None},
        content["type"],
        steps_from_plain(workflow["steps"]),
        {**workflow, "steps": None},
    )


def test_the_shipped_file_is_the_cost_type_as_it_is_laid_out(city: City) -> None:
    """To write it anew: open the type in the editor, «Download the definition»."""
    shipped = exchange.read(SHIPPED.read_bytes(), only=KIND)
    laid_out = exchange.read(exchange.write(KIND, "kostnad"), only=KIND)
    assert meaning(shipped.content) == meaning(laid_out.content)


def test_a_type_is_downloaded_and_taken_in_as_a_draft(city: City) -> None:
    case_type = CaseType.objects.get(key="kostnad")
    url = reverse("case_type_file", args=[case_type.pk])
    data = signed_in(city["administrator"]).get(url).content
    answer = upload(city, elsewhere(data))
    made = CaseType.objects.get(key="inkop")
    assert answer["Location"] == reverse("case_type_check", args=[made.pk])
    assert not made.in_use
    assert made.workflow is not None
    assert not made.workflow.versions.exists()
    assert made.workflow.case_kind == "inkop"
    assert made.starters == case_type.starters
    steps = signed_in(city["administrator"])
    steps.post(reverse("workflows_publish", args=[made.workflow_id]))
    steps.post(reverse("case_type_check", args=[made.pk]), {"do": "use"})
    assert CaseType.objects.get(pk=made.pk).in_use


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"starters": ["spöke"]}, "spöke"),
        ({"prefix": "K"}, "belong to “Kostnad”"),
        ({"organisation": "atlantis"}, "atlantis"),
        ({"prefix": "lång"}, "cannot be used"),
        ({"hemlig": 1}, "hemlig"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing_behind(
    city: City, changed: dict[str, Any], words: str
) -> None:
    answer = upload(city, elsewhere(SHIPPED.read_bytes(), **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert CaseType.objects.count() == FormDefinition.objects.count() == 1
    assert WorkflowDefinition.objects.count() == 1


def test_a_type_that_is_here_is_not_overwritten(city: City) -> None:
    answer = upload(city, SHIPPED.read_bytes())
    assert answer.status_code == 422
    assert "already" in answer.content.decode()


def test_a_file_that_was_changed_by_hand_is_refused(city: City) -> None:
    data = elsewhere(SHIPPED.read_bytes()).replace(b"100000", b"900000")
    assert "changed since" in upload(city, data).content.decode()


def test_only_those_who_build_take_files_in_or_out(city: City) -> None:
    case_type = loan_type(city)
    file = reverse("case_type_file", args=[case_type.pk])
    for who in ("economist", "auditor"):
        client = signed_in(city[who])
        assert client.get(file).status_code == 403
        assert client.get(reverse("case_type_take_in")).status_code == 403
        upload(city, elsewhere(SHIPPED.read_bytes()), who)
    with pytest.raises(NotAllowed):
        exchange.apply(exchange.read(elsewhere(SHIPPED.read_bytes())), actor=city["economist"])
    assert not CaseType.objects.filter(key="inkop").exists()


@pytest.mark.parametrize(
    "step",
    [
        {"k": 1e300},
        {"working_days": 10**30},
        {"working_days": -5},
        {"role": ["chef"]},
        {"role": {"a": 1}},
        {"name": {"a": 1}},
        {"name": None},
        {"key": "abc\n"},
        {"fallback_role": ["chef"]},
        {"branch": {"a": 1}},
        {"branch": "x" * 10_000},
        {"remind_before": "soon"},
        {"lapse_after": -1},
        {"verdicts": "approve"},
        {"condition": {"field": "belopp", "operator": "equals", "value": {"a": [1]}}},
        {"unknown": 1},
    ],
)
def test_a_step_of_another_shape_is_refused_in_words(city: City, step: dict[str, Any]) -> None:
    plain = json.loads(elsewhere(SHIPPED.read_bytes()))
    plain["content"]["workflow"]["steps"][0] |= step
    body = {name: value for name, value in plain.items() if name != "digest"}
    answer = upload(city, json.dumps({**body, "digest": exchange.digest_of(body)}).encode())
    assert answer.status_code == 422
    assert "content → workflow → steps → 1" in answer.content.decode()
    assert WorkflowDefinition.objects.count() == 1
