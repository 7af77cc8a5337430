"""Employees as django-import-export reads and writes them: one row, one person.

Nobody is found by name. A personal identity number finds a person, and without one a work
address; an empty cell leaves what is known as it is.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources
from tablib import Dataset

from people.access import below
from people.display import may_see
from people.identity import BadIdentityNumber, IdentityNumber, digest, parse
from people.models import Capability, Identity, Person, User
from programme.employees.columns import SexWidget, Text, YesNo
from programme.employees.granting import Granting
from programme.employees.units import Tree

#: Rows a statement.
BATCH = 1000


class EmployeeResource(resources.ModelResource):
    """Reads a list of employees; history and events come from the database's own triggers."""

    first_name = fields.Field("first_name", "first_name", Text())
    last_name = fields.Field("last_name", "last_name", Text())
    email = fields.Field("email", "email", Text(lower=True))
    job_role = fields.Field("job_role", "job_role", Text())
    is_manager = fields.Field("is_manager", "is_manager", YesNo())
    sex = fields.Field("sex", "sex", SexWidget())
    publicly_employed = fields.Field("publicly_employed", "publicly_employed", YesNo())
    protected = fields.Field("protected", "protected", YesNo())
    # Found in the tree and not in one cell; here so that a move counts as a change.
    works_at = fields.Field("unit", "works_at", readonly=True)

    class Meta:
        model = Person
        fields = (
            "works_at",
            "first_name",
            "last_name",
            "email",
            "job_role",
            "is_manager",
            "sex",
            "publicly_employed",
            "protected",
        )
        import_id_fields = ("email",)
        use_bulk = True
        batch_size = BATCH
        use_transactions = False
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True

    def __init__(self, *, actor: User, tree: Tree) -> None:
        super().__init__()
        self.actor, self.tree = actor, tree
        #: Numbers to put in the vault, by the row's place in the table (1, 2, …).
        self.numbers: dict[int, IdentityNumber] = {}
        #: Whom rows are about, those that must be corrected too.
        self.matched: set[int] = set()
        self._reach: frozenset[int] = frozenset()
        self._by_digest: dict[str, Person] = {}
        self._by_email: dict[str, list[Person]] = {}
        self._has_number: frozenset[int] = frozenset()
        self._rows: dict[object, int] = {}
        self._found: Person | None = None
        self._place = 0
        self.granting = Granting(actor)

    # Reading --------------------------------------------------------------------------

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Read everybody whom a row can mean: as many queries, however long the list is."""
        digests = {digest(one.number12) for one in map(_number, dataset["identity"]) if one}
        emails = {Text(lower=True).clean(one) for one in dataset["email"]} - {""}
        known = Person.objects.select_related("unit")
        numbers = dict(
            Identity.objects.filter(digest__in=digests).values_list("digest", "person_id")
        )
        owners = known.in_bulk(numbers.values())
        self._by_digest = {one: owners[person] for one, person in numbers.items()}
        by_email = defaultdict(list)
        for person in known.filter(email__in=emails, merged_into=None).order_by("pk"):
            by_email[person.email].append(person)
        self._by_email = by_email
        everybody = {one.pk for one in owners.values()} | {
            one.pk for several in by_email.values() for one in several
        }
        self._reach = frozenset(
            Person.objects.filter(
                below(self.actor, Capability.MANAGE_ACCOUNTS, "unit"), pk__in=everybody
            ).values_list("pk", flat=True)
        )
        if any(dataset["role"]):
            people = [*owners.values(), *(one for found in by_email.values() for one in found)]
            self.granting.read(people, emails)
        self._has_number = frozenset(
            Identity.objects.filter(person__in=everybody).values_list("person_id", flat=True)
        )

    def before_import_row(self, row: Mapping[str, str], **kwargs: Any) -> None:
        """Find whose row it is.

        :raises ValidationError: with words, when that is not certain.
        """
        place = self._place = kwargs["row_number"]
        self._found, number = None, None
        if row["identity"]:
            try:
                number = parse(row["identity"])
            except BadIdentityNumber as error:
                raise ValidationError({"identity": error.message}) from None
        email = Text(lower=True).clean(row["email"])
        self._found = self._whose(number, email)
        if self._found is not None:
            self.matched.add(self._found.pk)
        key = self._found.pk if self._found else number.number12 if number else email
        first = self._rows.setdefault(key, place)
        if first != place:
            raise ValidationError(_("The same person stands higher up in the list too."))
        if number and (self._found is None or self._found.pk not in self._has_number):
            self.numbers[place] = number

    def _whose(self, number: IdentityNumber | None, email: str) -> Person | None:
        if number is None and not email:
            raise ValidationError(_("Write a personal identity number or a work e-mail address."))
        by_number = self._by_digest.get(digest(number.number12)) if number else None
        by_email = self._by_email.get(email, []) if email else []
        if by_number is None and len(by_email) > 1:
            raise ValidationError(
                _("Several persons have that address. Use the personal identity number.")
            )
        found = by_number or (by_email[0] if by_email else None)
        if found is None:
            return None
        if by_number and any(one.pk != by_number.pk for one in by_email):
            raise ValidationError(
                _("The number and the address belong to two persons. Correct one of them.")
            )
        if found.merged_into_id is not None:
            raise ValidationError(
                _("The person has been merged with another. Use the other's address.")
            )
        if found.pk not in self._reach:
            raise ValidationError(
                _("The person works at an administration whose accounts you do not handle.")
            )
        if not may_see(found, self.actor):
            # Nobody corrects, or uncovers, by a list whom they may not open by hand.
            raise ValidationError(
                _("This row is taken in by somebody whose role reaches protected identities.")
            )
        if number and by_number is None and found.pk in self._has_number:
            raise ValidationError(
                _("The person with this address is known with another number. Check both.")
            )
        return found

    def get_instance(self, instance_loader: object, row: Mapping[str, str]) -> Person | None:
        """Whom the row was found to be; no query."""
        return self._found

    def import_field(
        self, field: fields.Field, instance: Person, row: Mapping[str, str], **kwargs: Any
    ) -> None:
        """An empty cell says nothing, so what is known stays."""
        if row.get(field.column_name):
            super().import_field(field, instance, row, **kwargs)

    def import_instance(self, instance: Person, row: Mapping[str, str], **kwargs: Any) -> None:
        """Every cell of the row, and the unit that they name together."""
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        try:
            unit = self.tree.find(
                row["administration"], row["department"], row["unit"], row["service_area"]
            )
            if unit is not None:
                instance.unit = unit
            elif instance.unit_id is None:
                raise ValidationError(_("Write the administration."))
        except ValidationError as error:
            errors["administration"] = error.error_list
        try:
            unit = instance.unit if "administration" not in errors else None
            self.granting.look(self._place, row["role"], instance, unit)
        except ValidationError as error:
            errors["role"] = error.error_list
        if errors:
            raise ValidationError(errors)

    def validate_instance(
        self,
        instance: Person,
        import_validation_errors: Mapping[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """Lengths, forms and what must be there; what is unique was asked for all rows at once."""
        errors = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude={"unit", "user", "merged_into", *errors})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    # Writing --------------------------------------------------------------------------

    def save_instance(
        self, instance: Person, is_create: bool, row: Mapping[str, str], **kwargs: Any
    ) -> None:
        """Hand the person to the next statement; a preview writes nothing to be rolled back."""
        if not kwargs["dry_run"]:
            super().save_instance(instance, is_create, row, **kwargs)

    def get_bulk_update_fields(self) -> list[str]:
        """The columns that a list can change."""
        return ["unit" if name == "works_at" else name for name in self._meta.fields]

    def after_import(self, dataset: Dataset, result: Any, **kwargs: Any) -> None:
        """Leave the sequences alone: every key comes from them, and they are not the portal's."""

    def handle_import_error(
        self, result: Any, error: Exception, raise_errors: bool = False
    ) -> None:
        """What the database refuses is the caller's to roll back, never to go on from."""
        raise error


def _number(written: str) -> IdentityNumber | None:
    try:
        return parse(written) if written else None
    except BadIdentityNumber:
        # Said when the row's turn comes.
        return None
