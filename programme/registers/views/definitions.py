"""Making and changing registers, for the project office."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from programme.errors import Refused, Stale
from programme.models import Register
from programme.registers import access, defining
from programme.registers.forms import RegisterForm
from programme.registers.views.base import definable, put
from programme.views.base import user_of


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a register."""
    user = user_of(request)
    if not access.may_define(user):
        raise Http404
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = defining.define(facts=form.facts(), actor=user)
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, _("The register is there. Add its first entry."))
            return redirect("registers:register", register=made.key)
    return _page(request, form, None)


@login_required
def change(request: HttpRequest, register: str) -> HttpResponse:
    """Change what a register is; entries and versions stay."""
    user, found = definable(request, register)
    begins = {**defining.plain_of(found), "form": found.form.key, "seen": found.edition}
    form = RegisterForm(request.POST or None, initial=begins)
    if request.method == "POST" and form.is_valid():
        try:
            defining.change(
                register_id=found.pk,
                seen=form.cleaned_data["seen"],
                facts=form.facts(),
                actor=user,
            )
        except Stale:
            found.refresh_from_db()
            # What was written stays; saving again, knowing this, is a choice.
            form.data = {**request.POST.dict(), "seen": str(found.edition)}
            form.add_error(
                None,
                _(
                    "Somebody else has changed the register since you opened the page. Nothing was"
                    " saved and what you wrote is kept below. Open the register in another tab to"
                    " see what it says now; save again to let yours hold."
                ),
            )
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, _("The register is changed."))
            return redirect("registers:register", register=found.key)
    return _page(request, form, found)


def _page(request: HttpRequest, form: RegisterForm, register: Register | None) -> HttpResponse:
    return render(
        request,
        "registers/define.html",
        {"form": form, "register": register},
        status=422 if form.errors else 200,
    )
