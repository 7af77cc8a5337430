"""A new kind of case made entirely in the editor, and the pages' number of queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.operations import operation
from forms_app.building import stream_of
from forms_app.models import FormDefinition
from forms_app.schema import FormSchema
from people.models import Organisation
from programme.models import CaseType
from tests.case_types.builders import LOAN, City, begin, hand_in, loan_type, step_url
from tests.clients import signed_in
from workflows.models import Case, WorkflowDefinition

EDIT = "wagtailsnippets_programme_casetype:edit"
ADD = "wagtailsnippets_programme_casetype:add"
LIST = "wagtailsnippets_programme_casetype:list"


def type_data(form: FormDefinition, **changed: Any) -> dict[str, Any]:
    """What the editor's form sends for a new type."""
    return {
        "name": "Lån av utrustning",
        "description": "När någon behöver låna en dator.",
        "prefix": "L",
        "key": "",
        "form": form.pk,
        "workflow": "",
        "starters": ["enhetschef"],
        "within": "",
        "readers": [],
        "belongs_to": "starter",
        "organisation": "",
        "organisation_field": "",
        "title_field": "",
        "subtitle_field": "",
        "person_field": "",
        "starts_on": "",
        "ends_on": "",
        **changed,
    }


def new_form() -> FormDefinition:
    schema = FormSchema.from_plain(LOAN["form"])
    with transaction.atomic(), operation("test.form"):
        return FormDefinition.objects.create(key="lan", name="Lån", steps=stream_of(schema))


def test_a_new_kind_of_case_is_made_without_a_line_of_code(city: City) -> None:
    """Form, type, workflow, into use, and the first case; every step through the browser."""
    client = signed_in(city["administrator"])
    form = new_form()
    client.post(reverse("forms_app_publish", args=[form.pk]))

    made = client.post(reverse(ADD), type_data(form))
    assert made.status_code == 302, made.content.decode()[:3000]
    case_type = CaseType.objects.get(prefix="L")
    assert (case_type.key, case_type.in_use) == ("lan-av-utrustning", False)
    edit = reverse(EDIT, args=[case_type.pk])
    page = client.get(edit).content.decode()
    assert "Vad ska lånas?" in page
    assert "disabled" in page

    # The workflow is drawn for the type and asks about its form, before there is any case.
    add = reverse("wagtailsnippets_workflows_workflowdefinition:add")
    drawing = client.get(add).content.decode()
    assert f'value="{case_type.key}"' in drawing
    assert "Vad ska lånas? (Lån av utrustning)" in drawing.replace("\\u00e5", "å")
    step = {
        "key": "ja",
        "name": "Beviljas",
        "role": "avdelningschef",
        "mode": "any",
        "k": "1",
        "test": "all",
        "working_days": "5",
        "verdicts": ["approve", "decline"],
        "fallback_role": "",
    }
    with transaction.atomic(), operation("test.workflow"):
        workflow = WorkflowDefinition(key="lan", name="Lån", case_kind=case_type.key)
        field: Any = workflow._meta.get_field("steps")
        workflow.steps = field.to_python([{"type": "step", "value": step}])
        workflow.save()
    client.post(reverse("workflows_publish", args=[workflow.pk]))

    check = reverse("case_type_check", args=[case_type.pk])
    assert "No workflow is chosen" in client.get(check).content.decode()
    client.post(check, {"do": "use"})
    assert not CaseType.objects.get(pk=case_type.pk).in_use
    saved = client.post(
        edit, type_data(form, workflow=workflow.pk, title_field="sak", person_field="vem")
    )
    assert saved.status_code == 302, saved.content.decode()[:3000]
    client.post(check, {"do": "use"})
    assert CaseType.objects.get(pk=case_type.pk).in_use

    chief = signed_in(city.chief)
    assert "Lån av utrustning" in chief.get(reverse("workflows:work")).content.decode()
    draft = begin(chief, case_type.key)
    answers = {"sak": "Dator", "vem": city.employee.public_id, "var": city.unit.public_id}
    chief.post(step_url(draft, "vad", case_type.key), answers)
    sent = chief.post(step_url(draft, "granska", case_type.key))
    case = Case.objects.get(kind=case_type.key)
    assert case.reference.startswith("L-")
    assert case.reference in chief.get(sent["Location"]).content.decode()
    assert "Dator" in signed_in(city.head).get(reverse("workflows:work")).content.decode()

    client.post(check, {"do": "retire"})
    assert not CaseType.objects.get(pk=case_type.pk).in_use


