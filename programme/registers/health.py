"""Registers that lack an entry in their rhythm, or whose form no longer fits; for the check."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from core.health import Finding, Severity
from forms_app.models import FormVersion
from forms_app.schema import FormSchema
from programme.models import Register
from programme.registers import queries, words
from programme.registers.defining import Facts, plain_of, problems_of
from programme.registers.rules import Standing


def check(on: datetime.date) -> Iterator[Finding]:
    """What is missing in registers in use; three queries, however many there are."""
    registers = list(Register.objects.filter(in_use=True).select_related("form"))
    yield from _rhythms(registers, on)
    yield from _forms(registers)


def _rhythms(registers: list[Register], on: datetime.date) -> Iterator[Finding]:
    standings = queries.standings(registers, on)
    for register in registers:
        for period, standing in standings.get(register.pk, ()):
            said = {"name": register.name, "period": words.period(period)}
            if standing is Standing.MISSING:
                message = _("«%(name)s» has no entry for %(period)s.") % said
                yield Finding(message, Severity.WARNING, _address(register))
            elif standing is Standing.SOON:
                message = _("«%(name)s» needs an entry for %(period)s by %(day)s.") % {
                    **said,
                    "day": period.last.isoformat(),
                }
                yield Finding(message, Severity.SOON, _address(register))


def _forms(registers: list[Register]) -> Iterator[Finding]:
    """A new version of a form may no longer ask what the register counts on."""
    forms = {one.form_id for one in registers}
    newest = {
        one.definition_id: FormSchema.from_plain(one.schema)
        for one in FormVersion.objects.filter(definition__in=forms)
        .order_by("definition_id", "-number")
        .distinct("definition_id")
    }
    for register in registers:
        problems = problems_of(Facts(**plain_of(register)), newest.get(register.form_id))
        for said in problems.values():
            message = f"«{register.name}»: {' '.join(said)}"
            yield Finding(message, Severity.WARNING, _address(register))


def _address(register: Register) -> str:
    return reverse("registers:register", args=[register.key])
