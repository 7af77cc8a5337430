"""What a visitor writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.models.contact import ContactMessage

LONGEST = 4000


class ContactForm(forms.Form):
    """A message to the project; only the message itself is asked for."""

    subject = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ContactMessage.Subject.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Do not write personal identity numbers or anything about clients."),
        error_messages={"required": _("Write your message.")},
    )
    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        required=False,
        help_text=_("Only if you want an answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
