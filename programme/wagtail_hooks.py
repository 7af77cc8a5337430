"""This room's part of the editor."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.widgets import SnippetListingButton

from programme.case_types import editor
from programme.guests.editor import MunicipalityViewSet
from programme.models import CaseType
from programme.venues.editor import AccessibilityPointViewSet

register_snippet(editor.CaseTypeViewSet)
register_snippet(AccessibilityPointViewSet)
register_snippet(MunicipalityViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def case_type_addresses() -> list[URLPattern]:
    """The pages beside a case type: into use, as a file, from a file."""
    return [
        path("arendetyper/<int:pk>/kontroll/", editor.check, name="case_type_check"),
        path("arendetyper/<int:pk>/fil/", editor.download, name="case_type_file"),
        path("arendetyper/fran-fil/", editor.take_in, name="case_type_take_in"),
    ]


class CheckItem(ActionMenuItem):
    """«Check and take into use» beside «Save» on the editing page."""

    name = "action-check-case-type"
    label = _("Check and take into use")
    icon_name = "check"
    order = 5

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Only for a type that has been saved."""
        return context["model"] is CaseType and context["view"] == "edit"

    def get_url(self, context: dict[str, Any]) -> str:
        """The page that checks."""
        return reverse("case_type_check", args=[context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")  # type: ignore[untyped-decorator]
def check_item(model: type[Any]) -> CheckItem | None:
    """Offer the page on the editing page."""
    return CheckItem() if model is CaseType else None


@hooks.register("register_snippet_listing_buttons")  # type: ignore[untyped-decorator]
def check_button(
    snippet: Any, user: Any, next_url: str | None = None
) -> Iterator[SnippetListingButton]:
    """Offer the page in the list."""
    if isinstance(snippet, CaseType):
        yield SnippetListingButton(
            _("Check and take into use"),
            reverse("case_type_check", args=[snippet.pk]),
            priority=15,
            icon_name="check",
        )
