"""The form builder in the editor: a snippet with its own publishing."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet

from core.editor import KeyPanel
from forms_app import access, desk, editor, trying
from forms_app.definition_form import FormDefinitionForm
from forms_app.models import DraftLifetime, FormDefinition
from people.models import User


class BuilderPolicy(ModelPermissionPolicy):
    """Whoever holds the capability builds; nobody deletes, not even technical staff."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """By the roles held today."""
        return action in ("add", "change", "view") and access.may_build(user)

    def users_with_any_permission(self, actions: Sequence[str]) -> QuerySet[User]:
        """Nobody is listed: the editor asks for single accounts only."""
        return User.objects.none()


def _buttons(definition: Any) -> list[tuple[Any, str, str]]:
    return [
        (_("Publish"), reverse("forms_app_publish", args=[definition.pk]), "upload"),
        (_("Try"), reverse("forms_app_try", args=[definition.pk]), "view"),
        (_("Versions"), reverse("forms_app_versions", args=[definition.pk]), "history"),
        (_("Opening and limits"), reverse("forms_app_opening", args=[definition.pk]), "calendar"),
        (_("Export"), reverse("forms_app_export", args=[definition.pk]), "download"),
    ]


def next_buttons(definition: Any) -> list[Any]:
    """What one does with a form that has just been saved."""
    edit = reverse("wagtailsnippets_forms_app_formdefinition:edit", args=[definition.pk])
    return [
        messages.button(url, label)
        for label, url in [(_("Edit"), edit), *(one[:2] for one in _buttons(definition)[:2])]
    ]


class FormEditView(EditView):
    """The form being built, with the way to publishing."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """Publish and versions beside the usual ones."""
        own = [
            Button(label, url=url, icon_name=icon, priority=1 + at)
            for at, (label, url, icon) in enumerate(_buttons(self.object))
        ]
        return [*own, *super().header_more_buttons]

    def get_success_buttons(self) -> list[Any]:
        """After saving, the next thing is to publish."""
        return next_buttons(self.object)


class FormCreateView(CreateView):
    """A new form."""

    def get_success_buttons(self) -> list[Any]:
        """After saving, the next thing is to publish."""
        return next_buttons(self.object)


class FormIndexView(IndexView):
    """All forms, with the way to taking one in."""

    @property
    def header_more_buttons(self) -> list[Button]:
        """Import beside the usual ones."""
        own = Button(
            _("Import a form"), url=reverse("forms_app_import"), icon_name="upload", priority=1
        )
        return [own, *super().header_more_buttons]


class FormDefinitionViewSet(SnippetViewSet):
    """Forms in the editor's menu."""

    model = FormDefinition
    icon = "form"
    menu_label = _("Forms")
    # In the order one works: form, case type, workflow.
    menu_order = 250
    add_to_admin_menu = True
    permission_policy = BuilderPolicy(FormDefinition)
    edit_view_class = FormEditView
    add_view_class = FormCreateView
    index_view_class = FormIndexView
    list_display = ["name", "key", Column("newest", label=_("Version"), sort_key="newest")]
    ordering = ["name"]
    search_fields = ["name", "key"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            KeyPanel("key"),
            FieldPanel("introduction"),
            MultiFieldPanel(
                [
                    FieldPanel("delete_after_days"),
                    FieldPanel("counted_from"),
                    FieldPanel("keep_until"),
                    FieldPanel("keep_decision"),
                ],
                heading=_("How long answers are kept"),
            ),
            FieldPanel("steps"),
        ],
        base_form_class=FormDefinitionForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormDefinition]:
        """With the newest version's number, in the same query."""
        return FormDefinition.objects.annotate(newest=Max("versions__number"))


def listing_buttons(snippet: Model, user: User, next_url: str | None = None) -> list[ListingButton]:
    """Publish and versions in the list of forms."""
    if not isinstance(snippet, FormDefinition) or not access.may_build(user):
        return []
    return [
        # In the order of the work, not of the alphabet.
        ListingButton(label, url=url, icon_name=icon, priority=15 + at)
        for at, (label, url, icon) in enumerate(_buttons(snippet))
    ]


def admin_urls() -> list[URLPattern]:
    """The pages beside the form, under the editor's own address and login."""
    return [
        path(
            "formular/<int:pk>/publicera/", editor.PublishView.as_view(), name="forms_app_publish"
        ),
        path(
            "formular/<int:pk>/versioner/", editor.VersionsView.as_view(), name="forms_app_versions"
        ),
        path(
            "formular/<int:pk>/versioner/<int:number>/",
            editor.VersionView.as_view(),
            name="forms_app_version",
        ),
        path("formular/<int:pk>/prova/", trying.TryView.as_view(), name="forms_app_try"),
        path(
            "formular/<int:pk>/versioner/jamfor/",
            desk.CompareView.as_view(),
            name="forms_app_compare",
        ),
        path(
            "formular/<int:pk>/versioner/<int:number>/aterstall/",
            desk.RestoreView.as_view(),
            name="forms_app_restore",
        ),
        path("formular/<int:pk>/oppet/", desk.OpeningView.as_view(), name="forms_app_opening"),
        path("formular/<int:pk>/export/", desk.ExportView.as_view(), name="forms_app_export"),
        path("formular/import/", desk.ImportView.as_view(), name="forms_app_import"),
    ]


class DraftLifetimeViewSet(SnippetViewSet):
    """How long untouched drafts are kept, decision by decision."""

    model = DraftLifetime
    icon = "calendar-alt"
    menu_label = _("Lifetime of drafts")
    menu_order = 310
    permission_policy = BuilderPolicy(DraftLifetime)
    list_display = ["valid_from", "days", "decision"]
    copy_view_enabled = False
    panels = [FieldPanel("valid_from"), FieldPanel("days"), FieldPanel("decision")]


register_snippet(FormDefinitionViewSet)
register_snippet(DraftLifetimeViewSet)
hooks.register("register_snippet_listing_buttons", listing_buttons)
hooks.register("register_admin_urls", admin_urls)