def test_what_is_wrong_is_said_beside_its_field(city: City) -> None:
    client = signed_in(city["administrator"])
    form = new_form()
    for changed, words in (
        ({"prefix": "K"}, "belong to “Kostnad”"),
        ({"prefix": "n"}, "belong to “nomination”"),
        ({"prefix": "ab1"}, "capital letters"),
        ({"belongs_to": "fixed"}, "Choose which organisation"),
        ({"starts_on": "2027-02-02", "ends_on": "2027-02-01"}, "before the first"),
    ):
        response = client.post(reverse(ADD), type_data(form, **changed))
        assert response.status_code == 200
        assert words in response.content.decode(), changed
    assert CaseType.objects.count() == 1


def test_a_name_that_is_taken_or_says_nothing_still_makes_a_key_of_its_own(city: City) -> None:
    client = signed_in(city["administrator"])
    form = new_form()
    for prefix, name, key in (
        ("X", "Kostnad", "kostnad-2"),
        ("Y", "nomination", "nomination-2"),
        ("Z", "§", "arende"),
    ):
        data = type_data(form, prefix=prefix, name=name, key="kostnad")
        assert client.post(reverse(ADD), data).status_code == 302
        assert CaseType.objects.get(prefix=prefix).key == key


def test_key_and_letters_stay_whatever_is_posted(city: City) -> None:
    client = signed_in(city["administrator"])
    case_type = CaseType.objects.get(key="kostnad")
    data = type_data(case_type.form, key="annan", prefix="Z", workflow=case_type.workflow_id)
    client.post(reverse(EDIT, args=[case_type.pk]), data)
    case_type.refresh_from_db()
    assert (case_type.key, case_type.prefix, case_type.name) == ("kostnad", "K", data["name"])


# The editor is no page to those who have nothing to do there.
REFUSED = {"economist": 403, "approver": 403, "auditor": 403}


@pytest.mark.parametrize("who", REFUSED)
def test_only_those_who_build_see_case_types_in_the_editor(city: City, who: str) -> None:
    case_type = CaseType.objects.get(key="kostnad")
    client = signed_in(city[who])
    for url in (
        reverse(LIST),
        reverse(EDIT, args=[case_type.pk]),
        reverse("case_type_check", args=[case_type.pk]),
    ):
        assert client.get(url).status_code == REFUSED[who], url
    check = reverse("case_type_check", args=[case_type.pk])
    assert client.post(check, {"do": "retire"}).status_code == REFUSED[who]
    assert CaseType.objects.get(pk=case_type.pk).in_use


def test_nobody_deletes_a_type_in_the_editor(city: City) -> None:
    case_type = CaseType.objects.get(key="kostnad")
    url = reverse("wagtailsnippets_programme_casetype:delete", args=[case_type.pk])
    assert signed_in(city["administrator"]).post(url).status_code == 302
    assert CaseType.objects.filter(pk=case_type.pk).exists()


# Queries ----------------------------------------------------------------------


def queries_of(visit: Callable[[], Any]) -> int:
    visit()  # the first visit warms content types and versions
    with CaptureQueriesContext(connection) as captured:
        assert visit().status_code == 200
    return len(captured)


