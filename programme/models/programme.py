"""A programme as data, so that a second ESF project needs no code."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Programme(PublicIdModel):
    """One ESF project with the listing data that the public page must show (R-008, R-009)."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    record_number = models.CharField(
        _("record number"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{2}-\d{3}-S\d{2}$")],
    )
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    budget_date = models.DateField(_("date of the budget"))
    fund = models.CharField(_("fund"), max_length=20)
    cci = models.CharField(_("programme CCI"), max_length=20)
    programme_area = models.CharField(_("programme area"), max_length=10)
    specific_objective = models.CharField(_("specific objective"), max_length=10)
    region = models.CharField(_("region"), max_length=40)
    nuts2 = models.CharField(_("NUTS 2"), max_length=10)
    country = models.CharField(_("country"), max_length=40)
    intervention_type = models.CharField(_("type of intervention"), max_length=10)
    union_rate_percent = models.DecimalField(
        _("Union co-financing rate, per cent"), max_digits=5, decimal_places=2
    )
    owner = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Goals and indicators as text until reports/ computes them.
    goals = models.JSONField(default=list)
    indicators = models.JSONField(default=list)
    history = tracked()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A kind of participant with its planned numbers; key functions are a flag, not a category."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="categories")
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    planned_persons = models.PositiveIntegerField(_("planned persons"))
    planned_hours_each = models.PositiveIntegerField(_("planned hours for each"))
    is_manager = models.BooleanField(_("managers"), default=False)
    history = tracked()

    class Meta:
        verbose_name = _("participant category")
        verbose_name_plural = _("participant categories")
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="category_key_once")
        ]

    def __str__(self) -> str:
        return self.name


class CategoryPlan(PublicIdModel):
    """Other planned numbers for a category from a day on, after a decided change.

    Until the first of them the application's own numbers, in `Category`, are the plan.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="plans")
    planned_persons = models.PositiveIntegerField(_("planned persons"))
    planned_hours_each = models.PositiveIntegerField(_("planned hours for each"))
    valid_from = models.DateField(_("valid from"))
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("plan of a category")
        verbose_name_plural = _("plans of categories")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "valid_from"], name="category_plan_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.valid_from}"


class Rate(models.Model):
    """An amount in kronor an hour from a date on, with the decision it rests on."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rates")
    kind = models.SlugField(_("kind"), max_length=40)
    amount = models.DecimalField(_("kronor an hour"), max_digits=10, decimal_places=2)
    valid_from = models.DateField(_("valid from"))
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "valid_from"], name="rate_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Setting(models.Model):
    """A limit or target that staff change: a value from a date on, with its decision."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="settings")
    # Known keys and their meaning are listed in programme.settings_catalogue.
    key = models.SlugField(_("key"), max_length=60)
    value = models.JSONField(_("value"))
    valid_from = models.DateField(_("valid from"))
    decision = models.CharField(_("decision"), max_length=120)
    history = tracked()

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "key", "valid_from"], name="setting_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.key
