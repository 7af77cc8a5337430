"""One more occasion like this one."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from programme.errors import Refused
from programme.registrations import copying
from programme.registrations.views.staff import arranged
from programme.venues.booking import hours_in_words
from programme.views.base import user_of


class CopyForm(forms.Form):
    """When the new occasion begins."""

    day = DayField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def starts_at(self) -> datetime.datetime:
        """The moment, in Stockholm."""
        given: dict[str, Any] = self.cleaned_data
        return timezone.make_aware(datetime.datetime.combine(given["day"], given["time"]))


@login_required
def copy(request: HttpRequest, occasion: str) -> HttpResponse:
    """Another day for the same, with the same seats and conditions."""
    found = arranged(request, occasion)
    begins = timezone.localtime(found.starts_at)
    initial = {"day": begins.date() + datetime.timedelta(days=7), "time": begins.time()}
    form = CopyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = copying.copy_occasion(
                occasion_id=found.pk, starts_at=form.starts_at(), actor=user_of(request)
            )
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _now("The occasion is planned. Look through its times."))
            return redirect("registrations:staff", occasion=made.public_id)
    context = {
        "occasion": found,
        "form": form,
        "when": hours_in_words(found.starts_at, found.ends_at),
    }
    status = 422 if form.errors else 200
    return render(request, "registrations/copy.html", context, status=status)
