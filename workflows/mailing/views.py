"""Pages about messages: texts, the plan, drafts to many, rules by the clock, one's own wishes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.models import User
from workflows import delivery
from workflows.mailing import access, actions, foreseen, timing, words
from workflows.mailing.audiences import Audience, all_audiences, audience_named
from workflows.mailing.forms import PlanForm, RuleForm, TextForm, WishForm
from workflows.mailing.kinds import MessageKind, kind_named
from workflows.mailing.queries import text_areas
from workflows.models import Message, MessagePlan, MessagePreference, MessageRule, MessageText


def wording(request: HttpRequest) -> User:
    """Whoever words messages; to others the page does not exist."""
    user = cast(User, request.user)
    if not access.may_word(user):
        raise Http404
    return user


def sending(request: HttpRequest) -> User:
    """Whoever writes to many; to others the page does not exist."""
    user = cast(User, request.user)
    if not access.may_send(user):
        raise Http404
    return user


@login_required
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind of message with its words, and the plan that holds."""
    user = wording(request)
    context = {
        "areas": text_areas(),
        "plan": timing.plan_on(timezone.localdate()),
        "may_send": access.may_send(user),
    }
    return render(request, "workflows/messages/texts.html", context)


def _kind(key: str) -> MessageKind:
    kind = kind_named(key)
    if kind is None or not kind.may_be_worded:
        raise Http404
    return kind


@login_required
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, kind: str) -> HttpResponse:
    """Word one kind of message: look at it as a reader would, then save."""
    user = wording(request)
    found = _kind(kind)
    now = words.newest(found.key)
    first = {"subject": str(found.subject), "body": str(found.body)}
    current = {"subject": now.subject, "body": now.body} if now else first
    looking = request.POST.get("action") == "preview"
    form = TextForm(request.POST or None, kind=found, initial=current)
    # Why is asked of whoever saves.
    form.fields["reason"].required = not looking
    shown = words.Words(current["subject"], current["body"])
    if form.is_valid():
        shown = words.Words(form.cleaned_data["subject"], form.cleaned_data["body"])
        if not looking:
            actions.word(kind=found.key, actor=user, **form.cleaned_data)
            messages.success(request, _("The words are saved. They are used from now on."))
            return redirect("workflows:message_texts")
    context = {
        "kind": found,
        "form": form,
        "preview": _rendered(found, shown, user),
        "versions": MessageText.objects.filter(kind=found.key).select_related("written_by")[:20],
        "first": first,
    }
    status = 422 if form.errors else 200
    return render(request, "workflows/messages/text.html", context, status=status)


def _rendered(kind: MessageKind, shown: words.Words, user: User) -> delivery.Rendered:
    """The mail as the looker would get it, with samples for the placeholders."""
    filled = words.filled(shown.subject, shown.body, words.samples(kind))
    return delivery.render(Message(recipient=user, subject=filled.subject, body=filled.body))


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The hours that are quiet, now and to come, and a new plan from a day on."""
    user = wording(request)
    rows = MessagePlan.objects.all()
    newest = rows.first()
    copied = {name: getattr(newest, name) for name in PlanForm.Meta.fields} if newest else {}
    initial = {**copied, "valid_from": timezone.localdate(), "decision": ""}
    form = PlanForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.plan(actor=user, **form.cleaned_data)
        messages.success(request, _("The plan is saved and holds from the day you chose."))
        return redirect("workflows:message_plan")
    current = timing.plan_on(timezone.localdate())
    context = {
        "rows": [row for row in rows if current is None or row.pk != current.pk],
        "current": current,
        "form": form,
        "may_send": access.may_send(user),
    }
    status = 422 if form.errors else 200
    return render(request, "workflows/messages/plan.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """How the signed-in person wants messages that can wait."""
    user = cast(User, request.user)
    now = MessagePreference.objects.filter(user=user).first()
    pace = now.pace if now else MessagePreference.Pace.DAILY
    form = WishForm(request.POST or None, initial={"pace": pace})
    if form.is_valid():
        actions.wish(user=user, pace=form.cleaned_data["pace"])
        messages.success(request, _("Your choice is saved."))
        return redirect("workflows:message_wishes")
    context = {"form": form, "plan": timing.plan_on(timezone.localdate())}
    status = 422 if form.errors else 200
    return render(request, "workflows/messages/wishes.html", context, status=status)


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules by the clock: in use, and ended."""
    sending(request)
    rows = MessageRule.objects.select_related("created_by")
    context = {
        "in_use": [(row, audience_named(row.audience)) for row in rows.in_use()],
        "ended": rows.exclude(ended_at=None).order_by("-ended_at")[:20],
        "audiences": all_audiences(dated=True),
    }
    return render(request, "workflows/messages/rules.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest, audience: str) -> HttpResponse:
    """Make a rule for an audience that is about something dated."""
    user = sending(request)
    found = audience_named(audience)
    if found is None or not found.dated:
        raise Http404
    form = RuleForm(request.POST or None, placeholders=found.placeholders)
    context: dict[str, object] = {"form": form, "audience": found}
    if form.is_valid():
        if "look" not in request.POST:
            actions.add_rule(actor=user, audience=found.key, **form.cleaned_data)
            messages.success(request, _("The rule is in use. What was due before now is not sent."))
            return redirect("workflows:message_rules")
        context |= _foreseen(found, form.cleaned_data, user)
    status = 422 if form.errors else 200
    return render(request, "workflows/messages/rule.html", context, status=status)


def _foreseen(audience: Audience, values: Mapping[str, object], user: User) -> dict[str, object]:
    """What the rule would send, and the mail as the first reader would get it."""
    found = foreseen.foresee(foreseen.draft_of(audience, values), audience, user, timezone.now())
    if found.first is None or found.words is None:
        return {"foreseen": found}
    message = Message(
        recipient=User(first_name=found.first.first_name),
        subject=found.words.subject,
        body=found.words.body,
        link=found.first.link,
    )
    return {"foreseen": found, "rendered": delivery.render(message)}


@login_required
@require_POST
def end_rule(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a rule out of use."""
    user = sending(request)
    rule = get_object_or_404(MessageRule, public_id=public_id.replace("\x00", ""))
    actions.end_rule(rule_id=rule.pk, actor=user)
    messages.success(request, _("The rule is no longer in use."))
    return redirect("workflows:message_rules")
