"""The workflow's picture and sentences, also of a draft that is being written right now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.panels import Panel

from workflows.blocks import material_from_stream, steps_from_stream
from workflows.case_page import DrawnStep
from workflows.editor.base import may_build
from workflows.models import WorkflowDefinition
from workflows.rules import Step
from workflows.words import Names, in_words, material_in_words, names_for


def picture(steps: Sequence[Step], material: Sequence[str], names: Names) -> dict[str, Any]:
    """What the template of the picture needs."""
    return {
        "drawn_steps": [_box(step, names) for step in steps],
        "sentences": in_words(steps, names),
        "material": material_in_words(material, names),
    }


def _box(step: Step, names: Names) -> DrawnStep:
    days = ngettext("%d working day", "%d working days", step.working_days) % step.working_days
    state = "maybe" if step.condition is not None else "todo"
    return DrawnStep(step.name or "…", state, names.role(step.role), days, step.branch)


@require_POST
def live(request: HttpRequest) -> HttpResponse:
    """The picture of what stands in the form now, saved or not."""
    if not may_build(request.user):
        raise Http404
    found: dict[str, Any] = {}
    for name in ("steps", "material"):
        block = WorkflowDefinition._meta.get_field(name).stream_block  # type: ignore[union-attr]
        try:
            found[name] = block.value_from_datadict(request.POST, request.FILES, name)
        except (KeyError, ValueError):  # a form without the field, or half a field
            found[name] = []
    try:
        steps = steps_from_stream(found["steps"])
    except ValueError:  # a choice that the editor does not offer
        return HttpResponseBadRequest()
    material = material_from_stream(found["material"])
    context = picture(steps, material, names_for(request.POST.get("case_kind", "")))
    return render(request, "workflows/cms/picture.html", context)


class PicturePanel(Panel):
    """Shows the picture in the form; a small script keeps it up with what is written."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "workflows/cms/live.html"

        @property
        def media(self) -> forms.Media:
            """The script that asks for the picture anew, and the styles."""
            return forms.Media(
                js=["js/workflows-editor.js"], css={"all": ["css/workflows-editor.css"]}
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The picture of what is saved, until the script draws the rest."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            steps = steps_from_stream(self.instance.steps)
            material = material_from_stream(self.instance.material)
            names = names_for(self.instance.case_kind)
            return {
                **context,
                **picture(steps, material, names),
                "picture_url": reverse("workflows_picture"),
            }
