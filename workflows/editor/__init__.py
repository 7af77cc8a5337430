"""The editor's pages about workflows, beside the draft itself."""

from workflows.editor.base import DefinitionPolicy, edit_url, may_build

__all__ = ["DefinitionPolicy", "edit_url", "may_build"]
