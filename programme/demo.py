"""Nominations for the demo, made through the same actions as everything else.

Deterministic: persons are taken in order, so every demo shows the same. Farsta's
first unit is left with free employees and the quota with places, for a visitor
who wants to nominate.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from people.actions import record_receipt
from people.models import Organisation, Person, RoleAssignment, User
from people.privacy import current
from programme.actions import places
from programme.actions.nominate import nominate
from programme.actions.waves import update_wave
from programme.models import Nomination, NominationKind, Place, Programme, Quota, Wave
from programme.setup import load_programme
from workflows.actions import decide
from workflows.mailing import actions as mailing
from workflows.models import WorkItem

DEMO = Actor(id="demo", name="Demo")
# Whose place the story tells of, when it is told; the others have an offer to answer.
IN_THE_STORY = ("deltagare.farsta@example.org",)
# How far each of a unit's nominations goes, in order of its employees.
STAFF_PLAN: dict[str, list[str]] = {
    "farsta": ["approved", "accepted", "waiting", "returned", "prioritised"],
    "hagersten-alvsjo": ["accepted", "approved", "declined", "waiting", "prioritised", "waiting"],
    "skarholmen": ["approved", "waiting", "prioritised", "accepted", "waiting"],
}
# Hägersten-Älvsjö has fewer places for managers than nominations: a reserve list.
MANAGER_PLAN: dict[str, list[str]] = {
    "farsta": ["approved", "prioritised"],
    "hagersten-alvsjo": ["accepted", "approved", "approved", "approved"],
    "skarholmen": ["accepted", "waiting"],
}
MOTIVATIONS = [
    "Enheten tar emot fler ärenden där flera insatser behöver samordnas. Personen ska leda"
    " kollegiala samtal varje vecka och behöver en gemensam metod.",
    "Vi har ändrat arbetssätt under året. Kunskapen behövs för att möta personer utifrån deras egna"
    " behov och förutsättningar.",
    "Flera i arbetsgruppen är nya. Personen handleder dem och för kunskapen vidare på våra"
    " arbetsplatsträffar.",
    "Verksamheten vill arbeta mer systematiskt med delaktighet. Personen har bett om att få gå och"
    " teamet har planerat för tiden.",
]
AREAS = {
    "Individ- och familjeomsorg": "ifo",
    "Funktionsnedsättning och socialpsykiatri": "funktion",
    "Äldreomsorg": "aldre",
    "Ekonomiskt bistånd": "bistand",
}
NEEDS = ["samtal", "bemotande", "systemteori", "yrkesroll", "case"]
QUESTION = "Vilken plats har nomineringen i enhetens prioritering, och varför just nu?"


@transaction.atomic
def build_nominations(today: datetime.date | None = None, *, told: bool = False) -> None:
    """Some twenty-five nominations in three administrations; adds nothing the second time.

    :param told: the story is told too, and tells of Farsta's participant.
    """
    with operation("demo.nominations", actor=DEMO):
        administrator = _holder("administrator")
        programme = load_programme(actor=administrator, today=today)
        keep_open(programme, today or timezone.localdate(), administrator)
        if not Nomination.objects.exists():
            _Builder(programme, administrator, IN_THE_STORY if told else ()).build()
            _build_messages()


def _build_messages() -> None:
    """A rule by the clock, and a draft that waits for somebody to send it."""
    leader = _holder("projektledare")
    mailing.add_rule(
        actor=leader,
        audience="occasion_no_answer",
        name="Tre dygn före, till dem som inte har svarat",
        hours=72,
        side="before",
        kinds=["training"],
        subject="Kommer du {day}?",
        body="{title}\n{when}\n{place}\nDu har inte svarat än. Logga in och svara, så att vi vet"
        " hur många vi blir.",
        must_know=True,
        decision="Projektledaren, 2026-01-15",
    )
    mailing.draft(
        actor=leader,
        audience="participants",
        subject_key="",
        subject="Nytt material på dina sidor",
        body="Det finns nytt material att läsa mellan tillfällena.\nLogga in och titta under Min"
        " utbildning.",
    )


def keep_open(programme: Programme, today: datetime.date, actor: User) -> None:
    """Move the first wave's window when the demo has grown older than it."""
    for wave in programme.waves.filter(number=1, closes_on__lt=today + datetime.timedelta(days=7)):
        update_wave(
            wave_id=wave.pk,
            name=wave.name,
            opens_on=wave.opens_on,
            closes_on=today + datetime.timedelta(days=42),
            managers_first=wave.managers_first,
            reason="Omgången hålls öppen i demon.",
            actor=actor,
        )


def _holder(role: str, organisation: Organisation | None = None) -> User:
    held = RoleAssignment.objects.filter(role_id=role).select_related("user").order_by("pk")
    if organisation is not None:
        held = held.filter(organisation=organisation)
    found = held.first()
    if found is None:
        raise LookupError(f"nobody holds {role}")
    return found.user


