"""The participant's own page: what I need to take part, told and taken back."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from people.models import Person
from programme.errors import Refused
from programme.models import AdaptationNeed, Participation
from programme.venues import needs
from programme.views.base import say_refused, user_of


class NeedForm(forms.Form):
    """What is needed, in the person's own words."""

    text = forms.CharField(
        label=_("What do you need to take part?"),
        help_text=_(
            "For instance hearing loop, sign language, step-free access or a place to rest."
            " Write what you need and not why: no diagnosis is asked for."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
    )


@login_required
def my_needs(request: HttpRequest) -> HttpResponse:
    """What I have told, and something new."""
    user = user_of(request)
    person = get_object_or_404(Person.objects.select_related("unit"), user=user)
    participations = list(
        Participation.objects.ongoing()
        .filter(person=person)
        .select_related("course", "district")
        .order_by("-admitted_on", "-pk")
    )
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = participations[0] if len(participations) == 1 else None
        try:
            needs.tell(
                person=person, participation=chosen, text=form.cleaned_data["text"], actor=user
            )
        except Refused as error:
            form.add_error("text", str(error.message))
        else:
            messages.success(
                request, _now("Thank you. Those who arrange the training have been told.")
            )
            return redirect("venues:my_needs")
    told = AdaptationNeed.objects.filter(person=person, erased_at=None)
    return render(
        request,
        "venues/my_needs.html",
        {"form": form, "told": list(told.order_by("created_at", "pk"))},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def take_back(request: HttpRequest, need: str) -> HttpResponse:
    """Take it back; the text is erased at once."""
    user = user_of(request)
    found = get_object_or_404(AdaptationNeed.objects.filter(person__user=user), public_id=need)
    try:
        needs.withdraw(need=found, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _now("What you wrote is erased."))
    return redirect("venues:my_needs")
