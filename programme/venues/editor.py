"""The accessibility checklist in the editor."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from programme.models import AccessibilityPoint
from workflows.editor import DefinitionPolicy


class AccessibilityPointViewSet(SnippetViewSet):
    """«Accessibility checklist» in the menu of the editor; questions are never deleted."""

    model = AccessibilityPoint
    icon = "tick-inverse"
    menu_label = _("Accessibility checklist")
    menu_name = "tillganglighet"
    menu_order = 270
    add_to_admin_menu = True
    list_display = ["text", "needed", "in_use", "order"]
    copy_view_enabled = False
    inspect_view_enabled = False
    panels = [
        FieldPanel("programme"),
        FieldPanel("text"),
        FieldPanel("needed"),
        FieldPanel("order"),
        FieldPanel("in_use"),
    ]

    @property
    def permission_policy(self) -> DefinitionPolicy:
        """Roles decide who changes the checklist."""
        return DefinitionPolicy(self.model)
