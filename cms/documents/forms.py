"""What an editor says of a document, and the file that is taken in or refused."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminPageChooser
from wagtail.documents.forms import BaseDocumentForm

from cms.models.document import RegisteredDocument
from forms_app.files import FileRefused, check_file
from programme.queries import current_programme, settings_on

EXTENSIONS = ("pdf", "docx", "xlsx", "pptx", "txt", "csv")
MEGABYTES = 20


def largest() -> int:
    """The largest file in megabytes, as decided."""
    programme = current_programme()
    if programme is None:
        return MEGABYTES
    return int(settings_on(programme, timezone.localdate())["document_megabytes"])


class DocumentForm(BaseDocumentForm):
    """Wagtail's form, where a new file leaves the old one and says why it came."""

    replaced_because = forms.CharField(
        label=_("Why the file is replaced"),
        required=False,
        max_length=300,
        help_text=_("Kept for those who work here. Needed when you choose another file."),
    )
    public_change = forms.CharField(
        label=_("What has changed, in public"),
        required=False,
        max_length=300,
        help_text=_("One line in the list «Changes» on the document's page."),
    )

    class Meta(BaseDocumentForm.Meta):
        widgets = {
            **BaseDocumentForm.Meta.widgets,
            "alternative": AdminPageChooser,
            "public_from": AdminDateTimeInput,
            "dated_on": AdminDateInput,
            "keep_until": AdminDateInput,
        }

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.actor = user
        if self.instance.pk is None:
            for name in ("replaced_because", "public_change"):
                self.fields.pop(name)
        else:
            # Decided on a page of its own, where a reason is asked for.
            for name in ("retention", "keep_until"):
                self.fields.pop(name, None)

    def clean_file(self) -> Any:
        """The new file, if its bytes are what its name says; its name is kept apart."""
        file = self.cleaned_data.get("file")
        if not isinstance(file, UploadedFile):
            return file
        try:
            stream: Any = file
            accepted = check_file(
                file.name or "", stream, extensions=EXTENSIONS, megabytes=largest()
            )
        except FileRefused as error:
            raise ValidationError(str(error.message)) from error
        file.seek(0)
        self.instance.file_name, self.instance.mime = accepted.name, accepted.content_type
        return file

    def clean(self) -> dict[str, Any]:
        """A replaced file says why, and a dated retention has its day."""
        cleaned: dict[str, Any] = super().clean()
        if self.instance.pk and "file" in self.changed_data:
            for name in ("replaced_because", "public_change"):
                if not str(cleaned.get(name) or "").strip():
                    self.add_error(name, _("Write this when you replace the file."))
        if cleaned.get("retention") == "dated" and not cleaned.get("keep_until"):
            self.add_error("keep_until", _("Give the day until which it is kept."))
        self._refuse_tenders(cleaned)
        return cleaned

    def _refuse_tenders(self, cleaned: dict[str, Any]) -> None:
        """Everyone who publishes reads what lies here; tenders are for two named people only."""
        if cleaned.get("phase") not in RegisteredDocument.SECRET_PHASES:
            return
        procurement = cleaned.get("procurement")
        if procurement is None:
            if "procurement" not in self.errors:
                self.add_error("procurement", _("Say which procurement it belongs to."))
        elif not procurement.is_decided:
            self.add_error(
                "phase",
                _(
                    "Tenders and their evaluation do not lie here before the award decision: "
                    "everyone who publishes could read them. Register the tender on the "
                    "procurement's page under «Procurements». There it is sealed until the two "
                    "who are named open it together."
                ),
            )

    def save(self, commit: bool = True) -> Any:
        """Save; the earlier file stays where it is, as the version it was."""
        # Wagtail would delete it.
        self.original_file = None
        self.instance.replaced_because = self.cleaned_data.get("replaced_because", "")
        self.instance.public_change = self.cleaned_data.get("public_change", "")
        self.instance.replaced_by = self.actor
        return super().save(commit=commit)
