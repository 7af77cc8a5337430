"""Every write to the organisation tree; callers open the operation.

A node's lineage runs from the root down to itself, so «below» and «upwards» are
one comparison. A merged organisation's lineage runs through its successor: who
answers for the successor answers for what it inherited, while facts keep the
key of the organisation that they happened in.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people import rules
from people.models import Organisation, Person, RoleAssignment


class BadOrganisation(Exception):
    """The organisation cannot be written as asked; ``message`` says why."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


def add(*, parent: Organisation | None, **fields: Any) -> Organisation:
    """Write a new node under its parent, with its lineage."""
    number = fields.get("organisation_number", "")
    if number and rules.organisation_number(number) is None:
        raise BadOrganisation(_("The organisation number is not right. Check what was typed."))
    fields["organisation_number"] = rules.organisation_number(number) or ""
    node = Organisation.objects.create(parent=parent, **fields)
    node.lineage = rules.lineage_of(node.pk, parent.lineage if parent else [])
    node.save(update_fields=["lineage"])
    return node


def move_below(*, node: Organisation, parent: Organisation) -> None:
    """Hang a node, and all under it, under another parent."""
    if node.pk in parent.lineage:
        raise BadOrganisation(_("An organisation cannot lie below itself."))
    node.parent = parent
    node.save(update_fields=["parent"])
    relay(node, parent.lineage)


def relay(node: Organisation, above: list[int]) -> None:
    """Write the lineage of a node and of everything that hangs under it."""
    old = node.lineage
    node.lineage = rules.lineage_of(node.pk, above)
    node.save(update_fields=["lineage"])
    for below in Organisation.objects.filter(lineage__contains=[node.pk]).exclude(pk=node.pk):
        below.lineage = node.lineage + below.lineage[len(old) :]
        below.save(update_fields=["lineage"])


@transaction.atomic
def merge_into(
    *, predecessors: list[Organisation], successor: Organisation, on: datetime.date
) -> None:
    """Let the successor take over on the day: units and people move, roles end."""
    eve = on - datetime.timedelta(days=1)
    for old in predecessors:
        if successor.pk == old.pk or old.pk in successor.lineage:
            raise BadOrganisation(_("An organisation cannot be merged into itself."))
        old.valid_to = eve
        old.successor = successor
        old.save(update_fields=["valid_to", "successor"])
        relay(old, successor.lineage)
        for child in Organisation.objects.valid_on(on).filter(parent=old):
            move_below(node=child, parent=successor)
        Person.objects.filter(unit=old).update(unit=successor)
        RoleAssignment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=eve), organisation=old, valid_from__lte=eve
        ).update(valid_to=eve)


def number_of(organisation: Organisation) -> str:
    """The nearest organisation number from the organisation and upwards; empty if nobody has one.

    An administration is a part of the city, which is the legal employer.
    """
    line = Organisation.objects.in_bulk(organisation.lineage)
    numbers = (line[key].organisation_number for key in reversed(organisation.lineage))
    return next(filter(None, numbers), "")
