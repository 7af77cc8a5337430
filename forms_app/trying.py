"""The editor's page «Why is the question shown?»: sample answers in, outcome and reasons out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forms_app import rules, samples
from forms_app.building import schema_of
from forms_app.editor import DefinitionView
from forms_app.forms import StepForm
from forms_app.models import FormSample
from forms_app.raw import ADD_ROW, REMOVE_ROW, change_rows, from_post
from forms_app.schema import FieldSchema, FormSchema, StepSchema
from forms_app.trial import NOTHING, Outcome, Trial, TriedStep, for_samples, try_form
from people.models import User

NAME_LENGTH = 120


class TryView(DefinitionView):
    """Shows what sample answers lead to, and keeps them with what they should lead to."""

    page_title = gettext_lazy("Why is the question shown?")
    template_name = "forms_app/cms/try.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An empty form to fill in, or a kept sample."""
        sample = self._chosen(request.GET.get("prov", ""))
        raw = sample.raw if sample else {}
        return self._answer(raw, sample=sample)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try, keep or remove; trying keeps nothing."""
        assert isinstance(request.user, User)
        if "remove" in request.POST:
            sample = self._chosen(request.POST["remove"])
            if sample is not None:
                samples.remove_sample(
                    definition=self.definition, sample_id=sample.pk, actor=request.user
                )
                messages.success(request, _("The sample «%(name)s» is removed.") % {"name": sample})
            return redirect("forms_app_try", pk=pk)
        schema = schema_of(self.definition)
        raw = from_post(request.POST, list(for_samples(schema).fields()))
        change_rows(raw, request.POST.get(ADD_ROW, ""), request.POST.get(REMOVE_ROW, ""))
        if "save" not in request.POST:
            chosen = self._chosen(request.GET.get("prov", ""))
            return self._answer(raw, sample=chosen, name=request.POST.get("name", ""))
        # PostgreSQL stores no NUL characters.
        name = request.POST.get("name", "").replace("\x00", "").strip()[:NAME_LENGTH]
        if not name:
            messages.error(request, _("Give the sample a name."))
            return self._answer(raw, status=422)
        kept = samples.save_sample(
            definition=self.definition,
            name=name,
            raw=raw,
            expected=_expected(request, try_form(schema, raw)),
            actor=request.user,
        )
        messages.success(request, _("The sample «%(name)s» is kept.") % {"name": kept.name})
        return redirect(f"{reverse('forms_app_try', args=[pk])}?prov={kept.pk}")

    def _answer(
        self,
        raw: Mapping[str, Any],
        *,
        sample: FormSample | None = None,
        name: str = "",
        status: int = 200,
    ) -> HttpResponse:
        schema = schema_of(self.definition)
        stopped = rules.problems(schema)
        trial = None if stopped else try_form(schema, raw)
        context = {
            **self.get_context_data(),
            "stopped": stopped,
            "runs": [] if stopped else samples.run_samples(self.definition, schema),
            "steps": _with_inputs(schema, trial, raw) if trial else [],
            "outcome": trial.outcome if trial else None,
            "expected": Outcome.from_plain(sample.expected) if sample else None,
            "chosen": sample,
            "name": sample.name if sample else name,
        }
        response: HttpResponse = self.render_to_response(context, status=status)
        return response

    def _chosen(self, key: str) -> FormSample | None:
        # Python reads no number of thousands of digits.
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        return FormSample.objects.filter(definition=self.definition, pk=int(key)).first()


def _with_inputs(
    schema: FormSchema, trial: Trial, raw: Mapping[str, Any]
) -> list[tuple[TriedStep, list[tuple[Any, Any]]]]:
    """Each step's outcome, and its questions with a control to type a sample answer in."""
    found = []
    for tried, step in zip(trial.steps, for_samples(schema).steps, strict=True):
        form = StepForm(
            step=_always_asked(step), sources=NOTHING, known={}, initial=dict(raw), auto_id="id_%s"
        )
        asked = [(one, form[one.schema.key]) for one in tried.fields]
        found.append((tried, asked))
    return found


def _always_asked(step: StepSchema) -> StepSchema:
    """The step without conditions: whoever tries it may answer everything."""

    def plain(field: FieldSchema) -> FieldSchema:
        return replace(field, show_if=None, require_if=None, fields=tuple(map(plain, field.fields)))

    return replace(step, fields=tuple(map(plain, step.fields)))


def _expected(request: HttpRequest, trial: Trial) -> Outcome:
    """What the boxes say; without any of them, what came out."""
    if "expecting" not in request.POST:
        return trial.outcome
    known = {one.schema.key for step in trial.steps for one in step.fields}
    return Outcome(
        frozenset(known.intersection(request.POST.getlist("expect-shown"))),
        frozenset(known.intersection(request.POST.getlist("expect-demanded"))),
        request.POST.get("expect-valid") == "yes",
    )