class _Builder:
    """One run over the districts of the first wave."""

    def __init__(
        self, programme: Programme, administrator: User, left_out: Sequence[str] = ()
    ) -> None:
        self.left_out = left_out
        self.wave = Wave.objects.get(programme=programme, number=1)
        self.kinds: dict[str, NominationKind] = {
            kind.key: kind
            for kind in programme.kinds.select_related("category", "form", "workflow")
        }
        self.administrator = administrator
        self.made = 0

    def build(self) -> None:
        """Managers first, then their staff."""
        quotas = Quota.objects.filter(wave=self.wave).select_related("organisation")
        districts = {quota.organisation.code: quota.organisation for quota in quotas}
        for code, district in sorted(districts.items()):
            head = _holder("avdelningschef", district)
            self._managers(district, head, MANAGER_PLAN.get(code, []))
            self._staff(district, head, STAFF_PLAN.get(code, []))

    def _managers(self, district: Organisation, head: User, plan: list[str]) -> None:
        """Each manager nominated by the department head; the project leader decides after."""
        managers = (
            Person.objects.filter(
                unit__lineage__contains=[district.pk],
                unit__kind=Organisation.Kind.UNIT,
                is_manager=True,
            )
            .select_related("unit")
            .order_by("pk")
        )
        for person, goal in zip(managers, plan, strict=False):
            chief = person.user or head
            nominator = head if person.user_id else chief
            self._one(person, "chef", goal, nominator, head)

    def _staff(self, district: Organisation, head: User, plan: list[str]) -> None:
        units = Organisation.objects.filter(
            lineage__contains=[district.pk], kind=Organisation.Kind.UNIT
        ).order_by("pk")
        unit = units.first()
        if unit is None:
            return
        chief = _holder("enhetschef", unit)
        # The demo's own participant comes first, so that account has an offer to answer.
        staff = (
            Person.objects.filter(unit=unit, is_manager=False, protected=False)
            .exclude(email__in=self.left_out)
            .order_by("pk")
        )
        for person, goal in zip(staff.select_related("unit"), plan, strict=False):
            self._one(person, "medarbetare", goal, chief, head)

    def _one(self, person: Person, kind: str, goal: str, nominator: User, head: User) -> None:
        nomination = nominate(
            wave=self.wave,
            kind=self.kinds[kind],
            raw=self._answers(person, kind),
            actor=nominator,
        )
        self.made += 1
        if goal == "returned":
            self._decide(nomination, "return", QUESTION, ["priority", "motivation"])
            return
        if goal == "declined":
            self._decide(nomination, "decline", "Enheten har redan flera som går. Nästa omgång.")
            return
        if goal in ("prioritised", "approved", "accepted"):
            self._decide(nomination, "approve")
        if goal in ("approved", "accepted"):
            while self._waits(nomination):
                self._decide(nomination, "approve")
        if goal == "accepted":
            self._accept(nomination)

    def _waits(self, nomination: Nomination) -> bool:
        return WorkItem.objects.filter(case=nomination.case_id, closed_at=None).exists()

    def _decide(
        self, nomination: Nomination, verdict: str, reason: str = "", asked: list[str] | None = None
    ) -> None:
        """By whoever the step waits for."""
        item = WorkItem.objects.select_related("organisation", "case").get(
            case=nomination.case_id, closed_at=None
        )
        held = (
            RoleAssignment.objects.filter(
                role_id=item.role_id, organisation_id__in=item.organisation.lineage
            )
            .exclude(user=nomination.nominated_by)
            .exclude(user=nomination.person.user)
            .select_related("user", "organisation")
        )
        nearest = max(held, key=lambda one: len(one.organisation.lineage))
        decide(
            case_id=nomination.case_id,
            step_key=item.step_key,
            round=item.round,
            verdict=verdict,
            actor=nearest.user,
            reason=reason,
            asked_fields=asked or [],
        )

    def _accept(self, nomination: Nomination) -> None:
        place = Place.objects.get(nomination=nomination)
        person = Person.objects.select_related("user").get(pk=nomination.person_id)
        version = current("tidsredovisning")
        if place.state != Place.State.OFFERED or person.user is None or version is None:
            return
        record_receipt(person=person, version=version, channel="web", actor=person.user)
        places.accept(place_id=place.pk, actor=person.user)

    def _answers(self, person: Person, kind: str) -> dict[str, object]:
        turn = self.made
        answers: dict[str, object] = {
            "person": person.public_id,
            "motivation": MOTIVATIONS[turn % len(MOTIVATIONS)],
            "priority": str(turn % 5 + 1),
            "service_area": AREAS.get(person.unit.service_area, "ifo"),
            "released_time": "yes",
        }
        if kind == "chef":
            return answers | {"needs": ["forandring", "strukturer"][: turn % 2 + 1]}
        key = person.job_role in ("gruppledare", "samordnare", "verksamhetsutvecklare")
        return answers | {
            "key_function": "yes" if key else "no",
            "needs": [NEEDS[turn % 5], NEEDS[(turn + 2) % 5]],
        }
