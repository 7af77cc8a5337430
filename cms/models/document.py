"""Documents: what each is, its versions, and who let them out."""

import hashlib
import secrets
from typing import Any, Self

import pgtrigger
from django.core.exceptions import PermissionDenied
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.models import CollectionViewRestriction
from wagtail.search.queryset import SearchableQuerySetMixin

from audit.history import tracked
from audit.triggers import AlwaysTrigger
from cms.documents.words import FoundByWords
from core.models import PublicIdModel
from programme.models import Procurement
from programme.models.procurement import DECIDED, record_number


def private_storage() -> Storage:
    """No address leads here; every download is a view that asks."""
    return storages["private"]


def place_of(document: models.Model, name: str) -> str:
    """A place that says nothing of the file and that nobody guesses."""
    return f"documents/{secrets.token_hex(16)}"


def frozen() -> AlwaysTrigger:
    """What has been put there is never changed."""
    return AlwaysTrigger(
        name="document_version_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        function="audit_refuse",
        arguments=["a version of a document is never changed"],
    )


class DocumentQuerySet(SearchableQuerySetMixin, models.QuerySet["RegisteredDocument"]):
    """Documents in domain words."""

    def public(self) -> Self:
        """What anyone may read now: let out, not private, and no longer held back.

        This is the only word on what is public: pages, lists, search and feeds ask here.
        """
        now = timezone.now()
        out = Publication.objects.filter(
            version__document=OuterRef("pk"), state=Publication.State.PUBLISHED
        )
        private = CollectionViewRestriction.objects.annotate(
            inside=ExpressionWrapper(OuterRef("collection__path"), models.CharField())
        ).filter(inside__startswith=F("collection__path"))
        about = Q(procurement=None) | Q(procurement__announced_at__lte=now)
        secret = Q(phase__in=RegisteredDocument.SECRET_PHASES, procurement__isnull=False) & ~Q(
            procurement__phase__in=DECIDED
        )
        report = Q(report=None) | Q(report__published_at__lte=now)
        found = self.filter(
            Q(public_from=None) | Q(public_from__lte=now), about, report, Exists(out)
        ).exclude(Exists(private))
        return found.exclude(secret)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: versions are kept as long as their retention says."""
        raise PermissionDenied("documents are withdrawn, never deleted")


class RegisteredDocument(FoundByWords, AbstractDocument, PublicIdModel):
    """A document of the project; its file is that of the newest version."""

    class Kind(models.TextChoices):
        PROCUREMENT = "procurement", _("procurement document")
        DECISION = "decision", _("decision")
        CONTRACT = "contract", _("contract")
        REPORT = "report", _("report")
        MINUTES = "minutes", _("minutes")
        MATERIAL = "material", _("training material")
        OTHER = "other", _("other")

    class Phase(models.TextChoices):
        PLANNING = "planning", _("planning")
        ANNOUNCEMENT = "announcement", _("announcement")
        TENDERS = "tenders", _("tenders")
        EVALUATION = "evaluation", _("evaluation of tenders")
        AWARD = "award", _("award")
        CONTRACT = "contract", _("contract and follow-up")
        DELIVERY = "delivery", _("delivery")
        CLOSING = "closing", _("closing")

    class Direction(models.TextChoices):
        OWN = "own", _("drawn up here")
        INCOMING = "incoming", _("incoming")
        OUTGOING = "outgoing", _("outgoing")

    class Retention(models.TextChoices):
        FUND = "fund", _("as the fund asks (2021/1060 article 82)")
        ARCHIVE = "archive", _("kept for ever")
        DATED = "dated", _("until a given day")

    # Secret until the award decision, whatever else is said of the document (OSL 19:3).
    SECRET_PHASES = (Phase.TENDERS, Phase.EVALUATION)

    file = models.FileField(_("file"), upload_to=place_of, storage=private_storage, max_length=120)
    # What the file is called and is, told by its bytes; kept apart from where it lies.
    file_name = models.CharField(_("file name"), max_length=140, editable=False, default="")
    mime = models.CharField(_("type"), max_length=100, editable=False, default="")

    record_number = models.CharField(
        _("record number"),
        max_length=30,
        blank=True,
        validators=[record_number],
        help_text=_("The city's or the fund's number, such as SOF 2026/114 or 25-021-S02."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    phase = models.CharField(_("phase"), max_length=12, choices=Phase, default=Phase.DELIVERY)
    responsible = models.ForeignKey(
        "people.Role",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    direction = models.CharField(
        _("direction"), max_length=8, choices=Direction, default=Direction.OWN
    )
    counterpart = models.CharField(
        _("sender or receiver"),
        max_length=160,
        blank=True,
        help_text=_("Of an incoming or outgoing document. Never shown in public."),
    )
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=[("sv", _("Swedish")), ("en", _("English"))],
        default="sv",
    )
    description = models.TextField(
        _("what it is about"), max_length=600, blank=True, help_text=_("One or two sentences.")
    )
    public_from = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        help_text=_("Held back until then, also when its publishing is approved before."),
    )
    retention = models.CharField(
        _("retention"), max_length=8, choices=Retention, default=Retention.FUND
    )
    keep_until = models.DateField(_("kept until"), null=True, blank=True)
    procurement = models.ForeignKey(
        Procurement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("procurement"),
    )
    report = models.ForeignKey(
        "programme.EvaluationReport",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("evaluation report"),
    )
    meeting = models.ForeignKey(
        "programme.Meeting",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("meeting"),
        help_text=_("Minutes and papers of a meeting: its members read them, also unpublished."),
    )
    alternative = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("same content as a web page"),
        help_text=_("Asked for when the file cannot be read by everyone."),
    )

    objects = DocumentQuerySet.as_manager()
    history = tracked(kept="documents are withdrawn, never deleted")

    admin_form_fields = (
        "title",
        "file",
        "description",
        "record_number",
        "kind",
        "phase",
        "procurement",
        "report",
        "meeting",
        "responsible",
        "direction",
        "counterpart",
        "dated_on",
        "language",
        "public_from",
        "alternative",
        "retention",
        "keep_until",
        "collection",
        "tags",
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=~Q(retention="dated") | Q(keep_until__isnull=False),
                name="dated_retention_has_day",
            )
        ]

    @property
    def filename(self) -> str:
        """The name that readers see; never the place in the store."""
        return self.file_name or "fil"

    @property
    def content_type(self) -> str:
        """What the bytes are."""
        return self.mime or "application/octet-stream"

    @property
    def is_secret(self) -> bool:
        """Whether it is of tenders in a procurement that is not decided (OSL 19:3)."""
        return (
            self.phase in self.SECRET_PHASES
            and self.procurement is not None
            and not self.procurement.is_decided
        )

    @property
    def url(self) -> str:
        """The page of the document in the reader's language, with the newest public version."""
        english = "english_" if get_language() == "en" else ""
        return str(reverse(f"documents:{english}document", args=[self.public_id]))

    def _set_document_file_metadata(self) -> None:
        """Size and digest, and what the bytes are where nobody has looked before."""
        super()._set_document_file_metadata()
        if not self.file_name:
            self.file_name = str(self.file.name).rsplit("/", 1)[-1][:140]

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a file that no version has becomes one.

        The editor has several doors for files. This is what they have in common.
        """
        super().save(*args, **kwargs)
        if self.file and not self.versions.filter(file=self.file.name).exists():
            self._keep_version()

    def _keep_version(self) -> None:
        """The file as a version of its own, with who put it there and why."""
        last = (
            RegisteredDocument.objects.select_for_update(of=("self",), no_key=True)
            .get(pk=self.pk)
            .versions.aggregate(last=models.Max("number"))["last"]
        )
        with self.open_file() as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self.versions.create(
            number=(last or 0) + 1,
            file=self.file.name,
            name=self.filename,
            mime=self.content_type,
            size=self.file.size,
            sha256=digest,
            reason=getattr(self, "replaced_because", ""),
            change=getattr(self, "public_change", ""),
            created_by=getattr(self, "replaced_by", None) or self.uploaded_by_user,
        )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: versions are kept as long as their retention says."""
        raise PermissionDenied("documents are withdrawn, never deleted")


