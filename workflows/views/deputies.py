"""Who acts for me, for whom I act, and appointing or ending a deputy."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.access import held_by
from people.models import Capability, User
from workflows import deputies as reads
from workflows.actions import delegation as actions
from workflows.errors import CannotDelegate
from workflows.models import Delegation
from workflows.people_forms import DeputyForm, EndForm


@login_required
@require_safe
def deputies(request: HttpRequest) -> HttpResponse:
    """My deputies and those I am deputy for; administrators see everybody's."""
    user = cast(User, request.user)
    administers = held_by(user).can(Capability.MANAGE_ACCOUNTS)
    context = {
        "mine": reads.lines(Delegation.objects.filter(giver=user)),
        "others": reads.lines(Delegation.objects.filter(deputy=user)),
        "everybody": reads.lines(reads.current().exclude(giver=user).exclude(deputy=user))
        if administers
        else (),
        "administers": administers,
        "may_appoint": bool(held_by(user).roles),
    }
    return render(request, "workflows/deputies.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_deputy(request: HttpRequest) -> HttpResponse:
    """Find the deputy by name, then say when, where and why."""
    user = cast(User, request.user)
    giver = _giver(request, user)
    chosen = reads.account(request.GET.get("ersattare", ""))
    text = request.GET.get("q", "").strip()[:80]
    context = {"giver": giver, "own": giver == user, "chosen": chosen, "q": text}
    if giver is None or chosen is None:
        besides = {user.pk} | ({giver.pk} if giver else set())
        people, more = reads.accounts_named(text, besides)
        return render(
            request, "workflows/deputy_search.html", {**context, "people": people, "more": more}
        )
    form = DeputyForm(
        request.POST if request.method == "POST" else None,
        organisations=[pk for _key, pk, _name in held_by(giver).roles],
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.add(giver=giver, deputy=chosen, actor=user, **form.cleaned_data)
        except CannotDelegate as error:
            form.add_error(error.field, str(error.message))
        else:
            name = chosen.get_full_name()
            messages.success(
                request, _("%(name)s is appointed and has been told.") % {"name": name}
            )
            return redirect("workflows:deputies")
    status = 422 if form.errors else 200
    return render(request, "workflows/deputy_new.html", {**context, "form": form}, status=status)


def _giver(request: HttpRequest, user: User) -> User | None:
    """For whom: oneself, or for an administrator someone else; none when yet to be found."""
    named = request.GET.get("for", "")
    if not named:
        if not held_by(user).roles:
            raise Http404
        return user
    if not held_by(user).can(Capability.MANAGE_ACCOUNTS):
        raise Http404
    return reads.account(named)


@login_required
@require_http_methods(["GET", "POST"])
def end_deputy(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a deputy's time, after a confirmation."""
    user = cast(User, request.user)
    found = Delegation.objects.select_related("giver", "deputy", "organisation")
    delegation = get_object_or_404(found, public_id=public_id.replace("\x00", ""))
    if not actions.may_end(user, delegation):
        raise Http404
    asks = user.pk not in (delegation.giver_id, delegation.deputy_id)
    form = EndForm(request.POST if request.method == "POST" else None, reason=asks)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(delegation_id=delegation.pk, actor=user, **form.cleaned_data)
        except CannotDelegate as error:
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("The time as deputy has ended. Both have been told."))
        return redirect("workflows:deputies")
    context = {"form": form, "line": reads.line(delegation), "delegation": delegation}
    status = 422 if form.errors else 200
    return render(request, "workflows/deputy_end.html", context, status=status)
