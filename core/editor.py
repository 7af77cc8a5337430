"""What the rooms' editors share: keys are shown and never typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel


class KeyInput(forms.TextInput):
    """The key as it is; a script may put one in for what is new, people do not."""

    class Media:
        css = {"all": ["css/keys-editor.css"]}

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "readonly": True,
                "data-made-key": "",
                "placeholder": _("Made when you save"),
            }
        )


class KeyBlock(blocks.CharBlock):
    """The key of something in a list of blocks; made from its label and never changed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.field.widget = KeyInput()

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """To the migrations it is the text it stores."""
        _path, _args, options = super().deconstruct()
        return "wagtail.blocks.CharBlock", [], {"required": False, **options}


class KeyPanel(FieldPanel):
    """The key of the whole thing, read-only; before it has been saved there is none to show."""

    def __init__(self, field_name: str, **options: Any) -> None:
        super().__init__(field_name, **{**options, "read_only": True})

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            """Once it has been saved."""
            return bool(super().is_shown()) and self.instance.pk is not None
