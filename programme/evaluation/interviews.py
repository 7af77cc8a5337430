"""Interviews: those who have said yes, and samples of them drawn by stratum (R-164)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import Capability, Person, User
from programme.errors import Refused
from programme.evaluation import access
from programme.evaluation.extracts import check_leave
from programme.evaluation.sample_rules import Candidate, draw
from programme.models import (
    InterviewConsent,
    InterviewPick,
    InterviewSample,
    Participation,
    Programme,
)

Stratum = InterviewSample.Stratum


def consent_of(person: Person) -> InterviewConsent | None:
    """The yes that holds now."""
    return InterviewConsent.objects.filter(person=person, withdrawn_at=None).first()


@transaction.atomic
def say_yes(*, person: Person, actor: User) -> None:
    """Note that the person may be asked for an interview; saying it twice is once.

    :raises Refused: for whoever has a protected identity, whom no list may hold.
    """
    if person.protected:
        raise Refused(_("Whoever has a protected identity is never on a list of contacts."))
    if consent_of(person) is not None:
        return
    with operation("interview.consent", actor=actor_of(actor), subject=person.public_id):
        try:
            with transaction.atomic():
                InterviewConsent.objects.create(person=person)
        except IntegrityError:
            return  # said in another window at the same moment


@transaction.atomic
def take_back(*, person: Person, actor: User) -> None:
    """From now on the person is on no list, neither a new one nor one that was drawn."""
    with operation("interview.take_back", actor=actor_of(actor), subject=person.public_id):
        InterviewConsent.objects.filter(person=person, withdrawn_at=None).update(
            withdrawn_at=timezone.now()
        )


@dataclass(frozen=True)
class Wanted:
    """How a sample is drawn."""

    purpose: str
    granted_to: User
    expires_on: datetime.date
    seed: str
    strata: Sequence[str]
    each: int


@transaction.atomic
def draw_sample(*, programme: Programme, wanted: Wanted, actor: User) -> InterviewSample:
    """Draw among those who have said yes; seed, rule and population are kept with the sample.

    :raises Refused: when nobody has said yes, or leave may not be given so.
    """
    access.ensure(actor, Capability.MANAGE_PROGRAMME)
    check_leave(purpose=wanted.purpose, granted_to=wanted.granted_to, expires_on=wanted.expires_on)
    candidates, persons = _candidates(programme, wanted.strata)
    if not candidates:
        raise Refused(_("Nobody who takes part has said yes to an interview yet."))
    drawn = draw(candidates, seed=wanted.seed, each=wanted.each)
    with operation("interview.draw", actor=actor_of(actor), reason=wanted.purpose.strip()):
        sample = InterviewSample.objects.create(
            programme=programme,
            purpose=wanted.purpose.strip(),
            granted_to=wanted.granted_to,
            drawn_by=actor,
            expires_on=wanted.expires_on,
            seed=wanted.seed,
            strata=list(wanted.strata),
            each=wanted.each,
            population=drawn.population,
            population_digest=drawn.digest,
        )
        InterviewPick.objects.bulk_create(
            InterviewPick(sample=sample, person_id=persons[key], stratum=stratum, order=order)
            for stratum, keys in drawn.picked.items()
            for order, key in enumerate(keys, start=1)
        )
    return sample


def _candidates(
    programme: Programme, strata: Sequence[str]
) -> tuple[list[Candidate], dict[str, int]]:
    """Everyone who takes part and has said yes, once each, by the first course they came to."""
    yes = InterviewConsent.objects.filter(person=OuterRef("person"), withdrawn_at=None)
    rows = (
        Participation.objects.filter(
            Exists(yes), course__programme=programme, person__protected=False
        )
        .select_related("person", "district", "category")
        .order_by("person_id", "admitted_on", "pk")
        .distinct("person_id")
    )
    candidates, persons = [], {}
    for row in rows:
        words = {
            Stratum.DISTRICT: row.district.short_name,
            Stratum.CATEGORY: row.category.name,
            Stratum.SEX: str(row.person.get_sex_display()) or "–",
        }
        named = " · ".join(words[Stratum(each)] for each in Stratum.values if each in strata)
        candidates.append(Candidate(row.person.public_id, named or _("everyone")))
        persons[row.person.public_id] = row.person_id
    return candidates, persons


def seen_by(user: User) -> QuerySet[InterviewSample]:
    """All for the office, and for an evaluator the own ones until their last day."""
    rows = InterviewSample.objects.select_related("granted_to", "drawn_by")
    if access.may(user, Capability.MANAGE_PROGRAMME):
        return rows
    if access.may(user, Capability.EVALUATE):
        return rows.filter(granted_to=user, expires_on__gte=timezone.localdate())
    return rows.none()


def contacts_of(sample: InterviewSample) -> list[InterviewPick]:
    """Those drawn whose yes still holds, with their names and addresses."""
    yes = InterviewConsent.objects.filter(person=OuterRef("person"), withdrawn_at=None)
    return list(sample.picks.filter(Exists(yes), person__protected=False).select_related("person"))
