"""What the programme gives to forms, and what a file cannot answer."""

import pytest
from django.db import transaction

from audit.operations import operation
from forms_app import prefill
from forms_app.calculations import Calculation
from forms_app.schema import FieldSchema, FormSchema, StepSchema
from people.models import User
from people.setup import load_organisations, load_roles
from programme.imports.preview import importable_fields
from programme.models import NominationKind
from programme.setup import load_programme


@pytest.mark.django_db
def test_the_programmes_name_is_fetched_in_nominations_only() -> None:
    with transaction.atomic(), operation("test.setup"):
        load_organisations()
        load_roles()
        load_programme()
    kind = NominationKind.objects.select_related("programme").all()[0]
    fetch = prefill.SOURCES["programme_name"].fetch
    assert fetch(User(), {"kind": kind.public_id}) == kind.programme.name
    assert fetch(User(), {}) == ""


def test_a_cell_answers_neither_rows_nor_sums() -> None:
    cost = FieldSchema(key="cost", label="Kostnad", kind="number")
    fields = (
        FieldSchema(key="why", label="Varför", kind="text"),
        FieldSchema(key="lines", label="Rader", kind="group", fields=(cost,)),
        FieldSchema(
            key="sum",
            label="Summa",
            kind="calculated",
            calculation=Calculation("sum_rows", "lines", "cost"),
        ),
    )
    schema = FormSchema(steps=(StepSchema("s", "S", fields=fields),))
    assert [one.key for one in importable_fields(schema)] == ["why"]
