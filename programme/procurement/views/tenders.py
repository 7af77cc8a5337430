"""Sealed tenders and their opening."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.reads import record_reading
from people.models import Capability
from programme.errors import Refused
from programme.procurement.actions import tenders
from programme.procurement.forms import TenderForm
from programme.procurement.views.base import form_page, reader
from programme.views.base import say_refused


@login_required
def receive(request: HttpRequest, procurement: str) -> HttpResponse:
    """Register a tender that has come in."""
    user, found = reader(request, procurement, Capability.PROCURE)
    form = TenderForm(request.POST or None, request.FILES or None)
    return form_page(
        request,
        form,
        lambda: tenders.receive(
            procurement_id=found.pk,
            supplier=form.cleaned_data["supplier"],
            name=form.cleaned_data["file"].name,
            stream=form.cleaned_data["file"],
            actor=user,
        ),
        title=_("Register a tender"),
        procurement=found,
        said=_("The tender is sealed. Nobody can read it until it is opened by two people."),
        button=_("Seal the tender"),
        intro=_("File and supplier are encrypted at once. You cannot read them again either."),
    )


@login_required
@require_POST
def open_together(request: HttpRequest, procurement: str) -> HttpResponse:
    """Begin the opening, or join it; what is refused is noted as well."""
    user, found = reader(request, procurement, Capability.PROCURE)
    try:
        opening = tenders.open_together(procurement_id=found.pk, actor=user)
    except Refused as error:
        record_reading("tender.refused", found.record_number, reason=str(error.message))
        say_refused(request, error)
    else:
        if opening.joined_at is None:
            messages.info(
                request, _("You have begun the opening. Now the other person opens, signed in too.")
            )
        else:
            messages.success(request, _("The tenders are open."))
    return redirect("procurement:case", procurement=found.public_id)


@login_required
@require_safe
def read(request: HttpRequest, procurement: str, tender: str) -> HttpResponse:
    """An opened tender's file; every reading is noted."""
    user, found = reader(request, procurement, Capability.PROCURE)
    received = get_object_or_404(
        found.tenders.select_related("opening", "procurement"), public_id=tender
    )
    try:
        facts, content = tenders.content_of(tender=received, actor=user)
    except Refused as error:
        record_reading("tender.refused", found.record_number, reason=str(error.message))
        raise Http404 from error
    record_reading("tender.read", f"{found.record_number} {received.number}")
    response = HttpResponse(content, content_type=facts.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(facts.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
