"""Base classes for database rows, and the one table that every room may write: long work."""

import secrets
from itertools import product

from django.db import models
from django.utils.translation import gettext_lazy as _

# No vowels and no look-alikes: a reference read aloud on the phone is not
# misheard and never spells a word.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
# Three letters at a time: a recount writes twenty thousand references.
_TRIPLES = ["".join(letters) for letters in product(ALPHABET, repeat=3)]


def new_public_id() -> str:
    """A random public reference (about 57 bits) for addresses.

    Addresses never carry primary keys: those tell how many rows there are and
    invite guessing.
    """
    number = secrets.randbelow(len(ALPHABET) ** 12)
    parts = []
    for _part in range(4):
        number, place = divmod(number, len(_TRIPLES))
        parts.append(_TRIPLES[place])
    return "".join(parts)


class PublicIdModel(models.Model):
    """A row that can stand in an address."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)

    class Meta:
        abstract = True


class Job(PublicIdModel):
    """Long work in the background: how far it has come, and a wish that it stops.

    What the work changes is told by its operations; this row only lets whoever asked
    follow it. It may be thrown away.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to begin")
        RUNNING = "running", _("is being done")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    kind = models.SlugField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=160)
    # A stable id and not a key: this room knows nobody's accounts.
    owner = models.CharField(max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    # Nothing until the work has counted what there is to do.
    total = models.PositiveIntegerField(_("of"), null=True)
    message = models.CharField(_("message"), max_length=300, blank=True)
    # Where its result is looked at.
    link = models.CharField(max_length=200, blank=True)
    stop_asked = models.BooleanField(_("asked to stop"), default=False)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last sign of life"), auto_now=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="job_owner")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total__isnull=True) | models.Q(done__lte=models.F("total")),
                name="job_done_within_total",
            )
        ]

    def __str__(self) -> str:
        return f"job {self.public_id}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (Job.State.DONE, Job.State.STOPPED, Job.State.FAILED)