def more_types(city: City, number: int) -> None:
    """Copies of the cost type, all open to the same people."""
    cost = CaseType.objects.get(key="kostnad")
    with transaction.atomic(), operation("test.more"):
        for n in range(number):
            CaseType.objects.create(
                key=f"kopia{n}",
                name=f"Kopia {n}",
                prefix=f"Q{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n]}",
                form=cost.form,
                workflow=cost.workflow,
                starters=cost.starters,
                readers=cost.readers,
                belongs_to="fixed",
                organisation=cost.organisation,
                title_field="leverantor",
                in_use=True,
            )


def pages(client: Client, case: Case) -> dict[str, Callable[[], Any]]:
    return {
        "start": lambda: client.get(reverse("case_types:start")),
        "begin": lambda: client.get(reverse("case_types:begin", args=["kostnad"])),
        "work": lambda: client.get(reverse("workflows:work")),
        "case": lambda: client.get(case.get_absolute_url()),
    }


def test_pages_cost_the_same_with_two_types_and_with_twenty(city: City) -> None:
    client = signed_in(city["economist"])
    case = hand_in(city)
    more_types(city, 1)
    few = {name: queries_of(visit) for name, visit in pages(client, case).items()}
    with transaction.atomic(), operation("test.more"):
        CaseType.objects.filter(key="kostnad").update(description="ändrad")
    _twenty_more(city)
    many = {name: queries_of(visit) for name, visit in pages(client, case).items()}
    assert many == few


def _twenty_more(city: City) -> None:
    cost = CaseType.objects.get(key="kostnad")
    with transaction.atomic(), operation("test.more"):
        CaseType.objects.bulk_create(
            CaseType(
                key=f"fler{n}",
                name=f"Fler {n}",
                prefix=f"W{chr(65 + n)}",
                form=cost.form,
                workflow=cost.workflow,
                starters=cost.starters,
                belongs_to="fixed",
                organisation=cost.organisation,
                in_use=True,
            )
            for n in range(20)
        )


def test_lists_cost_the_same_with_two_cases_and_with_twenty(city: City) -> None:
    loan_type(city)
    cases = [hand_in(city) for _ in range(2)]
    begin(signed_in(city["economist"]))
    visits = {
        "inbox": lambda: signed_in(city["approver"]).get(reverse("workflows:work")),
        "mine": lambda: signed_in(city["economist"]).get(reverse("workflows:work")),
        "drafts": lambda: signed_in(city["economist"]).get(reverse("case_types:start")),
    }
    few = {name: queries_of(visit) for name, visit in visits.items()}
    for _ in range(18):
        cases.append(hand_in(city))
        begin(signed_in(city["economist"]))
    assert len(cases) == 20
    many = {name: queries_of(visit) for name, visit in visits.items()}
    assert many == few


def test_titles_of_a_list_are_one_query(city: City, django_assert_num_queries: Any) -> None:
    from workflows.kinds import kind_of

    cases = [hand_in(city) for _ in range(3)]
    kind = kind_of(cases[0])
    viewer = city["economist"]
    with django_assert_num_queries(1):
        titles = kind.titles(cases, viewer)
    assert {title.title for title in titles.values()} == {"Exempelinstitutet"}
    assert all("12 500,5" in t.subtitle or "12,500.5" in t.subtitle for t in titles.values())


def test_the_editors_list_of_questions_is_asked_once_for_all_types(
    city: City, django_assert_num_queries: Any
) -> None:
    from programme.case_types.kind import staff_kinds

    more_types(city, 10)
    with django_assert_num_queries(2):  # the types, and the newest versions of their forms
        asked = [kind.condition_fields() for kind in staff_kinds()]
    assert len(asked) == 11
    assert all("belopp" in fields for fields in asked)


def test_a_case_type_in_another_administration_is_not_offered(city: City) -> None:
    bromma = Organisation.objects.get(code="bromma")
    loan_type(city, within=bromma.code)
    assert "Lån" not in signed_in(city.chief).get(reverse("case_types:start")).content.decode()
