"""A day in a form: one that does not exist is told apart from one that is written wrong."""

import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from core.days import DayField
from forms_app.fields import IsoDateField


@pytest.mark.parametrize("field", [DayField(), IsoDateField()])
@pytest.mark.parametrize("written", ["2026-02-31", "2026-13-01", " 2027-02-29 "])
def test_a_day_that_does_not_exist_is_said_not_to(field: forms.Field, written: str) -> None:
    with pytest.raises(ValidationError) as error:
        field.clean(written)
    assert error.value.messages == ["Den dagen finns inte."]


@pytest.mark.parametrize("field", [DayField(), IsoDateField()])
@pytest.mark.parametrize("written", ["31 februari", "x", "2026-02-1x"])
def test_a_day_written_wrong_is_asked_for_as_it_is_written(
    field: forms.Field, written: str
) -> None:
    with pytest.raises(ValidationError) as error:
        field.clean(written)
    assert "finns inte" not in error.value.messages[0]
    assert "20" in error.value.messages[0]


def test_a_day_is_read() -> None:
    assert DayField().clean("2026-02-28") == datetime.date(2026, 2, 28)
