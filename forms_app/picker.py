"""The input for the key of an earlier question, which a script lets staff choose by its text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class QuestionKeyInput(forms.TextInput):
    """A text input that carries the script's words; without the script the key is typed."""

    class Media:
        js = ["js/forms-editor.js"]

    def __init__(self, part: str) -> None:
        super().__init__(
            attrs={
                "data-question-key": part,
                "data-choose": _("Choose a question"),
                "data-unknown": _("No question has the key «{key}»"),
                "data-not-here": _("«{label}» cannot be asked about here"),
                "data-untitled": _("Step without a title"),
                "data-yes": _("yes"),
                "data-no": _("no"),
            }
        )


class QuestionKeyBlock(blocks.CharBlock):
    """The key of an earlier question.

    :param part: where it stands: in a «condition», or «first» or «second» in a calculation.
    """

    def __init__(self, part: str, **options: Any) -> None:
        super().__init__(**options)
        self.field.widget = QuestionKeyInput(part)
        self.field.widget.is_required = self.field.required

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """To the migrations it is the text it stores."""
        _path, _part, options = super().deconstruct()
        return "wagtail.blocks.CharBlock", [], options
