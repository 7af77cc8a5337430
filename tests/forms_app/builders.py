"""Small rooms of people and forms for this room's tests."""

import datetime
from typing import Any

from core.conditions import AllOf, Rule
from forms_app.care import Privacy
from forms_app.models import Draft, FormVersion
from forms_app.schema import Choice, FieldSchema, StepSchema
from forms_app.setup import ensure_form
from people.models import Capability, Organisation, Person, Role, RoleAssignment, User

START = datetime.date(2026, 1, 1)


def organisation(code: str, parent: Organisation | None = None) -> Organisation:
    """A node of the tree with its lineage set."""
    made = Organisation(
        code=code,
        name=code.title(),
        short_name=code.title(),
        kind="unit" if parent else "city",
        parent=parent,
        valid_from=START,
    )
    made.save()
    made.lineage = [*(parent.lineage if parent else []), made.pk]
    made.save()
    return made


def user(name: str, organisation: Organisation | None = None, *capabilities: str) -> User:
    """An account, with a role of its own when capabilities are given."""
    made = User.objects.create_user(
        f"{name}@example.org", "long-enough-password", first_name=name.title(), last_name="Test"
    )
    if organisation is not None:
        role, _ = Role.objects.get_or_create(
            key=f"role-{name}",
            defaults={"name": name, "capabilities": list(capabilities or [Capability.NOMINATE])},
        )
        RoleAssignment.objects.create(
            user=made, role=role, organisation=organisation, valid_from=START
        )
    return made


def person(name: str, unit: Organisation, **extra: Any) -> Person:
    """An employee."""
    return Person.objects.create(first_name=name, last_name="Testsson", unit=unit, **extra)


PRIVACY = Privacy(purpose="För att pröva nomineringen.", legal_basis="6-1-e")
IS_MANAGER = Rule("manager", "equals", "yes")

STEPS = (
    StepSchema(
        key="who",
        title="Vem?",
        fields=(
            FieldSchema(
                key="person", label="Medarbetare", kind="person", required=True, privacy=PRIVACY
            ),
            FieldSchema(key="manager", label="Är hen chef?", kind="yes_no", required=True),
        ),
    ),
    StepSchema(
        key="leading",
        title="Ledarskap",
        show_if=IS_MANAGER,
        fields=(
            FieldSchema(key="staff", label="Antal medarbetare", kind="number", required=True),
            FieldSchema(
                key="why_many",
                label="Varför så många?",
                kind="text",
                show_if=Rule("staff", "at_least", "30"),
                required=True,
            ),
        ),
    ),
    StepSchema(
        key="more",
        title="Mer",
        fields=(
            FieldSchema(
                key="needs",
                label="Behov",
                kind="choices",
                choices=(Choice("language", "Språk"), Choice("other", "Annat")),
            ),
            FieldSchema(
                key="other_need",
                label="Vilket annat?",
                kind="long_text",
                require_if=AllOf([Rule("needs", "contains", "other")]),
            ),
            FieldSchema(key="start", label="Från och med", kind="date", minimum="2026-01-01"),
            FieldSchema(key="mail", label="E-post", kind="email", privacy=PRIVACY),
            FieldSchema(key="paper", label="Underlag", kind="file", max_megabytes=1),
        ),
    ),
)


def form_version(key: str = "test-form", steps: Any = STEPS) -> FormVersion:
    """A published form."""
    return ensure_form(key=key, name="Provformulär", introduction="Hej", steps=steps)


def draft(owner: User, version: FormVersion, **typed: dict[str, Any]) -> Draft:
    """A draft in which the given steps are typed."""
    from forms_app import actions

    made = actions.start_draft(owner=owner, version=version)
    for step, values in typed.items():
        made = actions.save_step(
            draft_id=made.pk, step_key=step, typed=values, next_step=step, actor=owner
        )
    return made
