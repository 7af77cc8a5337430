"""Cases, the work that waits in them, and the decisions taken."""

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.triggers import AlwaysTrigger
from workflows import access

if TYPE_CHECKING:
    from people.models import User


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases in domain words."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The cases that the user may know of; see :func:`workflows.access.visible`."""
        return self.filter(access.visible(user))

    def open(self) -> Self:
        """Those that still wait for a decision or for answers."""
        return self.filter(state__in=[Case.State.WAITING, Case.State.RETURNED])


class Case(models.Model):
    """One matter that runs through one version of a workflow."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a decision")
        RETURNED = "returned", _("returned with questions")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", _("lapsed")

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    # A kind that a room above has registered, see workflows.kinds.
    kind = models.CharField(_("kind"), max_length=40)
    version = models.ForeignKey(
        "workflows.WorkflowVersion", on_delete=models.PROTECT, related_name="cases"
    )
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="cases"
    )
    initiator = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="cases_started"
    )
    # The person the case is about, who never decides in it.
    concerns = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    # What conditions may ask about; replaced when a returned case is completed. Answers lie
    # here too, so history keeps the digest alone: what is erased here is erased.
    data = models.JSONField(default=dict)
    data_digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=State)
    # Counts up when a returned case comes back, so a step can be decided again.
    round = models.PositiveSmallIntegerField(default=1)
    # Counts up when material data changes, so that approvals of the old data hold no more.
    era = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects = CaseQuerySet.as_manager()
    history = tracked(secret=["data"])

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["kind", "state"], name="case_kind_state")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("workflows:case", args=[self.reference])

    @property
    def is_open(self) -> bool:
        """Whether the case still waits for a decision or for answers."""
        return self.state in (Case.State.WAITING, Case.State.RETURNED)


class CaseCounter(models.Model):
    """The last number given in a series, such as N-2026; its row lock makes the series dense."""

    series = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("case counter")
        verbose_name_plural = _("case counters")

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class WorkItem(models.Model):
    """A step that waits now: what inboxes list. Derived from the case, kept for speed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_items")
    round = models.PositiveSmallIntegerField()
    step_key = models.CharField(max_length=60)
    step_name = models.CharField(max_length=120)
    # Who decides: the nearest holders of the role, from this organisation upwards.
    # It is the case's own unit, or the level above when the unit's only holders
    # may not decide because they started the case or it is about them.
    role = models.ForeignKey("people.Role", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    # How many approvals the step needed when it began to wait.
    needed = models.PositiveSmallIntegerField(default=1)
    # Someone else whom the step has been handed to, who then decides instead.
    assigned_to = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Who may decide too since the step became late.
    escalated_role = models.ForeignKey(
        "people.Role", on_delete=models.PROTECT, null=True, related_name="+"
    )
    escalated_organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_on = models.DateField(_("due"))
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "step_key"], name="work_item_once_a_round"
            )
        ]
        indexes = [
            models.Index(
                fields=["role", "organisation", "due_on"],
                condition=Q(closed_at__isnull=True),
                name="work_item_open",
            ),
            models.Index(
                fields=["due_on", "case"],
                condition=Q(closed_at__isnull=True),
                name="work_item_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step_key}"


class Decision(models.Model):
    """A verdict on a step: written once, never changed, only followed by another."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approve")
        RETURN = "return", _("return with questions")
        DECLINE = "decline", _("decline")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    # The case's era when this was decided; see Case.era.
    era = models.PositiveSmallIntegerField(default=1)
    step_key = models.CharField(max_length=60)
    # 0 for a step that one person decides; 1, 2, … where several must.
    seat = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    actor = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="decisions")
    actor_name = models.CharField(max_length=160)
    # The role the actor held then, in words, so the trace needs no later look-up.
    held_role = models.CharField(max_length=160)
    # On whose behalf a deputy decided; then the role is this person's.
    for_user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="decisions_by_deputies"
    )
    for_name = models.CharField(max_length=160, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # Field keys that a return asks about.
    asked_fields = models.JSONField(default=list)
    # The initiator already held the step's role: the submission itself met the step.
    by_submission = models.BooleanField(default=False)
    data_digest = models.CharField(max_length=64)
    decided_at = models.DateTimeField(_("decided"))
    history = tracked()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "step_key", "seat"], name="decision_once_a_seat"
            ),
            models.UniqueConstraint(
                fields=["case", "round", "step_key", "actor"], name="decision_once_an_actor"
            ),
            # Nobody approves the same data twice in a case, whatever roles they hold.
            models.UniqueConstraint(
                fields=["case", "era", "actor"],
                condition=Q(verdict="approve", by_submission=False),
                name="decision_approves_once",
            ),
        ]
        triggers = [
            AlwaysTrigger(
                name="final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                function="audit_refuse",
                arguments=["a decision is followed by another, never changed"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step_key} {self.verdict}"


class StepEvent(models.Model):
    """Something that happened to a waiting step besides a decision; written once."""

    class Kind(models.TextChoices):
        REMINDED = "reminded", _("reminded")
        ESCALATED = "escalated", _("escalated")
        LAPSED = "lapsed", _("lapsed")
        OFFICE_TOLD = "office_told", _("the project office was told")
        REASSIGNED = "reassigned", _("handed over")
        MOVED = "moved", _("moved to another version")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="step_events")
    round = models.PositiveSmallIntegerField()
    step_key = models.CharField(max_length=60)
    step_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    # To whom it was handed, or which role was called in, in words.
    to_user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_words = models.CharField(max_length=160, blank=True)
    by_name = models.CharField(max_length=160, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    history = tracked()

    class Meta:
        verbose_name = _("event of a step")
        verbose_name_plural = _("events of steps")
        ordering = ["at", "pk"]
        constraints = [
            # However often the clock's job runs.
            models.UniqueConstraint(
                fields=["case", "round", "step_key", "kind"],
                condition=Q(kind__in=["reminded", "escalated", "lapsed", "office_told"]),
                name="step_event_once",
            )
        ]
        triggers = [
            AlwaysTrigger(
                name="final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                function="audit_refuse",
                arguments=["what has happened to a step is never changed"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step_key} {self.kind}"
