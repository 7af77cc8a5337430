"""Pages of what the evaluator is given: extracts, samples, and the participant's own yes."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import record_reading
from people.models import Capability, Person, User
from programme.errors import Refused
from programme.evaluation import access, extracts, interviews
from programme.evaluation.forms import day
from programme.models import InterviewSample, Participation
from programme.views.base import ensure_can, say_refused, the_programme, user_of

READS = (Capability.EVALUATE, Capability.MANAGE_PROGRAMME, Capability.AUDIT)


class LeaveForm(forms.Form):
    """To whom, what for and until when."""

    granted_to = forms.ModelChoiceField(
        label=gettext_lazy("Evaluator"), queryset=User.objects.none(), empty_label=None
    )
    purpose = forms.CharField(
        label=gettext_lazy("What will it be used for?"),
        max_length=300,
        help_text=gettext_lazy("The purpose is kept, and stands with every reading."),
    )
    expires_on = day(label=gettext_lazy("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["granted_to"]
        today = timezone.localdate()
        field.queryset = User.objects.filter(
            assignments__role__capabilities__contains=[Capability.EVALUATE],
            assignments__valid_from__lte=today,
            is_active=True,
        ).distinct()
        field.label_from_instance = lambda user: f"{user.get_full_name()} ({user.email})"


class SampleForm(LeaveForm):
    """How the sample is drawn, too."""

    strata = forms.MultipleChoiceField(
        label=gettext_lazy("Draw from each"),
        choices=InterviewSample.Stratum.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    each = forms.IntegerField(
        label=gettext_lazy("How many from each"), min_value=1, max_value=200, initial=2
    )
    seed = forms.CharField(
        label=gettext_lazy("Seed"),
        max_length=40,
        help_text=gettext_lazy("The same seed draws the same people from the same consents."),
    )


@login_required
@require_safe
def material(request: HttpRequest) -> HttpResponse:
    """What the evaluator has been given."""
    user = user_of(request)
    if not access.may(user, *READS):
        raise Http404
    open_now = set(extracts.fetched_by(user).values_list("pk", flat=True))
    context = {
        "extracts": [(row, row.pk in open_now) for row in extracts.seen_by(user)[:100]],
        "samples": interviews.seen_by(user)[:100],
        "may_give": access.may(user, Capability.MANAGE_PROGRAMME),
    }
    return render(request, "evaluation/material.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_extract(request: HttpRequest) -> HttpResponse:
    """Give leave to fetch the statistics."""
    user = ensure_can(request, Capability.MANAGE_PROGRAMME)
    form = LeaveForm(request.POST or None)
    return _form(
        request,
        form,
        lambda: extracts.grant(programme=the_programme(), actor=user, **form.cleaned_data),
        title=_("Give an extract"),
        said=_("The evaluator can fetch the extract now."),
        intro=_(
            "One line for each participation: a code, course, category, administration, sex, age"
            " band, state and minutes. No name, number or unit. Whoever has a protected identity"
            " is left out."
        ),
    )


@login_required
@require_safe
def extract_file(request: HttpRequest, extract: str) -> HttpResponse:
    """The extract as CSV, to whoever it was given to; each fetch is noted."""
    found = get_object_or_404(extracts.fetched_by(user_of(request)), public_id=extract)
    answer = HttpResponse(extracts.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="underlag-{found.public_id}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def new_sample(request: HttpRequest) -> HttpResponse:
    """Draw a sample for interviews."""
    user = ensure_can(request, Capability.MANAGE_PROGRAMME)
    form = SampleForm(request.POST or None, initial={"seed": get_random_string(12)})
    return _form(
        request,
        form,
        lambda: interviews.draw_sample(
            programme=the_programme(), wanted=interviews.Wanted(**form.cleaned_data), actor=user
        ),
        title=_("Draw an interview sample"),
        said=_("The sample is drawn. The evaluator can see it now."),
        intro=_("Only those who have said yes on their own pages can be drawn."),
    )


@login_required
@require_safe
def sample(request: HttpRequest, sample: str) -> HttpResponse:
    """Whom to ask for an interview; each look is noted."""
    user = user_of(request)
    found = get_object_or_404(interviews.seen_by(user), public_id=sample)
    record_reading("interview.contacts", found.public_id, reason=found.purpose)
    context = {
        "sample": found,
        "strata": [str(InterviewSample.Stratum(each).label) for each in found.strata],
        "contacts": interviews.contacts_of(found),
        "drawn": found.picks.count(),
    }
    return render(request, "evaluation/sample.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """The participant's own page: may the evaluator ask me for an interview?"""
    user = user_of(request)
    person = get_object_or_404(Person, user=user)
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "yes":
                interviews.say_yes(person=person, actor=user)
                messages.success(request, _("Thank you. The evaluator may ask you."))
            else:
                interviews.take_back(person=person, actor=user)
                messages.success(request, _("You are on no list for interviews."))
        except Refused as error:
            say_refused(request, error)
        return redirect("evaluation:consent")
    context = {
        "consent": interviews.consent_of(person),
        "takes_part": Participation.objects.filter(person=person).exists(),
    }
    return render(request, "evaluation/consent.html", context)


def _form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    said: str,
    intro: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, said)
            return redirect("evaluation:material")
    return render(
        request,
        "evaluation/form.html",
        {"form": form, "title": title, "report": None, "intro": intro},
        status=422 if form.errors else 200,
    )
