"""A day as somebody types it in a form."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NO_SUCH_DAY = _("There is no such day.")
_SHAPE = re.compile(r"\s*\d{4}-\d{1,2}-\d{1,2}\s*", re.ASCII)


def is_no_day(written: Any) -> bool:
    """Whether it is written as a day is, 2026-02-31, but the calendar has none."""
    return bool(_SHAPE.fullmatch(str(written)))


class DayField(forms.DateField):
    """A day; one that does not exist is said to be none, rather than written wrong."""

    def to_python(self, value: Any) -> datetime.date | None:
        """The day; what Django cannot read is looked at once more to say why."""
        try:
            return super().to_python(value)
        except ValidationError:
            if is_no_day(value):
                raise ValidationError(NO_SUCH_DAY, code="no_such_day") from None
            raise
