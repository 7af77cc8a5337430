"""What is bought: budget lines, procurements, questions, sealed tenders, contracts and call-offs."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel

# The fund's numbers (25-021-S02) and the city's (SOF 2026/114, ALD 2026/9-2).
RECORD_NUMBER = r"^(\d{2}-\d{3}-S\d{2}(/\d{1,4})?|(SOF|ALD) \d{4}/\d{1,6}(-\d{1,4})*)$"
record_number = RegexValidator(
    RECORD_NUMBER, _("Write the record number as SOF 2026/114, ALD 2026/9 or 25-021-S02.")
)


class BudgetLine(PublicIdModel):
    """An amount of the decided budget that something is bought for (R-150 to R-152)."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="budget_lines"
    )
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    heading = models.CharField(_("heading in the budget"), max_length=80)
    amount = models.PositiveIntegerField(_("kronor"))
    decision = models.CharField(_("decision"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = tracked()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="budget_line_key_once")
        ]

    def __str__(self) -> str:
        return self.name


class Procurement(PublicIdModel):
    """One purchase from plan to follow-up (R-154); the facts that a public page points to."""

    class Form(models.TextChoices):
        DIRECT = "direct", _("direct award")
        FRAMEWORK = "framework", _("call-off from a framework agreement")
        SIMPLIFIED = "simplified", _("simplified procedure")
        OPEN = "open", _("open procedure")

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        EVALUATION = "evaluation", _("evaluation")
        LECTURES = "lectures", _("lectures")
        COMMUNICATION = "communication", _("communication support")
        VENUES = "venues", _("venues")
        OTHER = "other", _("other")

    class Phase(models.TextChoices):
        PLANNED = "planned", _("planned")
        ANNOUNCED = "announced", _("announced")
        EVALUATING = "evaluating", _("tenders are being evaluated")
        AWARDED = "awarded", _("award decided")
        CONTRACTED = "contracted", _("contract signed")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="procurements"
    )
    budget_line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="procurements"
    )
    title = models.CharField(_("title"), max_length=160)
    record_number = models.CharField(
        _("record number"), max_length=30, unique=True, validators=[record_number]
    )
    kind = models.CharField(_("what is bought"), max_length=20, choices=Kind)
    form = models.CharField(_("procedure"), max_length=20, choices=Form)
    estimated_value = models.PositiveIntegerField(_("estimated value in kronor"))
    purpose = models.TextField(_("purpose"), max_length=4000)
    contact_unit = models.CharField(_("procuring unit"), max_length=160)
    responsible = models.ForeignKey("people.Role", on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(_("phase"), max_length=12, choices=Phase, default=Phase.PLANNED)
    announced_at = models.DateTimeField(_("announced"), null=True)
    questions_until = models.DateTimeField(_("questions until"))
    tenders_until = models.DateTimeField(_("tenders until"))
    # Only these two, together and after the last day for tenders, open what has been received.
    first_opener = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_opener = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancelled_reason = models.TextField(_("why it was cancelled"), blank=True)
    history = tracked(kept="a procurement is cancelled, never deleted")

    class Meta:
        verbose_name = _("procurement")
        verbose_name_plural = _("procurements")
        ordering = ["-tenders_until", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tenders_until__gt=F("questions_until")),
                name="procurement_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(first_opener=None)
                | Q(second_opener=None)
                | ~Q(first_opener=F("second_opener")),
                name="tenders_opened_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether the public may know of it."""
        return self.announced_at is not None and self.phase != self.Phase.PLANNED

    @property
    def is_decided(self) -> bool:
        """Whether the secrecy of tenders and their evaluation is over."""
        return self.phase in DECIDED


DECIDED = (
    Procurement.Phase.AWARDED,
    Procurement.Phase.CONTRACTED,
    Procurement.Phase.ENDED,
)


class Criterion(PublicIdModel):
    """A requirement, or something that is weighed (R-155)."""

    class Kind(models.TextChoices):
        REQUIREMENT = "requirement", _("requirement")
        WEIGHED = "weighed", _("award criterion")

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="criteria")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.CharField(_("text"), max_length=400)
    weight = models.PositiveSmallIntegerField(_("weight, per cent"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = tracked()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="requirement", weight=None) | Q(kind="weighed", weight__lte=100),
                name="criterion_weight_fits_kind",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Question(PublicIdModel):
    """A supplier's question; it and its answer reach everybody at the same moment, or nobody."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="questions")
    received_at = models.DateTimeField(_("received"))
    # Never shown in public: who asks is not to be known by those who compete.
    asked_by = models.CharField(_("who asks"), max_length=160)
    text = models.TextField(_("question"), max_length=4000)
    answer = models.TextField(_("answer"), max_length=8000, blank=True)
    answered_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(answer=""), name="published_question_answered"
            )
        ]

    def __str__(self) -> str:
        return f"question {self.public_id}"


class Opening(PublicIdModel):
    """Two named people opening the tenders together; the first waits for the second."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="openings")
    begun_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"))
    joined_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    joined_at = models.DateTimeField(_("opened"), null=True)
    history = tracked(kept="who opened tenders, and when, is never taken away")

    class Meta:
        verbose_name = _("opening of tenders")
        verbose_name_plural = _("openings of tenders")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(joined_by=None) | ~Q(joined_by=F("begun_by")),
                name="opening_takes_two",
            ),
            models.UniqueConstraint(
                fields=["procurement"],
                condition=Q(joined_at__isnull=False),
                name="tenders_opened_once",
            ),
        ]

    def __str__(self) -> str:
        return f"opening {self.public_id}"


