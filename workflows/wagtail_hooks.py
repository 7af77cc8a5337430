"""Workflows in the editor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.urls import URLPattern, path, reverse
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet

from core.editor import KeyPanel
from workflows.definition_form import WorkflowDefinitionForm
from workflows.editor import DefinitionPolicy, carrying, moving, picture, publish, trial, versions
from workflows.kinds import all_kinds
from workflows.models import WorkflowDefinition


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of case that a workflow can be drawn for."""
    return [(kind.key, str(kind.name)) for kind in all_kinds()]


def ways(definition: Any) -> list[tuple[Any, str, str]]:
    """The pages about one workflow: label, address, icon."""
    return [
        (_("Check and publish"), reverse("workflows_publish", args=[definition.pk]), "check"),
        (_("Try out"), reverse("workflows_trial", args=[definition.pk]), "tasks"),
        (_("Versions"), reverse("workflows_versions", args=[definition.pk]), "history"),
        (_("Move running cases"), reverse("workflows_move", args=[definition.pk]), "redirect"),
        (_("Export"), reverse("workflows_export", args=[definition.pk]), "download"),
    ]


def next_buttons(definition: Any) -> list[Any]:
    """What one does with a draft that has just been saved."""
    edit = reverse("wagtailsnippets_workflows_workflowdefinition:edit", args=[definition.pk])
    return [
        messages.button(url, label)
        for label, url in [(_("Edit"), edit), *(one[:2] for one in ways(definition)[:2])]
    ]


class WorkflowEditView(EditView):
    """The draft, with the ways to the pages about it."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """Publish, try out, versions and the rest beside the usual ones."""
        own = [
            Button(label, url=url, icon_name=icon, priority=1 + at)
            for at, (label, url, icon) in enumerate(ways(self.object))
        ]
        return [*own, *super().header_more_buttons]

    def get_success_buttons(self) -> list[Any]:
        """After saving, the next thing is to try it out or to publish."""
        return next_buttons(self.object)


class WorkflowCreateView(CreateView):
    """A new workflow."""

    def get_success_buttons(self) -> list[Any]:
        """After saving, the next thing is to try it out or to publish."""
        return next_buttons(self.object)


class WorkflowIndexView(IndexView):
    """All workflows, with the way to taking one in from a file."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """Import beside the usual ones."""
        own = Button(
            _("Import a workflow"), url=reverse("workflows_import"), icon_name="upload", priority=1
        )
        return [own, *super().header_more_buttons]


class WorkflowViewSet(SnippetViewSet):
    """«Workflows» in the menu of the editor."""

    model = WorkflowDefinition
    edit_view_class = WorkflowEditView
    add_view_class = WorkflowCreateView
    index_view_class = WorkflowIndexView
    icon = "tasks"
    menu_label = _("Workflows")
    menu_name = "arbetsfloden"
    # In the order one works: form, case type, workflow.
    menu_order = 270
    add_to_admin_menu = True
    list_display = ["name", "key", "case_kind"]
    search_fields = ["name", "key"]
    copy_view_enabled = False
    inspect_view_enabled = False

    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            KeyPanel("key"),
            # The kinds are asked for each time: staff make them while the portal runs.
            FieldPanel(
                "case_kind", widget=forms.Select(choices=CallableChoiceIterator(kind_choices))
            ),
            picture.PicturePanel(heading=_("The workflow drawn")),
            FieldPanel("steps"),
            FieldPanel("material"),
        ],
        base_form_class=WorkflowDefinitionForm,
    )

    @property
    def permission_policy(self) -> DefinitionPolicy:
        """Roles decide who builds workflows."""
        return DefinitionPolicy(self.model)


register_snippet(WorkflowViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def addresses() -> list[URLPattern]:
    """The pages beside the draft, under the editor's own address and sign-in."""
    one = "arbetsfloden/<int:pk>"
    return [
        path("arbetsfloden/bild/", picture.live, name="workflows_picture"),
        path("arbetsfloden/importera/", carrying.ImportView.as_view(), name="workflows_import"),
        path(f"{one}/publicera/", publish.PublishView.as_view(), name="workflows_publish"),
        path(f"{one}/provkor/", trial.TrialView.as_view(), name="workflows_trial"),
        path(f"{one}/provkor/nytt/", trial.TestView.as_view(), name="workflows_new_test"),
        path(f"{one}/provkor/<int:test>/", trial.TestView.as_view(), name="workflows_test"),
        path(f"{one}/versioner/", versions.VersionsView.as_view(), name="workflows_versions"),
        path(
            f"{one}/versioner/<int:number>/",
            versions.VersionView.as_view(),
            name="workflows_version",
        ),
        path(f"{one}/flytta/", moving.MoveView.as_view(), name="workflows_move"),
        path(f"{one}/flytta/<str:move>/", moving.MovedView.as_view(), name="workflows_moved"),
        path(f"{one}/exportera/", carrying.export, name="workflows_export"),
    ]


class PublishItem(ActionMenuItem):
    """«Check and publish» beside «Save» on the editing page."""

    name = "action-check-and-publish"
    label = _("Check and publish")
    icon_name = "check"
    order = 5

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Only for a workflow that has been saved."""
        return context["model"] is WorkflowDefinition and context["view"] == "edit"

    def get_url(self, context: dict[str, Any]) -> str:
        """The publishing page."""
        return reverse("workflows_publish", args=[context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")  # type: ignore[untyped-decorator]
def publish_item(model: type[Any]) -> PublishItem | None:
    """Offer the page on the editing page."""
    return PublishItem() if model is WorkflowDefinition else None


@hooks.register("register_snippet_listing_buttons")  # type: ignore[untyped-decorator]
def listing_buttons(
    snippet: Any, user: Any, next_url: str | None = None
) -> Iterator[ListingButton]:
    """Offer the pages in the list."""
    if isinstance(snippet, WorkflowDefinition):
        for at, (label, url, icon) in enumerate(ways(snippet)):
            yield ListingButton(label, url, priority=15 + at, icon_name=icon)
