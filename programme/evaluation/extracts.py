"""The participants' statistics without names, for the evaluator who has been given leave (R-163)."""

import csv
import datetime
import io
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from audit.reads import record_reading
from people import identity
from people.access import actor_of, held_by
from people.models import Capability, User
from programme.errors import Refused
from programme.evaluation import access
from programme.evaluation.rules import rounded
from programme.evaluation.sample_rules import age_band, code_of
from programme.evaluation.small_groups import HIDDEN, without_small
from programme.imports.template import inert
from programme.models import CountedTime, EvaluationExtract, Participation, Programme
from programme.queries import settings_on

COLUMNS = (
    "kod",
    "utbildning",
    "kategori",
    "nyckelfunktion",
    "stadsdelsförvaltning",
    "kön",
    "ålder vid projektstart",
    "läge",
    "minuter",
)
# Places among the values after the code: what the evaluation can best do without is hidden first.
FIRST_HIDDEN = (5, 4, 3, 2, 1, 0)


@transaction.atomic
def grant(
    *, programme: Programme, purpose: str, granted_to: User, expires_on: datetime.date, actor: User
) -> EvaluationExtract:
    """Give an evaluator leave to fetch the statistics until a day."""
    access.ensure(actor, Capability.MANAGE_PROGRAMME)
    check_leave(purpose=purpose, granted_to=granted_to, expires_on=expires_on)
    with operation("evaluation.grant_extract", actor=actor_of(actor), reason=purpose.strip()):
        return EvaluationExtract.objects.create(
            programme=programme,
            purpose=purpose.strip(),
            granted_to=granted_to,
            granted_by=actor,
            expires_on=expires_on,
        )


def check_leave(*, purpose: str, granted_to: User, expires_on: datetime.date) -> None:
    """Whether leave may be given so.

    :raises Refused: without a purpose, to others than evaluators, or for a day that has been.
    """
    if len(purpose.strip()) < 10:
        raise Refused(_("Write what it will be used for. The purpose is kept."))
    if not held_by(granted_to).can(Capability.EVALUATE):
        raise Refused(_("Only an evaluator's account can be given this."))
    if expires_on < timezone.localdate():
        raise Refused(_("The last day has already been."))


def seen_by(user: User) -> QuerySet[EvaluationExtract]:
    """All for the office and the auditor, the own ones for an evaluator."""
    rows = EvaluationExtract.objects.select_related("granted_to", "granted_by")
    if access.may(user, Capability.MANAGE_PROGRAMME, Capability.AUDIT):
        return rows
    if access.may(user, Capability.EVALUATE):
        return rows.filter(granted_to=user)
    return rows.none()


def fetched_by(user: User) -> QuerySet[EvaluationExtract]:
    """What the user may fetch today: given to just this account, and not over."""
    if not access.may(user, Capability.EVALUATE):
        return EvaluationExtract.objects.none()
    return EvaluationExtract.objects.filter(
        granted_to=user, expires_on__gte=timezone.localdate()
    ).select_related("programme")


def as_csv(extract: EvaluationExtract) -> bytes:
    """One line a participation: a code, never a name, number, unit or date. The reading is noted.

    Whoever has a protected identity is left out, and what fewer people share than the project's
    limit is hidden; minutes are rounded to the project's step. The queries do not follow the rows.
    """
    record_reading("evaluation.extract", extract.public_id, reason=extract.purpose)
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([inert(text) for text in line] for line in sorted(_lines(extract)))
    return target.getvalue().encode("utf-8-sig")


def _lines(extract: EvaluationExtract) -> list[list[str]]:
    rows = list(
        Participation.objects.filter(
            course__programme=extract.programme, person__protected=False
        ).select_related("person", "course", "category", "district")
    )
    minutes = dict(
        CountedTime.objects.filter(current=True, participation__in=rows)
        .values_list("participation")
        .annotate(total=Sum("minutes"))
        .order_by()
    )
    values = settings_on(extract.programme, timezone.localdate())
    step = int(values["extract_minutes_step"])
    born = identity.born_of({row.person_id for row in rows})
    starts = extract.programme.starts_on
    lines = [
        (
            code_of(extract.salt, row.person.public_id),
            (
                row.course.name,
                row.category.name,
                "ja" if row.key_function else "nej",
                row.district.short_name,
                str(row.person.get_sex_display()) if row.person.sex else "",
                age_band(born.get(row.person_id), starts),
            ),
            (str(row.get_state_display()), str(rounded(minutes.get(row.pk, 0), step))),
        )
        for row in rows
    ]
    limit = int(values["small_number_limit"])
    shown = without_small(
        _profiles((code, values) for code, values, _rest in lines), limit=limit, order=FIRST_HIDDEN
    )
    # By person, since the code joins the lines: what one line hides no other line tells.
    return [
        [
            code,
            *(HIDDEN if shown[code][at] == HIDDEN else value for at, value in enumerate(values)),
            *rest,
        ]
        for code, values, rest in lines
        if code in shown
    ]


def _profiles(lines: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Each person's values of all their lines together."""
    found: dict[str, list[set[str]]] = {}
    for code, values in lines:
        for seen, value in zip(
            found.setdefault(code, [set() for _each in values]), values, strict=True
        ):
            seen.add(value)
    return {code: tuple(" + ".join(sorted(seen)) for seen in each) for code, each in found.items()}
