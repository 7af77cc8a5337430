"""A small city for these tests: those who start and decide costs, and types made as data."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

import people.setup
from audit.operations import operation
from forms_app.models import Draft
from people import organisations
from people.models import Organisation, Person, User
from programme.case_types.demo import small_pdf
from programme.case_types.setup import ensure_case_type, load_case_types
from programme.models import CaseSubmission, CaseType
from tests.clients import signed_in
from tests.programme.builders import LONG_AGO, account
from workflows.models import Case, WorkItem

PEOPLE = {
    "administrator": "administrator",
    "economist": "ekonom",
    "approver": "godkannare",
    "attestor": "attestant",
    "higher": "hogre_chef",
    "auditor": "revisor",
}
COST = {
    "leverantor": "Exempelinstitutet",
    "fakturanummer": "4711",
    "fakturadatum": "2026-05-04",
    "belopp": "12 500,50",
    "moms": "",
    "budgetpost": "utbildning",
    "kostnadsstalle": "10452",
    "avser": "Två heldagar för tre grupper.",
    "annan_finansiering": "no",
    "annan_finansiering_vilken": "",
}
STEPS = {
    "fakturan": ("leverantor", "fakturanummer", "fakturadatum", "belopp", "moms"),
    "vad": (
        "budgetpost",
        "kostnadsstalle",
        "avser",
        "annan_finansiering",
        "annan_finansiering_vilken",
    ),
}


@dataclass
class City:
    """Everything a test needs by name."""

    owner: Organisation
    farsta: Organisation
    unit: Organisation
    people: dict[str, User]
    chief: User
    head: User
    employee: Person
    login: User

    def __getitem__(self, who: str) -> User:
        """The account, read anew so that nothing is cached on it."""
        return User.objects.get(pk=self.people[who].pk)


@transaction.atomic
def build_city() -> City:
    """The city with the cost type that comes with the portal."""
    with operation("test.city"):
        people.setup.load_organisations()
        people.setup.load_roles()
        city = Organisation.objects.get(code=people.setup.CITY)
        owner = Organisation.objects.get(code="socialforvaltningen")
        farsta = Organisation.objects.get(code="farsta")
        unit = organisations.add(
            parent=farsta,
            code="f1",
            name="Enheten ett",
            short_name="ett",
            kind=Organisation.Kind.UNIT,
            valid_from=LONG_AGO,
        )
        known = {who: account(who, role, city) for who, role in PEOPLE.items()}
        chief = account("chef", "enhetschef", unit)
        head = account("avdelningschef", "avdelningschef", farsta)
        for district in Organisation.objects.filter(kind=Organisation.Kind.DISTRICT):
            if district != farsta:
                account(f"avdelningschef.{district.code}", "avdelningschef", district)
        login = User.objects.create_user("anna@example.org", "a long password", first_name="Anna")
        employee = Person.objects.create(
            first_name="Anna", last_name="Alm", unit=unit, user=login, email="anna@example.org"
        )
        load_case_types(actor=known["administrator"])
    return City(owner, farsta, unit, known, chief, head, employee, login)


#: A loan of equipment, about one person, where the unit of the form decides.
LOAN: dict[str, Any] = {
    "form": {
        "key": "lan",
        "name": "Lån av utrustning",
        "steps": [
            {
                "key": "vad",
                "title": "Vad",
                "fields": [
                    {"key": "sak", "label": "Vad ska lånas?", "kind": "text", "required": True},
                    {
                        "key": "vem",
                        "label": "Till vem?",
                        "kind": "person",
                        "required": True,
                        "privacy": {
                            "purpose": "För att veta vem som har utrustningen.",
                            "legal_basis": "6-1-e",
                        },
                    },
                    {"key": "var", "label": "Var?", "kind": "organisation", "required": True},
                ],
            }
        ],
    },
    "type": {
        "key": "lan",
        "name": "Lån",
        "description": "När någon behöver låna en dator.",
        "prefix": "L",
        "starters": ["enhetschef"],
        "belongs_to": "field",
        "organisation_field": "var",
        "title_field": "sak",
        "subtitle_field": "vem",
        "person_field": "vem",
    },
    "workflow": {
        "key": "lan",
        "name": "Lån av utrustning",
        "steps": [{"key": "ja", "name": "Beviljas", "role": "avdelningschef"}],
    },
}


def loan_type(city: City, **extra: Any) -> CaseType:
    """The loan as a case type in use; ``extra`` changes what the type says."""
    bundle = {**LOAN, "type": {**LOAN["type"], **extra}}
    with transaction.atomic(), operation("test.loan"):
        return ensure_case_type(bundle, actor=city["administrator"])


def begin(client: Client, key: str = "kostnad", **sent: Any) -> Draft:
    """Begin a case on its page; the draft."""
    response = client.post(reverse("case_types:begin", args=[key]), sent)
    assert response.status_code == 302, response.content.decode()[:2000]
    return Draft.objects.get(public_id=response["Location"].split("/")[-3])


def invoice(name: str = "faktura.pdf") -> SimpleUploadedFile:
    """A file that is what it says."""
    return SimpleUploadedFile(name, small_pdf("Faktura"), content_type="application/pdf")


def step_url(draft: Draft, step: str, key: str = "kostnad") -> str:
    """The address of a step of the draft."""
    return reverse("case_types:wizard", args=[key, draft.public_id, step])


def fill_in(client: Client, draft: Draft, **changed: str) -> str:
    """Go through the steps of a cost; the address of the review page."""
    answers = {**COST, **changed}
    location = ""
    for step, keys in STEPS.items():
        sent: dict[str, Any] = {key: answers[key] for key in keys}
        if step == "vad":
            sent["underlag"] = invoice()
        response = client.post(step_url(draft, step), sent)
        assert response.status_code == 302, response.content.decode()[:4000]
        location = response["Location"]
    return location


def hand_in(city: City, who: str = "economist", **changed: str) -> Case:
    """A cost handed in through the pages."""
    client = signed_in(city[who])
    draft = begin(client)
    response = client.post(fill_in(client, draft, **changed))
    assert response.status_code == 302, response.content.decode()[:4000]
    draft.refresh_from_db()
    return CaseSubmission.objects.select_related("case").get(submission=draft.submission_id).case


def decide(city: City, case: Case, who: str, verdict: str = "approve", **more: Any) -> Any:
    """Answer the step that waits, on the case's page."""
    item = WorkItem.objects.get(case=case, closed_at=None)
    return signed_in(city[who]).post(
        reverse("workflows:decide", args=[case.reference]),
        {"verdict": verdict, "step_key": item.step_key, "round": item.round, **more},
    )


def waits_at(case: Case) -> str:
    """The step that waits; empty when nothing does."""
    item = WorkItem.objects.filter(case=case, closed_at=None).first()
    return item.step_key if item else ""


def cost() -> CaseType:
    """The cost type as it stands."""
    return CaseType.objects.select_related("form", "workflow").get(key="kostnad")


def change(case_type: CaseType, **values: Any) -> CaseType:
    """Save the type with other values."""
    with transaction.atomic(), operation("test.change"):
        for name, value in values.items():
            setattr(case_type, name, value)
        case_type.save()
    return case_type
