"""The editor's own account page: names belong to the account and are not the holder's to change."""

from wagtail.admin.views.account import NameEmailSettingsPanel


def _hidden(panel: NameEmailSettingsPanel) -> bool:
    # Decisions are signed with the account's name; whoever renames themselves signs as another.
    return False


NameEmailSettingsPanel.is_active = _hidden
