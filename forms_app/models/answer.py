"""Answers on their way (drafts) and answers given (submissions)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel
from forms_app.models.definition import FROZEN, erasable


class Draft(PublicIdModel):
    """A wizard in progress: one row an attempt, so two tabs never mix."""

    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="drafts")
    version = models.ForeignKey("forms_app.FormVersion", on_delete=models.PROTECT)
    # What the rooms above need to remember with the draft, such as wave and kind.
    context = models.JSONField(default=dict)
    # Raw posted values by step key; kept even when they do not pass the checks.
    data = models.JSONField(default=dict)
    # What was fetched when the draft was begun, by field key; see forms_app.fetching.
    fetched = models.JSONField(default=dict)
    current_step = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # A returned case is completed in a draft whose submission replaces this one.
    replaces = models.ForeignKey(
        "forms_app.Submission", on_delete=models.PROTECT, null=True, related_name="+"
    )
    submission = models.OneToOneField(
        "forms_app.Submission", on_delete=models.PROTECT, null=True, related_name="draft"
    )

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return f"draft {self.public_id}"


class Submission(PublicIdModel):
    """Answers given to one exact version of a form."""

    version = models.ForeignKey(
        "forms_app.FormVersion", on_delete=models.PROTECT, related_name="submissions"
    )
    # Cleaned values by field key; persons and organisations as public references.
    # The only copy there is: history keeps the digest, so that erasing here erases.
    answers = models.JSONField()
    # Which answers were fetched, from where, and whether they were changed.
    fetched = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    submitted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"))
    # A completed return is a new submission that points to the one it replaces.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    history = tracked(secret=["answers", "fetched"], kept=FROZEN)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        triggers = [erasable("answers", "fetched")]

    def __str__(self) -> str:
        return f"submission {self.public_id}"


class StoredFile(PublicIdModel):
    """A file given in an answer, checked by content, size and name before it is kept."""

    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, related_name="files")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, related_name="files"
    )
    field_key = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    # The bytes are gone since then, and the name with them.
    erased_at = models.DateTimeField(null=True, editable=False)
    # Names of files name people; once erased they must not live on in history.
    history = tracked(secret=["name"])

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return f"file {self.public_id}"
