"""Situations for this room's tests: a small city, people with roles, a kind of case."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from people.models import Capability, Organisation, Person, Role, RoleAssignment, User
from workflows import kinds
from workflows.actions import decide, open_case
from workflows.kinds import CaseKind, CaseTitle, Event, FactGroup, FactRow, Panel
from workflows.models import Case, WorkflowDefinition, WorkflowVersion
from workflows.rules import Step, Verdict, digest_of, steps_to_plain

LONG_AGO = datetime.date(2020, 1, 1)
CAPABILITIES = {
    "enhetschef": [Capability.NOMINATE],
    "avdelningschef": [Capability.SEE_CASES],
    "projektledare": [
        Capability.SEE_CASES,
        Capability.MANAGE_PROGRAMME,
        Capability.MANAGE_DEFINITIONS,
    ],
    "revisor": [Capability.AUDIT],
}
TWO_STEPS = (
    Step(key="prioritise", name="Prioritera", role="avdelningschef", working_days=3),
    Step(key="admit", name="Anta", role="projektledare", working_days=5),
)


class ParkKind(CaseKind):
    """A kind that only the tests know: an application for a bench in a park."""

    key = "bench"
    name = "Bänkansökan"
    prefix = "B"

    def __init__(self) -> None:
        self.events: list[tuple[str, Event]] = []

    def titles(self, cases: Sequence[Case], viewer: User) -> dict[int, CaseTitle]:
        return {case.pk: CaseTitle(f"Bänk {case.data.get('place', '')}", "park") for case in cases}

    def facts(self, case: Case, viewer: User) -> Sequence[FactGroup]:
        changed = case.round > 1
        return [
            FactGroup(
                "Underlag",
                [FactRow("Plats", case.data.get("place"), changed, "gammal" if changed else None)],
            )
        ]

    def field_labels(self, case: Case) -> Mapping[str, str]:
        return {"place": "Plats", "cost": "Kostnad"}

    def condition_fields(self) -> Mapping[str, str]:
        return {"place": "Plats", "cost": "Kostnad"}

    def edit_url(self, case: Case) -> str:
        return f"/parker/{case.reference}/andra/"

    def panels(self, case: Case, viewer: User) -> Sequence[Panel]:
        return [Panel("components/tag.html", {"text": "En panel", "colour": "teal"})]

    def after(self, case: Case, event: Event) -> None:
        self.events.append((case.reference, event))


def use_kind() -> ParkKind:
    """Register a fresh kind in place of an earlier one."""
    kinds.unregister(ParkKind.key)
    kind = ParkKind()
    kinds.register(kind)
    return kind


@dataclass
class World:
    """One city with two districts; each has a department with a unit."""

    city: Organisation
    farsta: Organisation
    department: Organisation
    unit: Organisation
    norra: Organisation
    norra_unit: Organisation
    # People are found by what they are: world.people["chef"].
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, who: str) -> User:
        """The person, read anew so that nothing is cached on the account."""
        return User.objects.get(pk=self.people[who].pk)


def organisation(name: str, kind: str, parent: Organisation | None = None) -> Organisation:
    org = Organisation(
        code=name.lower().replace(" ", "-"),
        name=name,
        short_name=name,
        kind=kind,
        parent=parent,
        valid_from=LONG_AGO,
    )
    org.save()
    Organisation.objects.filter(pk=org.pk).update(
        lineage=[*(parent.lineage if parent else []), org.pk]
    )
    org.refresh_from_db()
    return org


def user(name: str) -> User:
    first, _, last = name.partition(" ")
    account = User(
        email=f"{first}.{last}@example.org".lower(), first_name=first, last_name=last or "Test"
    )
    account.set_unusable_password()
    account.save()
    return account


def give(account: User, role: str, org: Organisation) -> RoleAssignment:
    Role.objects.get_or_create(
        key=role, defaults={"name": role.capitalize(), "capabilities": CAPABILITIES.get(role, [])}
    )
    return RoleAssignment.objects.create(
        user=account, role_id=role, organisation=org, valid_from=LONG_AGO
    )


def person_of(account: User, unit: Organisation) -> Person:
    return Person.objects.create(
        first_name=account.first_name, last_name=account.last_name, unit=unit, user=account
    )


def build_world() -> World:
    """Call inside an operation."""
    city = organisation("Staden", "city")
    farsta = organisation("Farsta", "district", city)
    department = organisation("Farsta barn och unga", "department", farsta)
    unit = organisation("Farsta enhet ett", "unit", department)
    norra = organisation("Norra", "district", city)
    norra_unit = organisation("Norra enhet ett", "unit", norra)
    world = World(city, farsta, department, unit, norra, norra_unit)
    for who, role, org in (
        ("chef", "enhetschef", unit),
        ("avdelning", "avdelningschef", department),
        ("leader", "projektledare", city),
        ("deputy_leader", "projektledare", city),
        ("norra_chef", "avdelningschef", norra),
        ("auditor", "revisor", city),
    ):
        world.people[who] = user(f"{who.capitalize()} Person")
        give(world.people[who], role, org)
    world.people["nobody"] = user("Nobody Person")
    return world


def version_of(*steps: Step, key: str = "bench", material: Sequence[str] = ()) -> WorkflowVersion:
    """A published version, without the checks that publishing makes."""
    definition, _ = WorkflowDefinition.objects.get_or_create(
        key=key, defaults={"name": key, "case_kind": ParkKind.key}
    )
    plain = steps_to_plain(steps or TWO_STEPS)
    return WorkflowVersion.objects.create(
        definition=definition,
        number=definition.versions.count() + 1,
        steps=plain,
        material=list(material),
        digest=digest_of(plain),
        published_at=timezone.now(),
        published_by_name="Test",
    )


def case_in(
    world: World,
    version: WorkflowVersion | None = None,
    *,
    initiator: str = "chef",
    concerns: Person | None = None,
    organisation: Organisation | None = None,
    data: dict[str, Any] | None = None,
) -> Case:
    kind = kinds.kind_named(ParkKind.key)
    assert kind is not None
    return open_case(
        kind=kind,
        version=version or version_of(),
        organisation=organisation or world.unit,
        initiator=world[initiator],
        concerns=concerns,
        data={"place": "vid sjön", "cost": 100} if data is None else data,
    )


def answer(
    case: Case, who: User, verdict: Verdict = Verdict.APPROVE, *, reason: str = "", **more: Any
) -> Case:
    """Decide the step that waits now."""
    item = case.work_items.get(closed_at__isnull=True)
    return decide(
        case_id=case.pk,
        step_key=item.step_key,
        round=item.round,
        verdict=verdict,
        actor=who,
        reason=reason or ("därför" if verdict is not Verdict.APPROVE else ""),
        **more,
    )
