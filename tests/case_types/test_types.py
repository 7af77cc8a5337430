"""Case types as data: who may start, where cases belong, and what happens when one is retired."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from forms_app.models import Draft
from people.models import Organisation, Person, RoleAssignment, User
from programme.case_types import access, actions, rules
from programme.case_types.kind import StaffKind
from programme.case_types.rules import Facts, Holding, Window
from programme.errors import NotAllowed
from programme.models import CaseType
from tests.case_types.builders import (
    City,
    begin,
    change,
    cost,
    decide,
    fill_in,
    hand_in,
    loan_type,
    step_url,
    waits_at,
)
from tests.clients import signed_in
from tests.programme.builders import LONG_AGO
from workflows.models import Case, WorkflowVersion

# Who may start -------------------------------------------------------------


def test_whoever_lacks_the_role_finds_nothing_and_gets_no_further(city: City) -> None:
    client = signed_in(city.chief)
    assert "Kostnad" not in client.get(reverse("case_types:start")).content.decode()
    url = reverse("case_types:begin", args=["kostnad"])
    assert client.get(url).status_code == client.post(url).status_code == 404
    with pytest.raises(NotAllowed):
        actions.start(key="kostnad", place=city.unit, actor=city.chief)
    assert not Draft.objects.exists()


def test_the_control_with_the_role_added_to_the_type_the_same_person_starts(city: City) -> None:
    change(cost(), starters=["ekonom", "enhetschef"])
    assert (
        signed_in(city.chief).get(reverse("case_types:begin", args=["kostnad"])).status_code == 200
    )


def test_within_narrows_where_the_role_must_be_held(city: City) -> None:
    case_type = change(cost(), starters=["enhetschef", "ekonom"], within=city.farsta)
    assert [one.pk for one in access.places_for(city.chief, case_type)] == [city.unit.pk]
    # The economist's role is for the whole city, which does not lie within Farsta.
    assert access.places_for(city["economist"], case_type) == []


def test_an_employee_without_a_role_starts_from_the_own_unit(city: City) -> None:
    case_type = loan_type(city, everyone=True, starters=[], belongs_to="starter")
    user = User.objects.get(pk=city.login.pk)
    assert [one.pk for one in access.places_for(user, case_type)] == [city.unit.pk]
    chosen = access.choosable_persons(user, case_type)
    assert [person.pk for person in chosen] == [city.employee.pk]
    with transaction.atomic(), operation("test.outsider"):
        outsider = User.objects.create_user("x@example.org", "a long password")
    assert access.places_for(outsider, case_type) == []


def test_somebody_elses_draft_does_not_exist(city: City) -> None:
    draft = begin(signed_in(city["economist"]))
    other = signed_in(city["administrator"])
    url = step_url(draft, "fakturan")
    assert other.get(url).status_code == 404
    assert other.post(url, {"leverantor": "Annan"}).status_code == 404
    assert other.post(reverse("case_types:discard", args=[draft.public_id])).status_code == 404
    assert Draft.objects.filter(pk=draft.pk, data={}).exists()
    # Under another type's address it is not there for its owner either.
    loan_type(city)
    own = signed_in(city["economist"])
    assert own.get(step_url(draft, "fakturan", "lan")).status_code == 404
    assert own.post(reverse("case_types:discard", args=[draft.public_id])).status_code == 302
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_a_receipt_and_the_way_to_complete_are_the_initiators_alone(city: City) -> None:
    case = hand_in(city)
    for name in ("case_types:receipt", "case_types:complete"):
        url = reverse(name, args=[case.reference])
        assert signed_in(city["administrator"]).get(url).status_code == 404
        assert signed_in(city["administrator"]).post(url).status_code == (
            405 if name == "case_types:receipt" else 404
        )
        assert signed_in(city["economist"]).get(url).status_code == (
            200 if name == "case_types:receipt" else 302
        )


# Where the case belongs -----------------------------------------------------


def send_loan(city: City, **sent: str) -> Any:
    client = signed_in(city.chief)
    draft = begin(client, "lan")
    answers = {"sak": "Dator", "vem": city.employee.public_id, "var": city.unit.public_id, **sent}
    answered = client.post(step_url(draft, "vad", "lan"), answers)
    if answered.status_code != 302:
        return answered
    return client.post(step_url(draft, "granska", "lan"))


def test_a_question_decides_where_the_case_belongs_and_whom_it_is_about(city: City) -> None:
    loan_type(city)
    assert send_loan(city).status_code == 302
    case = Case.objects.get(kind="lan")
    assert case.organisation == city.unit
    assert case.concerns == city.employee
    concerned = User.objects.get(pk=city.login.pk)
    assert Case.objects.visible_to(concerned).filter(pk=case.pk).exists()
    title = StaffKind(CaseType.objects.get(key="lan")).titles([case], city.head)[case.pk]
    assert (title.title, title.subtitle) == ("Dator", "Lån · Anna Alm, Enheten ett")


def test_another_administrations_unit_or_person_is_refused(city: City) -> None:
    loan_type(city)
    bromma = Organisation.objects.get(code="bromma")
    with transaction.atomic(), operation("test.stranger"):
        stranger = Person.objects.create(first_name="B", last_name="B", unit=bromma)
    assert send_loan(city, var=bromma.public_id).status_code == 422
    assert send_loan(city, vem=stranger.public_id).status_code == 422
    assert not Case.objects.filter(kind="lan").exists()


def test_whom_the_case_is_about_never_decides_in_it(city: City) -> None:
    """The department head lends to themselves: the level above would have to decide."""
    loan_type(city)
    with transaction.atomic(), operation("test.own"):
        Person.objects.filter(pk=city.employee.pk).update(user=city.head)
    refused = send_loan(city)
    assert refused.status_code == 422
    assert "Beviljas" in refused.content.decode()
    assert not Case.objects.filter(kind="lan").exists()
    # The control: about someone else, the same head may decide.
    with transaction.atomic(), operation("test.other"):
        Person.objects.filter(pk=city.employee.pk).update(user=None)
    assert send_loan(city).status_code == 302


def test_a_return_never_opens_the_person_or_the_organisation(city: City) -> None:
    loan_type(city)
    send_loan(city)
    case = Case.objects.get(kind="lan")
    kind = StaffKind(CaseType.objects.get(key="lan"))
    assert set(kind.field_labels(case)) == {"sak"}
    assert kind.fixed_fields == {"vem", "var"}


def test_several_roles_let_one_choose_where_and_nowhere_else(city: City) -> None:
    loan_type(city, belongs_to="starter")
    with transaction.atomic(), operation("test.give"):
        RoleAssignment.objects.create(
            user=city.chief, role_id="enhetschef", organisation=city.farsta, valid_from=LONG_AGO
        )
    client = signed_in(city.chief)
    url = reverse("case_types:begin", args=["lan"])
    assert city.unit.public_id in client.get(url).content.decode()
    assert client.post(url, {"place": city.owner.public_id}).status_code == 404
    draft = begin(client, "lan", place=city.farsta.public_id)
    assert draft.context["place"] == city.farsta.public_id


# Retiring and dates ---------------------------------------------------------


def test_a_retired_type_takes_no_new_cases_and_its_running_ones_go_on(city: City) -> None:
    returned = hand_in(city)
    decide(city, returned, "approver", "return", reason="Varför?", asked_fields=["avser"])
    client = signed_in(city["economist"])
    draft = begin(client)
    review = fill_in(client, draft)
    actions.retire(case_type=cost(), actor=city["administrator"])

    assert client.get(reverse("case_types:begin", args=["kostnad"])).status_code == 404
    assert client.post(reverse("case_types:begin", args=["kostnad"])).status_code == 404
    refused = client.post(review)
    assert refused.status_code == 422
    assert "takes no new cases" in refused.content.decode()
    assert Case.objects.filter(kind="kostnad").count() == 1
    draft.refresh_from_db()
    assert draft.submission_id is None

    first = client.post(reverse("case_types:complete", args=[returned.reference]))["Location"]
    assert client.post(first, {"avser": "Därför."}).status_code == 302
    completion = first.split("/")[-3]
    sent = client.post(reverse("case_types:wizard", args=["kostnad", completion, "granska"]))
    assert sent["Location"] == returned.get_absolute_url()
    decide(city, returned, "approver")
    decide(city, returned, "attestor")
    returned.refresh_from_db()
    assert returned.state == Case.State.APPROVED
    # The control: in use again, the draft that was refused is taken.
    actions.take_into_use(case_type=cost(), actor=city["administrator"])
    assert client.post(review).status_code == 302


def test_the_first_and_the_last_day_count() -> None:
    day = datetime.date(2027, 3, 1)
    one = datetime.timedelta(days=1)
    terms = {"in_use": True, "starts_on": day, "ends_on": day}
    assert rules.window_on(day, **terms) is Window.OPEN  # type: ignore[arg-type]
    assert rules.window_on(day - one, **terms) is Window.BEFORE  # type: ignore[arg-type]
    assert rules.window_on(day + one, **terms) is Window.AFTER  # type: ignore[arg-type]
    assert rules.window_on(day, **{**terms, "in_use": False}) is Window.NOT_IN_USE  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "open_then"), [(0, False), (1, True), (5, True), (6, False)])
def test_the_database_and_the_type_agree_on_the_days(city: City, day: int, open_then: bool) -> None:
    start = timezone.localdate() + datetime.timedelta(days=1)
    case_type = change(cost(), starts_on=start, ends_on=start + datetime.timedelta(days=4))
    with time_machine.travel(timezone.now() + datetime.timedelta(days=day), tick=False):
        today = timezone.localdate()
        assert case_type.is_open_on(today) is open_then
        assert CaseType.objects.open_on(today).exists() is open_then


# What is missing ------------------------------------------------------------


def test_a_type_that_lacks_something_is_not_taken_into_use(city: City) -> None:
    case_type = change(cost(), starters=[], title_field="finns_inte", in_use=False)
    with pytest.raises(actions.NotReady) as refused:
        actions.take_into_use(case_type=case_type, actor=city["administrator"])
    said = " ".join(refused.value.problems)
    assert "Nobody may start" in said
    assert "finns_inte" in said
    assert not CaseType.objects.filter(key="kostnad", in_use=True).exists()


def test_only_those_who_build_take_a_type_into_use_or_out_of_it(city: City) -> None:
    for action in (actions.take_into_use, actions.retire):
        with pytest.raises(NotAllowed):
            action(case_type=cost(), actor=city["economist"])
        action(case_type=cost(), actor=city["administrator"])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"schema": None}, "has not been published"),
        ({"workflow_kind": ""}, "No workflow is chosen"),
        ({"workflow_kind": "annat"}, "another kind"),
        ({"workflow_published": False}, "workflow “W” has not been published"),
        ({"starters": ["spöke"]}, "spöke"),
        ({"belongs_to": "fixed"}, "always belong"),
        ({"belongs_to": "field"}, "asks which organisation"),
        ({"belongs_to": "field", "organisation_field": "sak"}, "asks for an organisation"),
        ({"person_field": "sak"}, "asks for a person"),
        ({"person_field": "kanske"}, "always be asked"),
        ({"title_field": "bilaga"}, "can name a case"),
    ],
)
def test_what_stops_a_type(changed: dict[str, Any], words: str) -> None:
    from forms_app.schema import FormSchema

    schema = FormSchema.from_plain(
        {
            "steps": [
                {
                    "key": "s",
                    "title": "S",
                    "fields": [
                        {"key": "sak", "label": "Sak", "kind": "text"},
                        {"key": "kanske", "label": "Vem?", "kind": "person"},
                        {"key": "bilaga", "label": "Fil", "kind": "file"},
                    ],
                }
            ]
        }
    )
    sound: dict[str, Any] = {
        "key": "lan",
        "belongs_to": "starter",
        "schema": schema,
        "form_name": "F",
        "workflow_name": "W",
        "workflow_kind": "lan",
        "workflow_published": True,
        "starters": ["ekonom"],
        "known_roles": ["ekonom"],
        "title_field": "sak",
    }
    assert rules.problems(Facts(**sound)) == []
    found = rules.problems(Facts(**{**sound, **changed}))
    assert words in " ".join(one.message for one in found)


def test_places_are_those_of_the_right_role_within_the_right_organisation() -> None:
    held = [Holding("ekonom", 1, (1,)), Holding("chef", 3, (1, 2, 3)), Holding("chef", 4, (1, 4))]
    own = Holding("", 9, (1, 2, 9))

    def places(**terms: Any) -> list[int]:
        known = {"starters": ["chef"], "within": None, "own_unit": own, "everyone": False}
        return rules.places_to_start(held, **{**known, **terms})

    assert places() == [3, 4]
    assert places(within=2) == [3]
    assert places(everyone=True, within=2) == [3, 9]
    assert places(starters=[]) == []


def test_the_limit_is_data_and_a_new_one_leaves_running_cases_alone(city: City) -> None:
    from workflows.actions import publish_workflow
    from workflows.blocks import steps_from_stream, stream_from_steps

    before = hand_in(city, belopp="60000")
    definition = cost().workflow
    assert definition is not None
    plain = stream_from_steps(steps_from_stream(definition.steps))
    plain[2]["value"]["rules"][0]["value"]["value"] = "50000"
    with transaction.atomic(), operation("test.limit"):
        field: Any = definition._meta.get_field("steps")
        definition.steps = field.to_python(plain)
        definition.save()
    publish_workflow(definition=definition, actor=city["administrator"])
    assert WorkflowVersion.objects.filter(definition=definition).count() == 2
    after = hand_in(city, belopp="60000")
    for case in (before, after):
        decide(city, case, "approver")
        decide(city, case, "attestor")
    assert waits_at(before) == ""
    assert waits_at(after) == "hogre_attest"


def test_a_case_is_found_by_its_title(city: City) -> None:
    case, other = hand_in(city, leverantor="Blåsippan AB"), hand_in(city)
    client = signed_in(city["approver"])
    page = client.get(reverse("workflows:work"), {"q": "blåsipp"}).content.decode()
    assert case.reference in page
    assert other.reference not in page
