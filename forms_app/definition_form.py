"""The form that a form is built with: what is new gets its key, what is saved keeps it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminModelForm

from core.keys import Keyed, settled, unique
from forms_app.models import FormDefinition
from forms_app.rules import RESERVED_STEPS
from forms_app.schema import KEY_LENGTH, key_from

USABLE = re.compile(r"[a-z0-9_][a-z0-9_-]*")
#: A block as the editor keeps it: its id, and its values.
Found = tuple[str, Any]


class FormDefinitionForm(WagtailAdminModelForm):
    """Everything but the keys is typed."""

    def clean(self) -> dict[str, Any]:
        """Give keys to what is new, and give back the saved ones whatever was posted."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "steps" in cleaned:
            # Until the form is saved the instance holds what was saved before.
            settle(cleaned["steps"], saved_keys(self.instance.steps))
        if self.instance.pk is None and cleaned.get("name"):
            taken = set(FormDefinition.objects.values_list("key", flat=True))
            wanted = slugify(cleaned["name"]) or "formular"
            self.instance.key = unique(wanted, taken, length=KEY_LENGTH, joint="-")
        return cleaned


def saved_keys(steps: Iterable[Any]) -> dict[str, str]:
    """The keys of steps, questions and alternatives by the editor's ids."""
    return {
        ident: value["key"]
        for group, _name, _usable in _groups(steps)
        for ident, value in group
        if ident
    }


def settle(steps: Iterable[Any], saved: dict[str, str]) -> None:
    """Write the keys into the steps that were posted; see :func:`core.keys.settled`."""
    for group, name, usable in _groups(steps):
        posted = [
            Keyed(ident, (value.get("key") or "").strip(), value.get(name) or "")
            for ident, value in group
        ]
        keys = settled(posted, saved, make=key_from, usable=usable, length=KEY_LENGTH)
        for (_ident, value), key in zip(group, keys, strict=True):
            value["key"] = key


def _groups(steps: Iterable[Any]) -> Iterator[tuple[list[Found], str, Callable[[str], bool]]]:
    """What must not share keys: the steps, the form's questions, one question's alternatives …"""
    several = _blocks(steps)
    yield several, "title", partial(_usable, reserved=RESERVED_STEPS)
    questions = [one for _ident, step in several for one in _blocks(step.get("fields") or ())]
    yield questions, "label", _usable
    for _ident, question in questions:
        columns = _blocks(question.get("fields") or ())
        yield columns, "label", _usable
        for _own, each in [("", question), *columns]:
            yield _alternatives(each), "label", _usable


def _blocks(stream: Iterable[Any]) -> list[Found]:
    return [(str(child.id or ""), child.value) for child in stream]


def _alternatives(question: Any) -> list[Found]:
    rows = getattr(question.get("choices"), "bound_blocks", ())
    return [(str(row.id or ""), row.value) for row in rows]


def _usable(key: str, reserved: Sequence[str] | frozenset[str] = frozenset()) -> bool:
    whole = USABLE.fullmatch(key) is not None
    return whole and len(key) <= KEY_LENGTH and key not in reserved
