"""What a file is, in a word that everybody knows."""

from django import template
from django.utils.translation import gettext as _

from cms.models.document import DocumentVersion

register = template.Library()
WORDS = {
    "application/pdf": "PDF",
    "text/plain": "Text",
    "text/csv": "CSV",
}
ENDINGS = {"wordprocessingml": "Word", "spreadsheetml": "Excel", "presentationml": "PowerPoint"}


@register.filter
def file_word(version: DocumentVersion) -> str:
    """PDF, Word, Excel … from what the bytes are, not from the name."""
    if version.mime in WORDS:
        return WORDS[version.mime]
    return next((word for part, word in ENDINGS.items() if part in version.mime), _("file"))
