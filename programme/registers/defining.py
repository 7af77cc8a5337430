"""Writes of registers themselves: what they are for, who reads and writes, what they ask."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit.operations import operation
from core.keys import unique
from forms_app.models import FormDefinition, FormVersion
from forms_app.schema import FormSchema
from people.access import actor_of
from people.models import User
from programme.errors import Stale
from programme.models import Register
from programme.registers import access, rules
from programme.registers.errors import Invalid

#: Addresses that are pages of their own, so no register may be called so.
RESERVED = {"nytt"}


@dataclass(frozen=True)
class Facts:
    """What a register is."""

    name: str
    purpose: str
    form: FormDefinition
    text: str = ""
    readers: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    day_field: str = ""
    sum_field: str = ""
    late_without: str = ""
    rhythm: str = Register.Rhythm.NONE
    rhythm_from: datetime.date | None = None
    warn_days: int = 60
    rhythm_decision: str = ""
    in_use: bool = True


@transaction.atomic
def define(*, facts: Facts, actor: User) -> Register:
    """Make a register; its key is made of the name.

    :raises Invalid: with what is wrong, by field.
    """
    access.ensure_may_define(actor)
    _ensure_usable(facts)
    taken = set(Register.objects.values_list("key", flat=True)) | RESERVED
    key = unique(slugify(facts.name) or "register", taken, length=40, joint="-")
    with operation("register.define", actor=actor_of(actor), subject=key):
        return Register.objects.create(key=key, **vars(facts))


@transaction.atomic
def change(*, register_id: int, seen: int, facts: Facts, actor: User) -> Register:
    """Change a register; its entries and versions stay as they are.

    :param seen: the edition that the page showed.
    :raises Stale: when somebody else has changed it since.
    :raises Invalid: with what is wrong, by field.
    """
    access.ensure_may_define(actor)
    register = Register.objects.select_for_update(of=("self",), no_key=True).get(pk=register_id)
    if register.edition != seen:
        raise Stale
    _ensure_usable(facts, register)
    for name, value in vars(facts).items():
        setattr(register, name, value)
    register.edition += 1
    with operation("register.change", actor=actor_of(actor), subject=register.key):
        register.save()
    return register


def published(form: FormDefinition) -> FormSchema | None:
    """What the form asks in its newest version; nothing when none is published."""
    newest = FormVersion.objects.filter(definition=form).order_by("-number").first()
    return FormSchema.from_plain(newest.schema) if newest else None


def _ensure_usable(facts: Facts, register: Register | None = None) -> None:
    problems = dict(problems_of(facts, published(facts.form)))
    if register and register.form_id != facts.form.pk and register.entries.exists():
        problems["form"] = [
            _("There are entries already. Publish a new version of their form instead.")
        ]
    if problems:
        raise Invalid(problems)


def problems_of(facts: Facts, schema: FormSchema | None) -> dict[str, list[str]]:
    """What stops a register from being kept as it is described, by field."""
    found: dict[str, list[str]] = defaultdict(list)
    if schema is None:
        found["form"].append(_("The form is not published yet. Publish it first."))
        return found
    found |= _problems_of_form(schema)
    kinds = {one.key: one.kind for one in schema.fields()}
    if facts.day_field and kinds.get(facts.day_field) != "date":
        found["day_field"].append(_("The form does not ask for that day."))
    if facts.sum_field and kinds.get(facts.sum_field) not in ("number", "calculated"):
        found["sum_field"].append(_("The form does not ask for that number."))
    if facts.late_without and facts.late_without not in facts.links:
        found["late_without"].append(_("Entries are not linked to that. Choose it above as well."))
    needs_day = facts.late_without or facts.rhythm != Register.Rhythm.NONE
    if needs_day and not facts.day_field:
        found["day_field"].append(_("Choose which question gives the entry's day."))
    if facts.rhythm != Register.Rhythm.NONE:
        if facts.rhythm_from is None:
            found["rhythm_from"].append(_("Say from which day the rhythm holds."))
        if not facts.rhythm_decision:
            found["rhythm_decision"].append(_("Say which decision the rhythm follows."))
    return found


def _problems_of_form(schema: FormSchema) -> dict[str, list[str]]:
    said = []
    unusable = rules.unusable_in(schema)
    if unusable:
        said.append(
            _(
                "A register keeps all its entries, so its form cannot ask for files, persons or"
                " rows: %(questions)s."
            )
            % {"questions": ", ".join(f"«{one.label}»" for one in unusable)}
        )
    if rules.erases(schema):
        said.append(_("The form deletes its answers after a time. A register keeps its entries."))
    if rules.has_hidden_steps(schema):
        said.append(_("A step has a condition. A register asks everything on one page."))
    return {"form": said} if said else {}


def plain_of(register: Register) -> dict[str, Any]:
    """What the register is now, as the form for changing it begins."""
    return {name: getattr(register, name) for name in Facts.__dataclass_fields__}
