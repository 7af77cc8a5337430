"""The register as a list, under the headings that a list is read back under."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.display import may_see
from people.models import Organisation, Person, User
from programme import sheets
from programme.employees.columns import HEADINGS
from programme.employees.resource import EmployeeResource
from programme.employees.units import ADMINISTRATIONS, Tree

Kind = Organisation.Kind


def headings() -> list[str]:
    """Every column of the list, personal identity numbers too, which no export holds."""
    return [str(words) for words in HEADINGS.values()]


def as_workbook(persons: QuerySet[Person], viewer: User) -> bytes:
    """Everybody whom the viewer may know, without personal identity numbers."""
    return sheets.as_workbook([(_("Employees"), list(headings()), _lines(persons, viewer))])


def template() -> bytes:
    """The empty list to start from, with a sheet that explains the columns."""
    return sheets.as_workbook(
        [(_("Employees"), list(headings()), []), (_("How to fill in"), [], _explained())]
    )


def _lines(persons: QuerySet[Person], viewer: User) -> Iterable[sheets.Cells]:
    resource = EmployeeResource(actor=viewer, tree=Tree())
    nodes = Organisation.objects.in_bulk()
    for person in persons.select_related("unit"):
        if not may_see(person, viewer):
            continue
        cells = {
            one.column_name: one.export(person)
            for one in resource.get_import_fields()
            if one.column_name in HEADINGS
        }
        above = [nodes[key] for key in person.unit.lineage]
        cells["administration"] = _named(above, *ADMINISTRATIONS)
        cells["department"] = _named(above, Kind.DEPARTMENT)
        cells["unit"] = _named(above, Kind.UNIT)
        cells["service_area"] = person.unit.service_area
        yield [cells.get(key, "") for key in HEADINGS]


def _named(above: list[Organisation], *kinds: Organisation.Kind) -> str:
    return next((one.name for one in reversed(above) if one.kind in kinds), "")


def _explained() -> list[sheets.Cells]:
    return [
        [str(HEADINGS["administration"]), _("Must be one that is in the portal.")],
        [str(HEADINGS["department"]), _("One that is not known is added.")],
        [str(HEADINGS["unit"]), _("One that is not known is added.")],
        [str(HEADINGS["service_area"]), _("Only for units that are added.")],
        [str(HEADINGS["email"]), _("Or the personal identity number: it finds the person.")],
        [str(HEADINGS["identity"]), _("Twelve digits. Is kept encrypted.")],
        [str(HEADINGS["is_manager"]), _("Yes or No")],
        [
            str(HEADINGS["role"]),
            _(
                "Chef for those who are to nominate for their unit; else empty. Is never taken away."
            ),
        ],
        [str(HEADINGS["sex"]), _("Kvinna, man or icke-binär.")],
        [str(HEADINGS["publicly_employed"]), _("Yes or No. Empty for a new person is yes.")],
        [str(HEADINGS["protected"]), _("Yes or No. Empty for a new person is no.")],
    ]
