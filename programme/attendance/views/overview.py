"""The matrix of a group, what is not marked, and joining a named person with the right one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.access import held_by
from people.display import email_of, name_of
from people.models import Capability, Person
from programme.attendance import access, matrix, merging, remaining
from programme.attendance.forms import MergeForm
from programme.attendance.instead import corrections_instead
from programme.errors import Refused
from programme.views.base import say_refused, user_of


@login_required
@require_safe
def group_matrix(request: HttpRequest, group: str) -> HttpResponse:
    """Participants against occasions."""
    user = user_of(request)
    found = get_object_or_404(
        access.groups_readable_by(user).select_related("course", "district"), public_id=group
    )
    crumbs = []
    if held_by(user).can(Capability.ARRANGE):
        crumbs = [(reverse("groups:group", args=[found.public_id]), found.name)]
    elif held_by(user).can(Capability.TEACH):
        crumbs = [(reverse("occasions:teaching"), _("My occasions"))]
    return render(
        request,
        "attendance/matrix.html",
        {
            "group": found,
            "matrix": matrix.of_group(found, user, timezone.now()),
            "crumbs": crumbs,
        },
    )


@login_required
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """What remains to be marked, who is in two places at once, and who is only a name."""
    user = user_of(request)
    held = held_by(user)
    if not (held.can(Capability.ARRANGE) or held.can(Capability.TEACH)):
        raise Http404
    return render(
        request,
        "attendance/overdue.html",
        {
            "overdue": matrix.overdue_for(user, timezone.now()),
            "never_out": matrix.never_out_for(user, timezone.now()),
            "doubled": matrix.doubled_for(user),
            "reports": remaining.reports_left(user),
            "contradicted": remaining.contradicted(user),
            # Joining a name takes the arranger, so to a trainer there is nothing to say of it.
            "joins": held.can(Capability.ARRANGE),
            "named": [(person, name_of(person, user)) for person in merging.waiting(user)],
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, person: str) -> HttpResponse:
    """Choose who a named person is."""
    user = user_of(request)
    found = get_object_or_404(merging.waiting(user), public_id=person)
    form = MergeForm(request.POST if request.method == "POST" else None)
    into = None
    if request.POST.get("into"):
        into = get_object_or_404(
            Person.objects.filter(temporary=False).select_related("unit"),
            public_id=request.POST["into"],
        )
    if into is not None and form.is_valid():
        try:
            merging.merge(
                temporary_id=found.pk,
                into_id=into.pk,
                reason=form.cleaned_data["reason"],
                actor=user,
            )
        except Refused as error:
            say_refused(request, error)
        else:
            messages.success(
                request,
                _("Joined with %(name)s. Time and history follow.") % {"name": name_of(into, user)},
            )
            return redirect("attendance:overdue")
    text = request.GET.get("sok", "")
    choices = list(merging.candidates(found, text, user))
    if into is not None and into not in choices:
        # Whoever was chosen stays to be seen, found by this search or not.
        choices.insert(0, into)
    return render(
        request,
        "attendance/merge.html",
        {
            "found": found,
            "name": name_of(found, user),
            "text": text,
            "choices": [
                (each.public_id, name_of(each, user), email_of(each, user), each.unit.name)
                for each in choices
            ],
            "chosen": into.public_id if into else "",
            "instead": corrections_instead(found, into, user),
            "form": form,
        },
        status=422 if request.method == "POST" else 200,
    )
