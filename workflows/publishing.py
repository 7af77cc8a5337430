"""What stops a workflow from being published, in words staff can act on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from people.models import Role
from workflows import checks, trying
from workflows.blocks import material_from_stream, steps_from_stream
from workflows.checks import Problem
from workflows.coverage import Cell, CoverageRow, coverage, short_of_people
from workflows.kinds import kind_named
from workflows.models import WorkflowDefinition
from workflows.rules import Mode, Step


def problems_of(
    definition: WorkflowDefinition, *, on: datetime.date, staffed: bool = True
) -> list[Problem]:
    """Everything that stops the draft from being published; empty when it is sound.

    :param staffed: whether somebody must hold the roles that the steps name.
    """
    steps = steps_from_stream(definition.steps)
    material = material_from_stream(definition.material)
    found = checks.problems_with(steps, material, known_fields(definition.case_kind))
    if kind_named(definition.case_kind) is None:
        found.append(Problem(_("There is no kind of case called “%s”.") % definition.case_kind))
    if steps:
        found += problems_with_people(steps, on) if staffed else unknown_roles(steps)
        found += trying.failing_tests(definition, steps)
    return found


def known_fields(case_kind: str) -> frozenset[str] | None:
    """The fields conditions may ask about; None when the kind does not say."""
    kind = kind_named(case_kind)
    fields = frozenset(kind.condition_fields()) if kind else frozenset()
    return fields or None


def problems_with_people(steps: Sequence[Step], on: datetime.date) -> list[Problem]:
    """Roles that do not exist, and districts where too few can decide."""
    known = set(Role.objects.values_list("key", flat=True))
    found = unknown_roles(steps)
    sound = [at for at, step in enumerate(steps) if set(step.all_roles()) <= known]
    rows = coverage([steps[at] for at in sound], on=on)
    places = dict(zip((id(row) for row in rows), sound, strict=True))
    for row in rows:
        found += [Problem(message, places[id(row)]) for message in _uncovered(row)]
    short = groupby(
        sorted(short_of_people(rows), key=lambda pair: places[id(pair[0])]),
        key=lambda pair: places[id(pair[0])],
    )
    for place, pairs in short:
        message = _(
            "In %(district)s too few different people can decide “%(step)s” and the steps "
            "beside or before it: nobody approves twice in a case."
        )
        words = {"district": _named(cell for _row, cell in pairs), "step": steps[place].name}
        found.append(Problem(message % words, place))
    return found


def unknown_roles(steps: Sequence[Step]) -> list[Problem]:
    """Roles that the steps name and that do not exist."""
    known = set(Role.objects.values_list("key", flat=True))
    return [
        Problem(
            _("“%(step)s” names the role “%(role)s”, which does not exist.")
            % {"step": step.name, "role": role or "–"},
            at,
        )
        for at, step in enumerate(steps)
        for role in step.all_roles()
        if role not in known
    ]


def _uncovered(row: CoverageRow) -> list[str]:
    """Districts where nobody decides the step, in one line, and those where too few do."""
    found = []
    missing = [cell for cell in row.cells if cell.missing]
    words = {"district": _named(missing), "step": row.step.name}
    if len(missing) == len(row.cells) > 1:
        found.append(_("In no district can anybody decide “%(step)s” today.") % words)
    elif missing:
        found.append(_("Nobody in %(district)s can decide “%(step)s” today.") % words)
    if row.step.mode is Mode.K_OF_N:
        found += [
            _("“%(step)s” needs %(k)d approvals, but only %(have)d in %(district)s can decide it.")
            % {
                "district": cell.organisation.name,
                "step": row.step.name,
                "k": row.step.k,
                "have": len(cell.holders),
            }
            for cell in row.cells
            if cell.holders and len(cell.holders) < row.step.k
        ]
    return found


def _named(cells: Iterable[Cell]) -> str:
    return ", ".join(cell.organisation.name for cell in cells)
