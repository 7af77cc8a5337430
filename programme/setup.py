"""The ground of the programme: what it is made of, its forms and workflows, waves and quotas.

Everything is read from `data/` and can be run again: what is missing is added,
and what staff have changed since is left as it is.
"""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from forms_app.models import FormDefinition
from forms_app.setup import ensure_form
from people.access import actor_of
from people.models import Organisation, User
from programme.governance.setup import load_governance
from programme.groups.courses import load_courses
from programme.guests.setup import load_municipalities
from programme.lectures.setup import load_material_questions
from programme.models import (
    Category,
    HourRules,
    NominationKind,
    Programme,
    Quota,
    Rate,
    Setting,
    Wave,
)
from programme.procurement.setup import load_budget
from programme.registers.setup import load_registers
from programme.venues.setup import load_checklist
from workflows.models import WorkflowDefinition
from workflows.setup import ensure_message_plan, ensure_workflow

DATA = Path(__file__).resolve().parent / "data"


def read(name: str) -> Any:
    """The facts of one file in `data/`."""
    with (DATA / f"{name}.json").open(encoding="utf-8") as file:
        return json.load(file)


@transaction.atomic
def load_programme(
    *, actor: User | None = None, today: datetime.date | None = None, waves: bool = True
) -> Programme:
    """Lay the ground, or complete it.

    :param actor: publishes the workflows; without one they are only drafted.
    :param today: the day that the waves' windows are counted from.
    :param waves: false leaves waves and quotas to staff: which districts go first, when and with
        how many places is theirs to decide, and what is laid here is an example.
    """
    facts = read("programme")
    with operation("programme.load", actor=actor_of(actor) if actor else None):
        programme = _load_listing(facts)
        _load_numbers(programme, facts)
        for form in read("forms"):
            ensure_form(actor=actor, **form)
        for workflow in read("workflows"):
            ensure_workflow(actor=actor, **{"case_kind": "nomination", **workflow})
        registrations = read("registrations")
        ensure_workflow(case_kind="registration", actor=actor, **registrations["workflow"])
        load_municipalities(registrations["municipalities"])
        _load_kinds(programme, facts)
        # Dates were given as text; the row knows them as dates.
        programme.refresh_from_db()
        load_courses(programme, read("courses"))
        load_checklist(programme)
        load_material_questions(programme)
        load_budget(programme, facts)
        load_governance(programme)
        load_registers(since=programme.starts_on, actor=actor)
        ensure_message_plan(**read("messages"))
        if waves:
            _load_waves(programme, facts, today or timezone.localdate())
    return programme


def _load_listing(facts: dict[str, Any]) -> Programme:
    existing = Programme.objects.filter(key=facts["key"]).first()
    if existing:
        return existing
    organisations = Organisation.objects.in_bulk(
        [facts["owner"], facts["partner"]], field_name="code"
    )
    return Programme.objects.create(
        key=facts["key"],
        name=facts["name"],
        record_number=facts["record_number"],
        starts_on=facts["period"]["start"],
        ends_on=facts["period"]["end"],
        budget_date=facts["budget_date"],
        fund=facts["fund"],
        cci=facts["cci"],
        programme_area=facts["programme_area"],
        specific_objective=facts["specific_objective"],
        region=facts["region"],
        nuts2=facts["nuts2"],
        country=facts["country"],
        intervention_type=facts["intervention_type"],
        union_rate_percent=facts["union_rate_percent"],
        owner=organisations[facts["owner"]],
        partner=organisations[facts["partner"]],
        goals=facts["goals"],
        indicators=facts["indicators"],
    )


def _load_numbers(programme: Programme, facts: dict[str, Any]) -> None:
    """Categories, the rate and the settings, all valid from the programme's first day."""
    for row in facts["categories"]:
        Category.objects.get_or_create(
            programme=programme,
            key=row["key"],
            defaults={
                "name": row["name"],
                "planned_persons": row["planned_persons"],
                "planned_hours_each": row["planned_hours_each"],
                "is_manager": row["is_manager"],
            },
        )
    decided = {"decision": facts["decision"]}
    Rate.objects.get_or_create(
        programme=programme,
        kind="participant",
        valid_from=facts["period"]["start"],
        defaults={"amount": facts["participant_rate_sek_per_hour"], **decided},
    )
    # Actual time to the minute, breaks and absences deducted: the strictest reading.
    HourRules.objects.get_or_create(
        programme=programme, valid_from=facts["period"]["start"], defaults=decided
    )
    for key, value in facts["settings"].items():
        Setting.objects.get_or_create(
            programme=programme,
            key=key,
            valid_from=facts["period"]["start"],
            defaults={"value": value, **decided},
        )


def _load_kinds(programme: Programme, facts: dict[str, Any]) -> None:
    categories = {category.key: category for category in programme.categories.all()}
    for order, row in enumerate(facts["kinds"], start=1):
        NominationKind.objects.get_or_create(
            programme=programme,
            key=row["key"],
            defaults={
                "name": row["name"],
                "description": row["description"],
                "category": categories[row["category"]],
                "key_functions_only": row["key_functions_only"],
                "uses_quota": row["uses_quota"],
                "form": FormDefinition.objects.get(key=row["form"]),
                "workflow": WorkflowDefinition.objects.get(key=row["workflow"]),
                "order": order,
            },
        )


def _load_waves(programme: Programme, facts: dict[str, Any], today: datetime.date) -> None:
    """Waves whose windows lie around the given day, and the quotas that sum to the plan."""
    if programme.waves.exists():
        return
    categories = {category.key: category for category in programme.categories.all()}
    districts = Organisation.objects.in_bulk(
        [code for row in facts["waves"] for code in row["quotas"]], field_name="code"
    )
    for row in facts["waves"]:
        wave = Wave.objects.create(
            programme=programme,
            number=row["number"],
            name=row["name"],
            opens_on=today + datetime.timedelta(days=row["opens_in_days"]),
            closes_on=today + datetime.timedelta(days=row["closes_in_days"]),
            managers_first=row["managers_first"],
            order_reason=row["order_reason"],
        )
        Quota.objects.bulk_create(
            Quota(
                wave=wave,
                organisation=districts[code],
                category=categories[category],
                places=places,
                decision=facts["decision"],
            )
            for code, shares in row["quotas"].items()
            for category, places in shares.items()
        )
