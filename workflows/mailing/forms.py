"""The forms of texts, plans, drafts and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from workflows.mailing import audiences, rules
from workflows.mailing.kinds import MessageKind, Placeholder, decision_kinds
from workflows.models import MessagePlan, MessagePreference, MessageRule

FOUND = {
    rules.Finding.PERSONAL_NUMBER: gettext_lazy("a personal identity number"),
    rules.Finding.EMAIL: gettext_lazy("an e-mail address"),
    rules.Finding.PHONE: gettext_lazy("a telephone number"),
}
NO_PERSONAL_DATA = gettext_lazy(
    "Mail is read in open offices and forwarded: name no person, and write no numbers or addresses."
)


class WordsForm(forms.Form):
    """Subject and text with placeholders, kept by their keys and shown by their words."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=160)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=4000,
        help_text=NO_PERSONAL_DATA,
        widget=forms.Textarea(attrs={"rows": 9, "data-placeholders": "true"}),
    )

    def __init__(self, *args: Any, placeholders: Mapping[str, Placeholder], **kwargs: Any) -> None:
        self.words = {key: str(one.word) for key, one in placeholders.items()}
        super().__init__(*args, **kwargs)
        # A copy: whoever gave the words goes on using them with placeholders by their keys.
        self.initial = dict(self.initial)
        for name in ("subject", "body"):
            if name in self.initial:
                self.initial[name] = rules.renamed(self.initial[name], self.words)

    @property
    def tokens(self) -> list[str]:
        """The placeholders as they are written."""
        return ["{" + word + "}" for word in self.words.values()]

    def clean_subject(self) -> str:
        """One line, checked like the text."""
        return " ".join(self._checked("subject").split())

    def clean_body(self) -> str:
        """The text with placeholders by their keys."""
        return self._checked("body").replace("\r\n", "\n")

    def _checked(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        keys = {word: key for key, word in self.words.items()}
        unknown = rules.unknown_placeholders(text, [*keys, *self.words])
        if unknown:
            raise forms.ValidationError(
                _("“{%(name)s}” means nothing here. Choose among: %(all)s.")
                % {"name": unknown[0], "all": ", ".join(self.tokens) or "–"}
            )
        found = rules.personal_data_in(text)
        if found:
            kind, what = found[0]
            raise forms.ValidationError(
                _("“%(what)s” looks like %(kind)s. Take it away: messages name no person.")
                % {"what": what, "kind": FOUND[kind]}
            )
        return rules.renamed(text, keys)


class TextForm(WordsForm):
    """New words for a kind of message."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you change the words?"),
        max_length=200,
        help_text=gettext_lazy("It is kept beside the words, with your name."),
    )

    def __init__(self, *args: Any, kind: MessageKind, **kwargs: Any) -> None:
        super().__init__(*args, placeholders=kind.placeholders, **kwargs)


class DraftForm(WordsForm):
    """A message to many: its words, and whether it may wait for the day's summary."""

    must_know = forms.BooleanField(
        label=gettext_lazy("The readers must know this (it is not put in the day's summary)"),
        required=False,
    )


class DecisionDraftForm(WordsForm):
    """The words of one draft; they hold for this message alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, placeholders={}, **kwargs)


class StopForm(forms.Form):
    """Why a draft goes to nobody."""

    reason = forms.CharField(
        label=gettext_lazy("Why is the message not sent?"),
        max_length=200,
        help_text=gettext_lazy("It is kept with your name."),
    )


class ReviewForm(forms.Form):
    """Whether messages of a kind of decision wait as drafts."""

    kind = forms.ChoiceField(label=gettext_lazy("Which message?"))
    waits = forms.ChoiceField(
        label=gettext_lazy("What happens when the decision is made?"),
        choices=[
            ("draft", gettext_lazy("The message waits until a colleague has read and sent it")),
            ("once", gettext_lazy("The message goes at once")),
        ],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label=gettext_lazy("Who has decided, and when?"),
        max_length=120,
        help_text=gettext_lazy("For example: The project leader, 2027-02-01"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(kind.key, str(kind.name)) for kind in decision_kinds()]


class AudienceForm(forms.Form):
    """To whom: a rule, and what it is about."""

    readers = forms.ChoiceField(label=gettext_lazy("Who are the readers?"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: list[tuple[str, list[tuple[str, str]]]] = []
        for audience in audiences.all_audiences():
            if audience.subjects is None:
                groups.append((str(audience.name), [(f"{audience.key}:", str(audience.name))]))
                continue
            choices = [(f"{audience.key}:{key}", words) for key, words in audience.subjects(user)]
            if choices:
                groups.append((str(audience.name), choices))
        field: Any = self.fields["readers"]
        field.choices = [("", _("Choose …")), *groups]

    @property
    def chosen(self) -> tuple[str, str]:
        """The audience's key and what it is about."""
        audience, _colon, subject = self.cleaned_data["readers"].partition(":")
        return audience, subject


class RuleForm(WordsForm):
    """A rule by the clock."""

    field_order = ["name", "hours", "side", "kinds", "subject", "body", "must_know", "decision"]
    name = forms.CharField(label=gettext_lazy("What do you call the rule?"), max_length=120)
    hours = forms.IntegerField(
        label=gettext_lazy("How many hours?"),
        min_value=1,
        max_value=24 * 120,
        help_text=gettext_lazy("72 hours are three days."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    side = forms.ChoiceField(
        label=gettext_lazy("When?"), choices=MessageRule.Side, widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("About which occasions?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none for all of them."),
    )
    must_know = forms.BooleanField(
        label=gettext_lazy("The readers must know this (it is not put in the day's summary)"),
        required=False,
    )
    decision = forms.CharField(
        label=gettext_lazy("Who has decided, and when?"),
        max_length=120,
        help_text=gettext_lazy("For example: The project leader, 2027-02-01"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clock = audiences.clock()
        field: Any = self.fields["kinds"]
        field.choices = [(key, str(words)) for key, words in clock.kinds()] if clock else []


TIME = {"type": "time", "class": "govuk-input--width-5"}


class PlanForm(forms.ModelForm[MessagePlan]):
    """When messages are held, from a date on."""

    class Meta:
        model = MessagePlan
        fields = (
            "valid_from",
            "quiet_from",
            "quiet_to",
            "quiet_days_off",
            "digest_at",
            "review_over",
            "many_a_week",
            "keep_bodies_days",
            "draft_days",
            "decision",
        )
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "quiet_from": forms.TimeInput(attrs=TIME, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs=TIME, format="%H:%M"),
            "digest_at": forms.TimeInput(attrs=TIME, format="%H:%M"),
        }

    def clean_valid_from(self) -> Any:
        """From today on: what has been is not decided afterwards."""
        day = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class WishForm(forms.Form):
    """How the reader wants what is nice to know."""

    pace = forms.ChoiceField(
        label=gettext_lazy("How do you want messages that can wait?"),
        choices=MessagePreference.Pace,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "What you must know, such as a case that waits for you, always comes as soon as"
            " the hours are not quiet."
        ),
    )
