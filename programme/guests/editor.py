"""The list of municipalities in the editor."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from programme.models import Municipality
from workflows.editor import DefinitionPolicy


class MunicipalityViewSet(SnippetViewSet):
    """«Municipalities» in the menu of the editor; one is taken out of use, never deleted."""

    model = Municipality
    icon = "globe"
    menu_label = _("Municipalities")
    menu_name = "kommuner"
    menu_order = 280
    add_to_admin_menu = True
    list_display = ["name", "code", "in_use"]
    copy_view_enabled = False
    inspect_view_enabled = False
    panels = [FieldPanel("code"), FieldPanel("name"), FieldPanel("in_use")]

    @property
    def permission_policy(self) -> DefinitionPolicy:
        """Roles decide who changes the list."""
        return DefinitionPolicy(self.model)
