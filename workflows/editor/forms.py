"""The forms of the editor's pages about a workflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import conditions
from core.exchange import MAX_BYTES
from workflows.models import WorkflowDefinition, WorkflowTest
from workflows.rules import Step, Verdict
from workflows.simulation import Played
from workflows.words import Names

VERDICTS = {
    Verdict.APPROVE: gettext_lazy("approve"),
    Verdict.RETURN: gettext_lazy("return with questions"),
    Verdict.DECLINE: gettext_lazy("decline"),
}
MAX_TURNS = 20


class TestForm(forms.Form):
    """Values, answers in order, and what must come of them."""

    __test__ = False  # pytest, this is no test

    name = forms.CharField(label=gettext_lazy("Name of the test case"), max_length=120)
    outcome = forms.ChoiceField(
        label=gettext_lazy("The case then"), choices=WorkflowTest.Outcome.choices
    )
    path = forms.MultipleChoiceField(
        label=gettext_lazy("It has come to these steps, and no others"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        definition: WorkflowDefinition,
        steps: Sequence[Step],
        names: Names,
        test: WorkflowTest | None = None,
        storing: bool = True,
    ) -> None:
        super().__init__(data, label_suffix="")
        self.definition, self.steps, self.names, self.test = definition, steps, names, test
        fields = dict.fromkeys(key for step in steps for key in _asked(step))
        fields |= dict.fromkeys(test.data if test else ())
        self.value_names = list(fields)
        for key in fields:
            self.fields[f"value_{key}"] = forms.CharField(
                label=names.field(key), required=False, max_length=200, help_text=_hint(steps, key)
            )
        turns = test.turns if test else []
        self.turn_names = [
            f"turn_{at}" for at in range(min(max(len(turns), len(steps)) + 3, MAX_TURNS))
        ]
        choices = [("", _("– nothing more –"))] + [
            (f"{step.key}:{verdict.value}", f"{step.name}: {VERDICTS[verdict]}")
            for step in steps
            for verdict in step.verdicts
        ]
        for at, name in enumerate(self.turn_names):
            self.fields[name] = forms.ChoiceField(
                label=_("Answer %(number)d") % {"number": at + 1}, choices=choices, required=False
            )
        path: Any = self.fields["path"]
        path.choices = [(step.key, step.name) for step in steps]
        for name in ("name", "outcome"):
            self.fields[name].required = storing
        if test is not None and data is None:
            self.initial = self._stored(test)

    @staticmethod
    def _stored(test: WorkflowTest) -> dict[str, Any]:
        found = {"name": test.name, "outcome": test.outcome, "path": test.path}
        found |= {f"value_{key}": value for key, value in test.data.items()}
        for at, turn in enumerate(test.turns):
            found[f"turn_{at}"] = f"{turn['step']}:{turn['verdict']}"
        return found

    def clean_name(self) -> str:
        """Two test cases of a workflow do not share a name."""
        name: str = self.cleaned_data["name"]
        others = self.definition.tests.filter(name=name)
        if self.test is not None:
            others = others.exclude(pk=self.test.pk)
        if name and others.exists():
            raise ValidationError(_("There is a test case with that name already."))
        return name

    def values(self) -> dict[str, Any]:
        """What is stored of the test case."""
        cleaned = self.cleaned_data
        turns = [cleaned[name].rpartition(":") for name in self.turn_names if cleaned[name]]
        return {
            "name": cleaned["name"],
            "outcome": cleaned["outcome"],
            "path": cleaned["path"],
            "data": {key: cleaned[f"value_{key}"] for key in self.value_names},
            "turns": [{"step": step, "verdict": verdict} for step, _colon, verdict in turns],
        }

    def data_now(self) -> dict[str, Any]:
        """The values that the form shows."""
        return {key: self[f"value_{key}"].value() for key in self.value_names}

    def with_result(self, played: Played) -> TestForm:
        """The same form, with what came of it filled in as what must happen."""
        data: Any = self.data
        data = data.copy()
        data["outcome"] = played.position.state.value
        data.setlist("path", list(played.path))
        form = TestForm(
            data,
            definition=self.definition,
            steps=self.steps,
            names=self.names,
            test=self.test,
            storing=False,
        )
        form.full_clean()
        return form

    def value_fields(self) -> list[forms.BoundField]:
        """The fields that conditions ask about."""
        return [self[f"value_{key}"] for key in self.value_names]

    def turn_fields(self) -> list[forms.BoundField]:
        """The answers, in order."""
        return [self[name] for name in self.turn_names]


def _asked(step: Step) -> list[str]:
    return sorted(conditions.fields_of(step.condition))


def _hint(steps: Sequence[Step], field: str) -> str:
    """The values that the rules compare the field with."""
    found: dict[str, None] = {}
    known = {"yes": _("yes"), "no": _("no"), "True": _("yes"), "False": _("no")}
    for step in steps:
        for rule in _rules(step.condition):
            if rule.field == field and rule.operator not in conditions.WITHOUT_VALUE:
                value = rule.value
                several = value if isinstance(value, tuple) else (value,)
                found |= dict.fromkeys(known.get(str(one), str(one)) for one in several)
    if not found:
        return ""
    return _("The rules compare with: %(values)s.") % {"values": ", ".join(found)}


def _rules(condition: conditions.Condition | None) -> list[conditions.Rule]:
    match condition:
        case conditions.Rule():
            return [condition]
        case conditions.AllOf(parts) | conditions.AnyOf(parts):
            return [rule for part in parts for rule in _rules(part)]
    return []


class ReasonForm(forms.Form):
    """Why something is done that others will ask about."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write a reason.")},
    )


class MoveForm(ReasonForm):
    """Which cases are moved, and why."""

    cases = forms.MultipleChoiceField(
        error_messages={"required": gettext_lazy("Choose at least one case.")}
    )

    def __init__(self, *args: Any, references: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases: Any = self.fields["cases"]
        cases.choices = [(reference, reference) for reference in references]


class ImportForm(forms.Form):
    """A file that another installation has exported."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={"required": gettext_lazy("Choose a file that has been exported.")},
    )

    def clean_file(self) -> bytes:
        """Its bytes; anything larger is not one of ours."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 2 MB, so it is not one of ours."))
        data: bytes = file.read()
        return data
