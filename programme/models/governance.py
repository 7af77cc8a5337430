"""Who leads and advises the project, by seat and never by name; what is decided, and followed up."""

from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel
from programme.models.procurement import record_number


class BodyKind(models.Model):
    """What sort of body (R-200, R-201): data, since each project has its own order."""

    key = models.SlugField(_("key"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    # Whether it decides; the others advise.
    decides = models.BooleanField(_("decides"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = tracked()

    class Meta:
        verbose_name = _("kind of body")
        verbose_name_plural = _("kinds of bodies")
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.name


class AgendaTopic(models.Model):
    """A matter that returns or must be dealt with, so that it can be recognised on an agenda."""

    key = models.SlugField(_("key"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    # The first meeting of such a body must have it on its agenda.
    first_meeting_of = models.ForeignKey(
        BodyKind, on_delete=models.PROTECT, null=True, blank=True, related_name="first_topics"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = tracked()

    class Meta:
        verbose_name = _("agenda topic")
        verbose_name_plural = _("agenda topics")
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.name


class Body(PublicIdModel):
    """A steering or reference group, or another body of the project."""

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="bodies"
    )
    kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(_("name"), max_length=120)
    # Stands before the numbers of its decisions: SG 2026:3.
    code = models.CharField(_("letters before its decisions' numbers"), max_length=6)
    task = models.TextField(_("what it does"), max_length=2000)
    record_number = models.CharField(
        _("record number"), max_length=30, blank=True, validators=[record_number]
    )
    starts_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    history = tracked(kept="a body stays, so that what it decided is understood")

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["kind__order", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="body_code_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="body_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BodyRules(models.Model):
    """How often a body meets and how many it takes to decide, from a day on, with the decision."""

    class Period(models.IntegerChoices):
        QUARTER = 3, _("quarter")
        TERM = 6, _("term")
        YEAR = 12, _("year")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="rules")
    least_meetings = models.PositiveSmallIntegerField(_("least meetings"), default=1)
    # Months that a period is long, counted from the beginning of the year.
    period_months = models.PositiveSmallIntegerField(
        _("in each"), choices=Period, default=Period.TERM
    )
    # Months after the project's start; none where nothing is said of the first meeting.
    first_within_months = models.PositiveSmallIntegerField(
        _("months until the first meeting"), null=True, blank=True
    )
    quorum = models.PositiveSmallIntegerField(_("members with a vote needed to decide"), default=0)
    valid_from = models.DateField(_("valid from"))
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("rules of a body")
        verbose_name_plural = _("rules of bodies")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["body", "valid_from"], name="body_rules_once_a_day"),
            models.CheckConstraint(
                condition=Q(period_months__in=[3, 6, 12]), name="body_rules_known_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.valid_from}"


class Seat(PublicIdModel):
    """A membership by role and organisation, between two days (R-190 to R-192); nobody is named."""

    class Part(models.TextChoices):
        CHAIR = "chair", _("chair")
        MEMBER = "member", _("member")
        PRESENTER = "presenter", _("presents matters, without a vote")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(_("role"), max_length=120)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # A university, a union or an association, which is not one of the city's organisations.
    outside = models.CharField(_("organisation outside the city"), max_length=120, blank=True)
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.MEMBER)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = tracked(kept="a seat that ends stays, since meetings name it")

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="seat_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) ^ Q(outside=""), name="seat_has_one_organisation"
            ),
            # The id as a range of one value: btree_gist is an extension we do without.
            ExclusionConstraint(
                name="one_chair_at_a_time",
                expressions=[
                    (
                        Func(F("body"), F("body"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(part="chair"),
            ),
        ]

    def __str__(self) -> str:
        return self.role

    @property
    def votes(self) -> bool:
        """Whether it counts towards a quorum and votes: whoever presents does not (R-191)."""
        return self.part != Seat.Part.PRESENTER

    @property
    def place(self) -> str:
        """The organisation's name, inside or outside the city."""
        return self.organisation.name if self.organisation else self.outside


class Meeting(PublicIdModel):
    """A meeting of a body: called, then held or cancelled."""

    class State(models.TextChoices):
        CALLED = "called", _("called")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=160)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CALLED)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    called_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    history = tracked(kept="a meeting is cancelled, never deleted")

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") ^ ~Q(cancelled_because=""),
                name="cancelled_meeting_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.starts_at)} {self.place}"


class AgendaItem(PublicIdModel):
    """One matter of a meeting, in its order."""

    class Purpose(models.TextChoices):
        DECISION = "decision", _("decision")
        DISCUSSION = "discussion", _("discussion")
        INFORMATION = "information", _("information")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("matter"), max_length=160)
    text = models.TextField(_("background"), max_length=4000, blank=True)
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=Purpose, default=Purpose.DISCUSSION
    )
    topic = models.ForeignKey(
        AgendaTopic, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = tracked()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class MeetingAttendance(models.Model):
    """Whether a seat was taken at a meeting: by its holder or a substitute, who is not named."""

    class Presence(models.TextChoices):
        PRESENT = "present", _("present")
        SUBSTITUTE = "substitute", _("substitute")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(_("presence"), max_length=10, choices=Presence)
    history = tracked()

    class Meta:
        verbose_name = _("attendance of a seat")
        verbose_name_plural = _("attendance of seats")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="seat_once_at_a_meeting")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.seat_id} {self.presence}"


#: What a decision is; other words than these first ones take a reason.
SETTLED = (
    "body_id",
    "meeting_id",
    "year",
    "serial",
    "title",
    "text",
    "decided_on",
    "record_number",
    "organisation_id",
    "responsible_id",
    "follow_up_on",
)


def corrected_with_reason() -> pgtrigger.Trigger:
    """What was decided is not rewritten without words: the operation must carry a reason (R-194)."""
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in SETTLED)
    # The result is written once; after that it is as settled as the rest.
    changed += " OR (OLD.result <> '' AND OLD.result IS DISTINCT FROM NEW.result)"
    reason = "nullif(current_setting('audit.operation', true), '')::json ->> 'reason'"
    condition: Any = pgtrigger.Condition(f"(({changed}) AND coalesce({reason}, '') = '')")
    return pgtrigger.Trigger(
        name="decision_corrected_with_reason",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=condition,
        func="RAISE EXCEPTION 'a decision is corrected with a reason' USING ERRCODE = '23514';",
    )


class BodyDecision(PublicIdModel):
    """One row of the decision register (R-194); corrected with a reason, never taken away."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    # The number is the body's letters, the year and the place in it.
    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveSmallIntegerField(_("number of the year"))
    title = models.CharField(_("about"), max_length=160)
    text = models.TextField(_("decision"), max_length=4000)
    decided_on = models.DateField(_("decided"))
    record_number = models.CharField(
        _("record number"), max_length=30, blank=True, validators=[record_number]
    )
    # A manager decides for the own organisation; none means the whole project.
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    responsible = models.ForeignKey(
        "people.Role", on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    follow_up_on = models.DateField(_("followed up by"), null=True, blank=True)
    followed_up_on = models.DateField(_("followed up"), null=True, blank=True)
    result = models.TextField(_("result"), max_length=4000, blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    history = tracked(kept="a decision stays in the register")

    class Meta:
        verbose_name = _("decision of a body")
        verbose_name_plural = _("decisions of bodies")
        ordering = ["-decided_on", "-year", "-serial"]
        triggers = [corrected_with_reason()]
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "serial"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(followed_up_on=None) ^ ~Q(result=""),
                name="followed_up_decision_has_result",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As SG 2026:3. Note: reads self.body."""
        return f"{self.body.code} {self.year}:{self.serial}"
