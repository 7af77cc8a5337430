"""Check and publish: the picture, what stops it with links, and who decides where."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import actions, publishing
from workflows.blocks import material_from_stream
from workflows.checks import Problem
from workflows.coverage import coverage
from workflows.editor.base import DefinitionView, edit_url
from workflows.editor.picture import picture
from workflows.models import WorkflowDefinition
from workflows.rules import steps_from_plain
from workflows.words import Drawn, differences


class PublishView(DefinitionView):
    """Shows what stops the workflow, or what changes; a POST publishes."""

    page_title = gettext_lazy("Check and publish")
    template_name = "workflows/publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Problems with links to their places, the picture, the matrix."""
        definition, today, steps = self.definition, timezone.localdate(), self.steps
        known = set(self.names.roles)
        rows = coverage([step for step in steps if set(step.roles()) <= known], on=today)
        newest = definition.versions.filter(retired_at__isnull=True).order_by("-number").first()
        before = Drawn(steps_from_plain(newest.steps), newest.material) if newest else None
        return {
            **super().get_context_data(**kwargs),
            **picture(steps, material_from_stream(definition.material), self.names),
            "problems": [
                (one.message, place_of(definition, one))
                for one in publishing.problems_of(definition, on=today)
            ],
            "coverage": rows,
            "districts": _by_district(rows),
            "newest": newest,
            "changes": differences(before, self.drawn, self.names) if before else [],
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish, unless there are problems."""
        try:
            version = actions.publish_workflow(definition=self.definition, actor=self.viewer)
        except actions.CannotPublish as error:
            messages.error(request, str(error.message))
            return self.refused()
        messages.success(
            request,
            _("Version %(number)d is in force. Cases that run stay on their version.")
            % {"number": version.number},
        )
        return redirect("workflows_publish", pk=pk)


def place_of(definition: WorkflowDefinition, problem: Problem) -> str:
    """The address where the problem is put right: a block of the draft, or a test case."""
    if problem.test is not None:
        return reverse("workflows_test", args=[definition.pk, problem.test])
    if problem.material is not None:
        key = material_from_stream(definition.material)[problem.material]
        block = next(child for child in definition.material if child.value == key)
        return f"{edit_url(definition)}#block-{block.id}-section"
    if problem.step is None or problem.step >= len(definition.steps):
        return edit_url(definition)
    block = definition.steps[problem.step]
    rules = block.value["rules"].bound_blocks
    if problem.rule is not None and problem.rule < len(rules):
        block = rules[problem.rule]
    return f"{edit_url(definition)}#block-{block.id}-section"


def _by_district(rows: Any) -> list[tuple[Any, list[Any]]]:
    """The matrix turned: one row a district, those where somebody lacks first."""
    if not rows:
        return []
    found = [
        (rows[0].cells[column].organisation, [row.cells[column] for row in rows])
        for column in range(len(rows[0].cells))
    ]
    return sorted(found, key=lambda one: not any(cell.missing for cell in one[1]))
