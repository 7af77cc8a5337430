"""Versions: what has been in force, what differs, going back, and retiring."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import actions
from workflows.editor.base import DefinitionView
from workflows.editor.forms import ReasonForm
from workflows.editor.picture import picture
from workflows.models import Case, WorkflowVersion
from workflows.rules import steps_from_plain
from workflows.words import Drawn, differences

OPEN = Q(cases__state__in=[Case.State.WAITING, Case.State.RETURNED])


class VersionsView(DefinitionView):
    """Every version, and the difference between two of them."""

    page_title = gettext_lazy("Versions")
    template_name = "workflows/cms/versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The versions, newest first; the chosen two in words."""
        versions = list(
            self.definition.versions.annotate(
                all=Count("cases"), open=Count("cases", filter=OPEN)
            ).order_by("-number")
        )
        by_number = {str(version.number): version for version in versions}
        old = by_number.get(self.request.GET.get("fran", ""))
        new = by_number.get(self.request.GET.get("till", ""))
        return {
            **super().get_context_data(**kwargs),
            "versions": versions,
            "old": old,
            "new": new,
            "changes": differences(drawn(old), drawn(new), self.names) if old and new else None,
            "in_force": any(version.retired_at is None for version in versions),
            "reason": kwargs.get("form") or ReasonForm(),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Retire the workflow."""
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                actions.retire_workflow(
                    definition=self.definition,
                    actor=self.viewer,
                    reason=form.cleaned_data["reason"],
                )
            except actions.CannotPublish as error:
                messages.error(request, str(error.message))
            else:
                messages.success(
                    request,
                    _("The workflow is retired. No new cases start; those that run go on."),
                )
            return redirect("workflows_versions", pk=pk)
        response: HttpResponse = self.render_to_response(
            self.get_context_data(form=form), status=422
        )
        return response


class VersionView(DefinitionView):
    """One version as it was published; a POST takes it into the draft."""

    template_name = "workflows/cms/version.html"

    @property
    def version(self) -> WorkflowVersion:
        """The version in the address."""
        return get_object_or_404(
            WorkflowVersion, definition=self.definition, number=self.kwargs["number"]
        )

    def get_page_title(self) -> str:
        """Which one."""
        return _("Version %(number)s") % {"number": self.kwargs["number"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The frozen steps, and what the draft would lose."""
        version = self.version
        frozen = drawn(version)
        return {
            **super().get_context_data(**kwargs),
            **picture(frozen.steps, frozen.material, self.names),
            "version": version,
            "changes": differences(self.drawn, frozen, self.names),
        }

    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Put the version's steps in the draft."""
        actions.restore_version(version=self.version, actor=self.viewer)
        messages.success(
            request,
            _("Version %(number)d is now the draft. Nothing changes until you publish it.")
            % {"number": number},
        )
        return redirect("workflows_publish", pk=pk)


def drawn(version: WorkflowVersion) -> Drawn:
    """A version as it can be compared."""
    return Drawn(steps_from_plain(version.steps), version.material)
