"""Pages for whoever opens accounts and grants roles; to everybody else they do not exist."""

from functools import wraps
from typing import Protocol

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.pages import paginate
from people import actions
from people.access import NotAllowed, held_by
from people.forms import GrantForm, NewAccountForm, ReasonForm
from people.models import Capability, RoleAssignment, User


class _View(Protocol):
    def __call__(self, request: HttpRequest, **kwargs: str) -> HttpResponse: ...


def _for_administrators(view: _View) -> _View:
    """Answer 404 to those who may not administer accounts: not even that the page exists."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not held_by(request.user).can(Capability.MANAGE_ACCOUNTS):
            raise Http404
        return view(request, **kwargs)

    return guarded


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_GET
@_for_administrators
def accounts(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Everyone with an account, found by name or address."""
    text = request.GET.get("q", "").strip()[:80]
    today = timezone.localdate()
    found = User.objects.order_by("last_name", "first_name", "pk")
    for word in text.split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    held = RoleAssignment.objects.on(today).select_related("role", "organisation")
    page = paginate(
        request.GET.get("page"),
        found.prefetch_related(Prefetch("assignments", queryset=held, to_attr="held_today")),
    )
    return render(request, "people/accounts.html", {"page": page, "q": text})


@require_http_methods(["GET", "POST"])
@_for_administrators
def new_account(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Open an account; its owner chooses the password through the link on the sign-in page."""
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.create_user(actor=_actor(request), **form.cleaned_data)
        except actions.Refused as refusal:
            form.add_error("email", str(refusal.message))
        else:
            messages.success(
                request,
                _("The account is open. Its owner chooses a password on the sign-in page."),
            )
            return redirect("people:account", public_id=user.public_id)
    return render(
        request, "people/new_account.html", {"form": form}, status=422 if form.errors else 200
    )


@require_GET
@_for_administrators
def account(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """One account: its roles now, before and to come."""
    user = _account(kwargs["public_id"])
    return _account_page(request, user, GrantForm(today=timezone.localdate()))


@require_POST
@_for_administrators
def grant(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Grant a role."""
    user = _account(kwargs["public_id"])
    form = GrantForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.assign_role(user=user, actor=_actor(request), **form.cleaned_data)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal.message))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The role is granted."))
            return redirect("people:account", public_id=user.public_id)
    return _account_page(request, user, form, status=422)


@require_http_methods(["GET", "POST"])
@_for_administrators
def end(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """End a role from today."""
    assignment = get_object_or_404(
        RoleAssignment.objects.select_related("user", "role", "organisation"),
        public_id=kwargs["public_id"],
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_role(assignment=assignment, actor=_actor(request), **form.cleaned_data)
        except (actions.Refused, NotAllowed) as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The role has ended."))
            return redirect("people:account", public_id=assignment.user.public_id)
    return render(
        request,
        "people/end_role.html",
        {"form": form, "assignment": assignment},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@_for_administrators
def close(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Close an account: signed out everywhere, roles ended, history kept."""
    user = _account(kwargs["public_id"])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.deactivate_user(user=user, actor=_actor(request), **form.cleaned_data)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The account is closed."))
            return redirect("people:account", public_id=user.public_id)
    return render(
        request,
        "people/close_account.html",
        {"form": form, "shown": user},
        status=422 if form.errors else 200,
    )


def _account(public_id: str) -> User:
    return get_object_or_404(User, public_id=public_id)


def _account_page(
    request: HttpRequest, user: User, form: GrantForm, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    roles = [
        {"assignment": held, "over": held.valid_to is not None and held.valid_to < today}
        for held in user.assignments.select_related("role", "organisation").order_by(
            "-valid_from", "pk"
        )
    ]
    own = user.pk == _actor(request).pk
    context = {"shown": user, "roles": roles, "form": form, "own": own}
    return render(request, "people/account.html", context, status=status)
