"""Finds administrations, departments and units by their names, and plans those that are new."""

import datetime
from dataclasses import dataclass, field
from itertools import count

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from people import organisations
from people.access import below
from people.models import Capability, Organisation, User

ADMINISTRATIONS = (Organisation.Kind.DISTRICT, Organisation.Kind.CITY_WIDE)


@dataclass
class Tree:
    """The organisations that the list may name, and those that it would add.

    A planned one is an unsaved row until `plant` writes it.
    """

    administrations: dict[str, Organisation] = field(default_factory=dict)
    children: dict[tuple[int, str], list[Organisation]] = field(default_factory=dict)
    planned: dict[tuple[int, str], Organisation] = field(default_factory=dict)
    parents: dict[int, Organisation] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)

    def find(
        self, administration: str, department: str, unit: str, service_area: str = ""
    ) -> Organisation | None:
        """Where somebody works; nothing when the row does not say.

        :raises ValidationError: with words for the row.
        """
        if not administration:
            if department or unit:
                raise ValidationError(_("Write the administration too."))
            return None
        top = self.administrations.get(_key(administration))
        if top is None:
            raise ValidationError(
                _("There is no administration “%(name)s” whose accounts you handle.")
                % {"name": administration[:80]}
            )
        self.named.add(top.pk)
        above = top
        if department:
            above = self._child(top, department, Organisation.Kind.DEPARTMENT, service_area)
        if not unit:
            return above
        if not department:
            anywhere = self._anywhere_below(top, unit)
            if anywhere is not None:
                return anywhere
        return self._child(above, unit, Organisation.Kind.UNIT, service_area)

    def _anywhere_below(self, top: Organisation, name: str) -> Organisation | None:
        found = [
            node
            for (_parent, key), nodes in self.children.items()
            if key == _key(name)
            for node in nodes
            if top.pk in node.lineage
        ]
        if len(found) > 1:
            raise ValidationError(
                _("There are several units called “%(name)s”. Write the department too.")
                % {"name": name[:80]}
            )
        return found[0] if found else None

    def _child(
        self, above: Organisation, name: str, kind: Organisation.Kind, service_area: str
    ) -> Organisation:
        # A planned one has no key yet; the row itself is what its children hang on.
        place = (above.pk or -id(above), _key(name))
        known = self.children.get(place, [])
        if len(known) == 1:
            return known[0]
        if known:
            raise ValidationError(
                _("There are several units called “%(name)s”. Write the department too.")
                % {"name": name[:80]}
            )
        if place not in self.planned:
            written = " ".join(name.split())
            node = Organisation(
                name=written[:160],
                short_name=written[:80],
                kind=kind,
                service_area=service_area[:80],
            )
            self.planned[place] = node
            self.parents[id(node)] = above
        return self.planned[place]

    def plant(self, day: datetime.date) -> int:
        """Write what is planned, those above first, inside the caller's operation.

        :returns: how many were written.
        """
        codes = set(Organisation.objects.values_list("code", flat=True))
        made: dict[int, Organisation] = {}
        for node in self.planned.values():
            above = self.parents[id(node)]
            above = made.get(id(above), above)
            made[id(node)] = organisations.add(
                parent=above,
                code=_free(f"{above.code}-{node.name}", codes),
                name=node.name,
                short_name=node.short_name,
                kind=node.kind,
                service_area=node.service_area,
                valid_from=day,
            )
        return len(made)

    def words_of(self, node: Organisation) -> str:
        """The unit with what it lies under, as a list writes it."""
        above = self.parents.get(id(node))
        return f"{above.short_name} / {node.name}" if above is not None else node.name


def tree_for(user: User, day: datetime.date) -> Tree:
    """Every organisation whose accounts the user handles; one query."""
    tree = Tree()
    rows = Organisation.objects.valid_on(day).filter(below(user, Capability.MANAGE_ACCOUNTS, ""))
    for node in rows.order_by("pk"):
        if node.kind in ADMINISTRATIONS:
            for name in (node.name, node.short_name, node.code):
                tree.administrations[_key(name)] = node
        elif node.parent_id is not None:
            tree.children.setdefault((node.parent_id, _key(node.name)), []).append(node)
    return tree


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _free(text: str, taken: set[str]) -> str:
    """A code that nobody has, made from the name."""
    plain = slugify(text.casefold().translate(str.maketrans("åäöé", "aaoe")))[:70] or "enhet"
    code = next(one for n in count(1) if (one := plain if n == 1 else f"{plain}-{n}") not in taken)
    taken.add(code)
    return code
