"""Persons, whether or not they have an account, and the vault of their identities."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel
from people.ordering import by_name


class Sex(models.TextChoices):
    """Three values, as regulation (EU) 2021/1057 annex I counts participants."""

    WOMAN = "woman", _("woman")
    MAN = "man", _("man")
    NON_BINARY = "non_binary", _("non-binary")


def employed_on(day: datetime.date, path: str = "") -> Q:
    """Rows whose person is still employed on the day, which may be the last one.

    :param path: the path to the person, such as ``person__``; empty when the rows are persons.
    """
    return Q(**{f"{path}last_day": None}) | Q(**{f"{path}last_day__gte": day})


class Person(PublicIdModel):
    """An employee: may be nominated before anyone has given them an account."""

    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = models.EmailField(_("work e-mail"), blank=True)
    unit = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="persons"
    )
    job_role = models.CharField(_("job role"), max_length=80, blank=True)
    is_manager = models.BooleanField(_("manager"), default=False)
    sex = models.CharField(_("sex"), max_length=12, choices=Sex, blank=True)
    publicly_employed = models.BooleanField(_("employed by the city"), default=True)
    protected = models.BooleanField(_("protected identity"), default=False)
    # The last day of employment in the social services; nothing while it goes on.
    last_day = models.DateField(_("last day of employment"), null=True, blank=True)
    user = models.OneToOneField(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )

    # Written down at an occasion before anyone knew who it was; merged when that is known.
    temporary = models.BooleanField(_("temporary"), default=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    history = tracked()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = [*by_name()]
        constraints = [
            # Whoever is only a name is not known to be employed, so their hours are no money.
            models.CheckConstraint(
                condition=Q(temporary=False) | Q(publicly_employed=False),
                name="person_by_name_not_known_employed",
            )
        ]

    def __str__(self) -> str:
        # Never the name: a template or a log that prints a person by accident
        # must not uncover someone with a protected identity.
        return f"person {self.public_id}"

    def has_left(self, on: datetime.date) -> bool:
        """Whether the employment has ended before the day."""
        return self.last_day is not None and self.last_day < on


class Identity(models.Model):
    """The vault: the only place where a personal identity number is kept."""

    class Kind(models.TextChoices):
        PERSONNUMMER = "personnummer", _("personal identity number")
        SAMORDNINGSNUMMER = "samordningsnummer", _("co-ordination number")

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="identity")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    ciphertext = models.BinaryField(editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)

    history = tracked(secret=["ciphertext", "digest"])

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return f"identity of {self.person_id}"