class Tender(PublicIdModel):
    """What a supplier sent, encrypted and unread until it is opened (OSL 19:3)."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="tenders")
    number = models.PositiveSmallIntegerField(_("number"))
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # Supplier, file name and type, encrypted as one: who competes is secret as well.
    sealed_facts = models.BinaryField(_("who and what"))
    path = models.CharField(_("place in the store"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    opening = models.ForeignKey(
        Opening, on_delete=models.PROTECT, null=True, related_name="tenders"
    )
    history = tracked(
        secret=["sealed_facts", "path"], kept="a received tender stays, opened or not"
    )

    class Meta:
        verbose_name = _("tender")
        verbose_name_plural = _("tenders")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["procurement", "number"], name="tender_number_once")
        ]

    def __str__(self) -> str:
        return f"tender {self.number}"


class Award(PublicIdModel):
    """Who was chosen and why; from here the tenders are no longer secret as such."""

    procurement = models.OneToOneField(Procurement, on_delete=models.PROTECT, related_name="award")
    supplier = models.CharField(_("supplier"), max_length=160)
    organisation_number = models.CharField(
        _("organisation number"), max_length=11, validators=[RegexValidator(r"^\d{6}-\d{4}$")]
    )
    amount = models.PositiveIntegerField(_("kronor"))
    reasons = models.TextField(_("reasons"), max_length=4000)
    decided_on = models.DateField(_("decided"))
    decided_by = models.CharField(_("who decided"), max_length=160)
    standstill_until = models.DateField(_("last day of the standstill"))
    tenders_received = models.PositiveSmallIntegerField(_("tenders received"))
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    history = tracked(kept="an award decision stays")

    class Meta:
        verbose_name = _("award decision")
        verbose_name_plural = _("award decisions")

    def __str__(self) -> str:
        return f"award {self.public_id}"


class Contract(PublicIdModel):
    """An agreement with the chosen supplier, and how much may be called off."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="contracts")
    supplier = models.CharField(_("supplier"), max_length=160)
    record_number = models.CharField(
        _("record number"), max_length=30, validators=[record_number], unique=True
    )
    ceiling = models.PositiveIntegerField(_("ceiling in kronor"))
    signed_on = models.DateField(_("signed"))
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    history = tracked(kept="a contract ends, it is never deleted")

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["signed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="contract_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_number} {self.supplier}"


class CallOff(PublicIdModel):
    """Something ordered under a contract; counts against its ceiling and the budget line."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="call_offs")
    what = models.CharField(_("what is ordered"), max_length=200)
    amount = models.PositiveIntegerField(_("kronor"))
    ordered_on = models.DateField(_("ordered"))
    # So that each lecture's cost stands against the line it is bought with.
    lecture = models.ForeignKey(
        "programme.Lecture",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="call_offs",
        verbose_name=_("lecture"),
    )
    # Named when the sum passes the ceiling or the budget line.
    decision = models.CharField(_("decision"), max_length=160, blank=True)
    ordered_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    history = tracked(kept="a call-off is cancelled, never deleted")

    class Meta:
        verbose_name = _("call-off")
        verbose_name_plural = _("call-offs")
        ordering = ["ordered_on", "pk"]

    def __str__(self) -> str:
        return self.what


class FollowUp(PublicIdModel):
    """How a delivery was (R-156), with the occasion it was about."""

    class Result(models.TextChoices):
        AS_AGREED = "as_agreed", _("as agreed")
        DEVIATION = "deviation", _("deviation")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="follow_ups")
    occasion = models.ForeignKey(
        "programme.Occasion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on = models.DateField(_("day"))
    result = models.CharField(_("result"), max_length=12, choices=Result)
    note = models.TextField(_("note"), max_length=2000)
    noted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    history = tracked()

    class Meta:
        verbose_name = _("contract follow-up")
        verbose_name_plural = _("contract follow-ups")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"follow-up {self.public_id}"
