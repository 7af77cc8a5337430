"""Digital lectures: what they are about, their recordings, who followed and what was asked."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from core.models import PublicIdModel


class Principle(models.TextChoices):
    """The three horizontal principles, which are the themes of the lectures (R-092)."""

    EQUALITY = "equality", _("Gender equality")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    NON_DISCRIMINATION = "non_discrimination", _("Non-discrimination")


class LectureTag(models.Model):
    """Whom or which service a lecture is about; staff add more (R-093)."""

    class Kind(models.TextChoices):
        TARGET_GROUP = "group", _("target group")
        SERVICE_AREA = "area", _("service area")

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="lecture_tags"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)
    history = tracked()

    class Meta:
        verbose_name = _("lecture tag")
        verbose_name_plural = _("lecture tags")
        ordering = ["kind", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "name"], name="lecture_tag_once")
        ]

    def __str__(self) -> str:
        return self.name


class LectureQuerySet(models.QuerySet["Lecture"]):
    """Lectures in domain words."""

    def open(self) -> Self:
        """Those that participants can follow."""
        return self.filter(state=Lecture.State.OPEN)


class Lecture(PublicIdModel):
    """One lecture, followed live, recorded or both; its learning unit is reached once (R-090, R-091).

    The unit carries title, description, modules and materials; the lecture what is its own.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open to participants")
        CLOSED = "closed", _("closed")

    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.PROTECT, related_name="lectures"
    )
    unit = models.OneToOneField(
        "programme.LearningUnit", on_delete=models.PROTECT, related_name="lecture"
    )
    summary = models.CharField(_("summary"), max_length=300)
    # Role and organisation, never a name: who it is may change, what is taught stays.
    lecturer = models.CharField(_("lecturer's role and organisation"), max_length=160)
    # For whom, in words; registration has the rules.
    invited = models.CharField(_("who is invited"), max_length=200)
    principles = ArrayField(
        models.CharField(max_length=20, choices=Principle), verbose_name=_("themes"), default=list
    )
    tags = models.ManyToManyField(
        LectureTag, blank=True, related_name="lectures", verbose_name=_("tags")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    opened_at = models.DateTimeField(_("opened"), null=True)

    objects = LectureQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("lecture")
        verbose_name_plural = _("lectures")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.unit.title


class Recording(PublicIdModel):
    """A recorded lecture: the file, and what makes it usable for everyone.

    At most one of a lecture is in use. One that is withdrawn is kept with all that was followed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_USE = "in_use", _("in use")
        WITHDRAWN = "withdrawn", _("withdrawn")

    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="recordings")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # In the private storage: no address leads there but the view that asks who is asking.
    path = models.CharField(max_length=200, editable=False)
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=40, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    # Read from the file itself; what a browser says of it is never believed.
    milliseconds = models.PositiveIntegerField(_("length"), editable=False)
    captions = models.TextField(_("captions"), blank=True)
    transcript = models.TextField(_("transcript"), blank=True)
    # [second, title], in order.
    chapters = models.JSONField(_("chapters"), default=list, blank=True)
    published_at = models.DateTimeField(_("published"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    history = tracked()

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lecture"], condition=Q(state="in_use"), name="one_recording_in_use"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_use") | ~(Q(captions="") | Q(transcript="")),
                name="recording_in_use_is_captioned",
            ),
            models.CheckConstraint(condition=Q(milliseconds__gt=0), name="recording_has_length"),
        ]

    def __str__(self) -> str:
        return f"recording {self.public_id}"


class Viewing(models.Model):
    """What one person has watched of one recording so far; written every few seconds.

    All times are whole milliseconds. `watched` is a set of parts of the recording, and
    `times` is when, by the server's clock, something was watched for the first time.
    """

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="viewings")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="viewings")
    watched = models.JSONField(default=list)
    times = models.JSONField(default=list)
    # Of the last minutes: moments that are claimed already, so that none is claimed twice.
    clock = models.JSONField(default=list)
    # The last beacon of each page that is open, so that a repeated one changes nothing.
    pages = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    # Per cent of ordinary speed, the fastest so far.
    fastest = models.PositiveSmallIntegerField(default=100)
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("viewing")
        verbose_name_plural = _("viewings")
        constraints = [
            models.UniqueConstraint(fields=["recording", "person"], name="one_viewing_each")
        ]

    def __str__(self) -> str:
        return f"viewing {self.recording_id} {self.person_id}"


class Followed(PublicIdModel):
    """That a person has watched enough of a recording, with what was measured then."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="followed")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="followed")
    reached_at = models.DateTimeField(_("reached"))
    watched_seconds = models.PositiveIntegerField(_("seconds watched"))
    length_seconds = models.PositiveIntegerField(_("length in seconds"))
    threshold_percent = models.PositiveSmallIntegerField(_("threshold, per cent"))
    fastest = models.PositiveSmallIntegerField(_("fastest speed, per cent"))
    watched = models.JSONField(_("parts watched"), default=list)
    history = tracked()

    class Meta:
        verbose_name = _("followed recording")
        verbose_name_plural = _("followed recordings")
        constraints = [
            models.UniqueConstraint(fields=["recording", "person"], name="followed_once")
        ]

    def __str__(self) -> str:
        return f"followed {self.public_id}"


class Reflection(models.Model):
    """A participant's own words about a lecture, read by nobody else."""

    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="reflections")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="reflections"
    )
    text = models.TextField(_("text"), blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    history = tracked(secret=["text"])

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        constraints = [
            models.UniqueConstraint(fields=["lecture", "person"], name="one_reflection_each")
        ]

    def __str__(self) -> str:
        return f"reflection {self.pk}"


class LectureQuestion(PublicIdModel):
    """A question to the lecturer, before or after; shown to all without a name once answered."""

    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="questions")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="lecture_questions"
    )
    text = models.CharField(_("question"), max_length=600)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    history = tracked()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"question {self.public_id}"


class EvaluationCount(models.Model):
    """How many gave an answer: answers are added up and never kept one by one.

    `shown` follows `number` a few answers at a time, so that nobody can see what the last one said.
    """

    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="evaluation")
    question = models.CharField(max_length=20)
    answer = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.UniqueConstraint(
                fields=["lecture", "question", "answer"], name="evaluation_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"


class EvaluationGiven(models.Model):
    """That a person has answered, and nothing of what or when; the key tells no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("evaluation given")
        verbose_name_plural = _("evaluations given")
        constraints = [
            models.UniqueConstraint(fields=["lecture", "person"], name="evaluation_given_once")
        ]

    def __str__(self) -> str:
        return f"evaluation {self.pk}"
