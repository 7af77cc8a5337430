"""The contact page, and what comes in through it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from audit.history import tracked
from cms.models.standard import BodyPage
from core.models import PublicIdModel


class ContactPage(BodyPage):
    """How to reach the project, with a form that works without script."""

    told_role = models.ForeignKey(
        "people.Role",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("role that is told"),
        help_text=_("Everyone who holds the role gets a mail when a message has come in."),
    )
    most_an_hour = models.PositiveSmallIntegerField(
        _("messages an hour from one place"),
        default=5,
        help_text=_("More than this from the same network address are refused."),
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days that a message is kept"),
        default=180,
        help_text=_("Then name, address and text are erased. That it came in stays."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("told_role"), FieldPanel("most_an_hour"), FieldPanel("keep_days")],
            _("The form"),
        ),
    ]
    template = "cms/contact.html"
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("contact page")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; or what was sent, kept and answered with a receipt."""
        from cms.contact import receiving

        if request.method == "POST":
            form, message = receiving.take_in(self, request)
            if message is not None:
                return redirect(f"{self.get_url(request)}?mottaget={message.public_id}")
        else:
            form, message = receiving.empty_form(request), None
        context = self.get_context(request, *args, **kwargs)
        context["form"] = form
        context["received"] = receiving.received(request.GET.get("mottaget", ""))
        template = self.get_template(request, *args, **kwargs)
        # Not marked as a public page: it holds a form, and is made anew for each visitor.
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)


class ContactMessage(PublicIdModel):
    """A message from outside: a record of its own and no case."""

    class Subject(models.TextChoices):
        QUESTION = "question", _("A question about the project")
        TRAINING = "training", _("A question about the training or my place")
        ACCESSIBILITY = "accessibility", _("Something on the site that I cannot use")
        VERSION = "version", _("I need something in another form, such as read aloud")
        OTHER = "other", _("Something else")

    subject = models.CharField(_("about"), max_length=14, choices=Subject)
    text = models.TextField(_("message"), max_length=4000, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    keep_until = models.DateField(_("kept until"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    erased_at = models.DateTimeField(_("erased"), null=True)
    # What people write about themselves never enters the history, or erasing it would be in vain.
    history = tracked(secret=["text", "name", "email"])

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(text="", name="", email=""),
                name="erased_message_is_empty",
            )
        ]

    def __str__(self) -> str:
        return f"message {self.public_id}"
