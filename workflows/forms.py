"""The forms of the case page and the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from workflows.actions import Choice
from workflows.kinds import Text
from workflows.rules import Verdict


class DecisionForm(forms.Form):
    """What every answer carries: the step and round that the page showed."""

    step_key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ApproveForm(DecisionForm):
    """Approve, with a comment if there is something to say."""

    reason = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnForm(DecisionForm):
    """Ask about named fields; only the question itself must be written."""

    asked_fields = forms.MultipleChoiceField(
        label=_("What is the question about?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what you want to know.")},
    )

    def __init__(self, *args: Any, labels: Mapping[str, Text] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["asked_fields"]
        asked.choices = list((labels or {}).items())
        if not labels:
            del self.fields["asked_fields"]


class DeclineForm(DecisionForm):
    """Decline, with the reason that the initiator will read."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person who started the case reads it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why you decline.")},
    )


class WithdrawForm(forms.Form):
    """Withdraw, with a reason."""

    reason = forms.CharField(
        label=_("Why do you withdraw the case?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why you withdraw the case.")},
    )


FORMS: dict[str, type[DecisionForm]] = {
    Verdict.APPROVE.value: ApproveForm,
    Verdict.RETURN.value: ReturnForm,
    Verdict.DECLINE.value: DeclineForm,
}
MAX_CHOICES = 500


class ChosenForm(forms.Form):
    """The rows ticked in the inbox, each with the step and round it was at."""

    chosen = forms.Field(widget=forms.MultipleHiddenInput)

    def clean_chosen(self) -> list[Choice]:
        """Rows as :class:`Choice`; nonsense in an address or a form is left out."""
        choices = []
        for text in self.cleaned_data["chosen"][:MAX_CHOICES]:
            case_id, _sep, rest = str(text).partition(":")
            round_, _sep, step_key = rest.partition(":")
            if case_id.isdecimal() and round_.isdecimal() and len(case_id) < 18 and step_key:
                choices.append(Choice(int(case_id), step_key, int(round_[:4])))
        if not choices:
            raise forms.ValidationError(_("Choose at least one case."))
        return choices


class PostponeForm(forms.Form):
    """Until which day a task stays out of the inbox."""

    until = DayField(
        label=_("Show it again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day after today.")},
    )


class BatchForm(ChosenForm):
    """One answer for many cases."""

    verdict = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(Verdict.APPROVE.value, _("Approve")), (Verdict.DECLINE.value, _("Decline"))],
        initial=Verdict.APPROVE.value,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Comment or reason"),
        help_text=_("Needed when you decline. It is saved with every decision."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """A decline needs its reason."""
        cleaned: dict[str, Any] = super().clean() or {}
        declines = cleaned.get("verdict") == Verdict.DECLINE.value
        if declines and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", _("Write why you decline."))
        return cleaned
