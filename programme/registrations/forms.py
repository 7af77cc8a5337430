"""Forms of registration's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.display import name_of
from people.models import Person, User


class ColleagueForm(forms.Form):
    """Who gets my seat."""

    colleague = forms.ChoiceField(label=_("Who takes your seat?"))

    def __init__(self, *args: Any, colleagues: list[Person], viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _now("Choose")),
            *((person.public_id, name_of(person, viewer)) for person in colleagues),
        ]
