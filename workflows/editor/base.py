"""What the pages about one workflow share: who may build, and the way around."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permission_policies.base import BasePermissionPolicy

from people.access import held_by
from people.models import Capability, User
from workflows.blocks import material_from_stream, steps_from_stream
from workflows.models import WorkflowDefinition
from workflows.rules import Step
from workflows.words import Drawn, Names, names_for


class DefinitionPolicy(BasePermissionPolicy):
    """Roles of the day decide, not groups; nobody deletes a workflow, not even a superuser."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Add, change and view for those whose role builds definitions."""
        return action != "delete" and may_build(user)

    def users_with_any_permission(self, actions: Any) -> Any:
        """Only asked by listings of people, which this room does not show."""
        return User.objects.none()


def may_build(user: Any) -> bool:
    """Whether the account's roles let it build workflows today."""
    return held_by(user).can(Capability.MANAGE_DEFINITIONS)


def edit_url(definition: WorkflowDefinition) -> str:
    """Where the draft is edited."""
    return reverse("wagtailsnippets_workflows_workflowdefinition:edit", args=[definition.pk])


class DefinitionView(WagtailAdminTemplateMixin, TemplateView):
    """A page about one workflow, for those who may build."""

    header_icon = "tasks"
    definition: WorkflowDefinition

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A workflow that one may not build does not exist."""
        if not may_build(request.user):
            raise Http404
        self.definition = get_object_or_404(WorkflowDefinition, pk=kwargs["pk"])
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def viewer(self) -> User:
        """Whoever is signed in."""
        return cast(User, self.request.user)

    @property
    def names(self) -> Names:
        """What roles and fields are called, read once a request."""
        if not hasattr(self, "_names"):
            self._names = names_for(self.definition.case_kind)
        return self._names

    @property
    def steps(self) -> tuple[Step, ...]:
        """The drafted steps."""
        return steps_from_stream(self.definition.steps)

    @property
    def drawn(self) -> Drawn:
        """The draft as it can be compared."""
        return Drawn(self.steps, material_from_stream(self.definition.material))

    def get_page_subtitle(self) -> str:
        """The workflow's name."""
        return self.definition.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """All workflows, this workflow, this page."""
        listing = reverse("wagtailsnippets_workflows_workflowdefinition:list")
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": listing, "label": _("Workflows")},
            {"url": edit_url(self.definition), "label": self.definition.name},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What every page about a workflow shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "definition": self.definition, "edit_url": edit_url(self.definition)}

    def refused(self) -> HttpResponse:
        """The same page again, with what the messages say."""
        response: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
        return response
