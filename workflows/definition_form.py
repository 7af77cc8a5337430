"""The form that a workflow is drawn with: what is new gets its key, what is saved keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminModelForm

from core.keys import Keyed, settled, unique
from workflows.blocks import KEY_LENGTH, key_from
from workflows.models import WorkflowDefinition

USABLE = re.compile(rf"[a-z][a-z0-9_]{{0,{KEY_LENGTH - 1}}}")


class WorkflowDefinitionForm(WagtailAdminModelForm):
    """Everything but the keys is typed."""

    def clean(self) -> dict[str, Any]:
        """Give keys to what is new, and give back the saved ones whatever was posted."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "steps" in cleaned:
            # Until the form is saved the instance holds what was saved before.
            settle(cleaned["steps"], self.instance.steps)
        if self.instance.pk is None and cleaned.get("name"):
            taken = set(WorkflowDefinition.objects.values_list("key", flat=True))
            wanted = slugify(cleaned["name"]) or "arbetsflode"
            self.instance.key = unique(wanted, taken, length=60, joint="-")
        return cleaned


def settle(steps: Iterable[Any], before: Iterable[Any]) -> None:
    """Write the keys into the steps that were posted; see :func:`core.keys.settled`."""
    saved = {str(child.id): child.value.get("key") or "" for child in before if child.id}
    children = list(steps)
    posted = [
        Keyed(
            str(child.id or ""),
            (child.value.get("key") or "").strip(),
            child.value.get("name") or "",
        )
        for child in children
    ]
    keys = settled(
        posted,
        saved,
        make=key_from,
        usable=lambda key: USABLE.fullmatch(key) is not None,
        length=KEY_LENGTH,
    )
    for child, key in zip(children, keys, strict=True):
        child.value["key"] = key
