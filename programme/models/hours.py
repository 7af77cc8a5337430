"""How hours are counted, and what was counted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.triggers import fixed, needs_operation
from core.models import PublicIdModel, new_public_id


class HourRules(PublicIdModel):
    """How minutes become hours, from a date on, with the decision behind it.

    The rule set of an occasion's own day counts, so a new one never changes old hours.
    """

    class Rounding(models.TextChoices):
        NONE = "none", _("to the minute")
        DOWN = "down", _("down")
        NEAREST = "nearest", _("to the nearest")

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="hour_rules"
    )
    valid_from = models.DateField(_("valid from"))
    decision = models.CharField(_("decision"), max_length=120)
    # Breaks are paid working time but not training; whether they count is a decision.
    breaks_count = models.BooleanField(_("breaks count"), default=False)
    # Minutes after the start, or before the end, that are not deducted.
    late_minutes_forgiven = models.PositiveSmallIntegerField(
        _("minutes late that are not deducted"), default=0
    )
    # Gaps this short between two segments are a lost connection, not an absence.
    gap_minutes_forgiven = models.PositiveSmallIntegerField(
        _("minutes away that are not deducted"), default=0
    )
    # A mark of presence without times, or a check-in without a check-out.
    mark_counts_whole = models.BooleanField(
        _("present without times counts the whole occasion"), default=True
    )
    open_end_counts = models.BooleanField(_("no check-out counts until the end"), default=False)
    rounding = models.CharField(
        _("rounding for each occasion"), max_length=8, choices=Rounding, default=Rounding.NONE
    )
    rounding_minutes = models.PositiveSmallIntegerField(_("rounded to minutes"), default=15)
    # Of the month's sum in the report: an older rule of the ESF council was whole hours, down.
    month_rounding = models.CharField(
        _("rounding of the month"), max_length=8, choices=Rounding, default=Rounding.NONE
    )
    month_rounding_minutes = models.PositiveSmallIntegerField(
        _("month rounded to minutes"), default=60
    )
    most_minutes_a_day = models.PositiveSmallIntegerField(
        _("most minutes a person and day"), default=600
    )
    history = tracked()

    class Meta:
        verbose_name = _("rules for hours")
        verbose_name_plural = _("rules for hours")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "valid_from"], name="hour_rules_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(rounding_minutes__gte=1, month_rounding_minutes__gte=1),
                name="rounding_to_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"


ADDED_TO = "counted time is added to, and only stands back"


class CountedTime(PublicIdModel):
    """Minutes counted for one person at one occasion; a recalculation adds a row.

    Only `current` ever changes, from true to false, when a newer row replaces it. History
    and events do not repeat that: it follows from the rows, the newest of an occasion and a
    person stands, unless the person was merged into another. `hours.health` asks whether it
    still does.
    """

    # Twenty thousand rows may be written at once, so only what rows are looked up by has an
    # index, and mostly only while the row stands. A unique column would get a second index,
    # for searches by how the reference begins; the constraint below has one.
    public_id = models.CharField(max_length=12, default=new_public_id, editable=False)
    occasion = models.ForeignKey(
        "programme.Occasion",
        on_delete=models.PROTECT,
        related_name="counted",
        db_index=False,
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="counted")
    participation = models.ForeignKey(
        "programme.Participation",
        on_delete=models.PROTECT,
        null=True,
        related_name="counted",
        db_index=False,
    )
    # The occasion's day in Stockholm: decides month, rate and rule set.
    day = models.DateField(_("day"))
    rules = models.ForeignKey(HourRules, on_delete=models.PROTECT, related_name="+", db_index=False)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    # Every step from the segments to the minutes, as data that the page words.
    explanation = models.JSONField(default=list)
    # Of everything that went in: the same digest means that nothing needs to be counted anew.
    inputs_digest = models.CharField(max_length=64)
    current = models.BooleanField(default=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    counted_at = models.DateTimeField(_("counted"), auto_now_add=True)
    # A recalculation writes everybody's rows in two statements.
    history = tracked(
        kept=ADDED_TO,
        exclude=("current",),
        by_statement=True,
        unindexed=("public_id", "occasion", "person", "participation", "rules", "history_date"),
    )

    class Meta:
        verbose_name = _("counted time")
        verbose_name_plural = _("counted times")
        triggers = [
            fixed(
                "public_id",
                "occasion_id",
                "person_id",
                "participation_id",
                "day",
                "rules_id",
                "minutes",
                "planned_minutes",
                "explanation",
                "inputs_digest",
                "reason",
                "counted_at",
                reason=ADDED_TO,
            ),
            needs_operation(),
        ]
        indexes = [
            models.Index(fields=["day", "person"], condition=Q(current=True), name="counted_month"),
            models.Index(
                fields=["participation"],
                condition=Q(current=True),
                name="counted_participation",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="counted_reference"),
            models.UniqueConstraint(
                fields=["occasion", "person"],
                condition=Q(current=True),
                name="one_counted_time",
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=models.F("planned_minutes")),
                name="counted_within_the_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"counted {self.public_id}"
