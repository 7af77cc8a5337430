"""Award, contract, call-offs and follow-up."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from people.models import Capability
from programme.models import CallOff, Occasion
from programme.procurement.actions import contracts
from programme.procurement.forms import (
    AwardForm,
    CallOffForm,
    ContractForm,
    FollowUpForm,
    ReasonForm,
)
from programme.procurement.queries import lectures_bought_by
from programme.procurement.views.base import form_page, reader


@login_required
def award(request: HttpRequest, procurement: str) -> HttpResponse:
    """Record the award decision."""
    user, found = reader(request, procurement, Capability.PROCURE)
    form = AwardForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: contracts.award(procurement_id=found.pk, chosen=form.chosen(), actor=user),
        title=_("Record the award decision"),
        procurement=found,
        said=_("The award is recorded and public. The standstill has begun."),
        intro=_("The decision and its reasons become public at once."),
    )


@login_required
def contract(request: HttpRequest, procurement: str) -> HttpResponse:
    """Record a contract."""
    user, found = reader(request, procurement, Capability.PROCURE)
    form = ContractForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: contracts.sign(procurement_id=found.pk, agreement=form.agreement(), actor=user),
        title=_("Record a contract"),
        procurement=found,
        said=_("The contract is recorded."),
    )


@login_required
def call_off(request: HttpRequest, procurement: str, contract: str) -> HttpResponse:
    """Order under a contract."""
    user, found = reader(request, procurement, Capability.PROCURE)
    under = get_object_or_404(found.contracts, public_id=contract)
    form = CallOffForm(request.POST or None, lectures=lectures_bought_by(found))
    return form_page(
        request,
        form,
        lambda: contracts.call_off(contract_id=under.pk, actor=user, **form.cleaned_data),
        title=_("Call off"),
        procurement=found,
        said=_("The call-off is recorded."),
    )


@login_required
def cancel_call_off(request: HttpRequest, procurement: str, call_off: str) -> HttpResponse:
    """Take an order back."""
    user, found = reader(request, procurement, Capability.PROCURE)
    order = get_object_or_404(
        CallOff.objects.filter(contract__procurement=found), public_id=call_off
    )
    form = ReasonForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: contracts.cancel_call_off(
            call_off_id=order.pk, reason=form.cleaned_data["reason"], actor=user
        ),
        title=_("Cancel the call-off"),
        procurement=found,
        said=_("The call-off is cancelled and no longer counts."),
        button=_("Cancel the call-off"),
        intro=order.what,
    )


@login_required
def follow_up(request: HttpRequest, procurement: str, contract: str) -> HttpResponse:
    """Keep how a delivery was."""
    user, found = reader(request, procurement, Capability.PROCURE)
    under = get_object_or_404(found.contracts, public_id=contract)
    occasions = Occasion.objects.filter(programme=found.programme).order_by("-starts_at")[:200]
    form = FollowUpForm(
        request.POST or None,
        occasions=Occasion.objects.filter(pk__in=[one.pk for one in occasions]),
    )
    return form_page(
        request,
        form,
        lambda: contracts.follow_up(contract_id=under.pk, actor=user, **form.cleaned_data),
        title=_("Follow up a delivery"),
        procurement=found,
        said=_("The follow-up is kept."),
    )