class DocumentVersion(PublicIdModel):
    """One file of a document; a newer one never takes its place in the store."""

    document = models.ForeignKey(
        RegisteredDocument, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to=place_of, storage=private_storage, max_length=120)
    name = models.CharField(_("file name"), max_length=140)
    mime = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    reason = models.CharField(_("why it was replaced"), max_length=300, blank=True)
    change = models.CharField(_("what has changed, in public"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("put there"), auto_now_add=True)
    history = tracked(kept="a version is what somebody may have read")

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once")
        ]
        triggers = [frozen()]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"


class Publication(PublicIdModel):
    """A version asked to be let out, what the gate found, and what a second person decided."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        PUBLISHED = "published", _("public")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn")

    version = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="publications"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    # [{"code": …, "places": […]}]: what the gate found when it was asked for; never the finding itself.
    findings = models.JSONField(_("findings"), default=list)
    asked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(pgettext_lazy("publication", "asked"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.TextField(_("words of the second person"), max_length=1000, blank=True)
    withdrawn_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    history = tracked(kept="what was public, and who let it out, is never taken away")

    class Meta:
        verbose_name = _("publishing of a document")
        verbose_name_plural = _("publishings of documents")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="document_published_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(decided_by__isnull=False),
                name="published_document_decided",
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=["waiting", "published"]),
                name="document_version_out_once",
            ),
        ]

    def __str__(self) -> str:
        return f"publication {self.public_id}"


class Override(PublicIdModel):
    """Why a finding of the gate did not stop a publishing; one row for each finding and person."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="overrides")
    code = models.SlugField(_("finding"), max_length=40)
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"), auto_now_add=True)
    history = tracked(kept="a reason that was given stays")

    class Meta:
        verbose_name = _("exception from the gate")
        verbose_name_plural = _("exceptions from the gate")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "code", "given_by"], name="override_once_each"
            )
        ]

    def __str__(self) -> str:
        return self.code
