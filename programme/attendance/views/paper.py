"""The list on paper: printing it, and receiving the scan."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.display import name_of
from people.models import Person, User
from programme.attendance import access, paper, queries
from programme.attendance.forms import PaperForm
from programme.attendance.views.base import called_off, markable, page_of
from programme.attendance.views.marking import moment_of
from programme.errors import Refused
from programme.models import Evidence, Occasion
from programme.views.base import user_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_page(request: HttpRequest, occasion: str) -> HttpResponse:
    """Print the list, and send in the signed one with who signed."""
    found = markable(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            paper.receive(
                occasion_id=found.pk,
                name=upload.name,
                file=upload.file,
                signed=_signed(request, found),
                actor=user_of(request),
            )
        except Refused as error:
            form.add_error("file", str(error.message))
        else:
            messages.success(request, _("The list is kept, and those who signed are present."))
            return redirect("attendance:marking", occasion=found.public_id)
    context = page_of(request, found, "paper", may_mark=True) | {
        "shows_more": access.sees_more_than_names(user_of(request), found),
        "form": form,
        "rows": [
            {
                "key": seat.key,
                "name": name_of(seat.person, user_of(request)),
                "ticked": f"signed-{seat.key}" in request.POST,
                "began": request.POST.get(f"in-{seat.key}", ""),
                "ended": request.POST.get(f"out-{seat.key}", ""),
            }
            for seat in queries.roster(found)
        ],
        "kept": _kept(found, user_of(request)),
    }
    return render(request, "attendance/paper.html", context, status=422 if form.errors else 200)


def _kept(occasion: Occasion, viewer: User) -> list[tuple[Evidence, list[str]]]:
    """The lists that are kept, the latest first, each with those who signed it; two queries."""
    lists = list(
        Evidence.objects.filter(occasion=occasion, kind=Evidence.Kind.SIGNED_LIST)
        .defer("content")
        .select_related("received_by")
        .order_by("-received_at")
    )
    signed = {key for one in lists for key in one.summary.get("signed", [])}
    persons = Person.objects.select_related("unit").in_bulk(signed, field_name="public_id")
    return [
        (
            one,
            sorted(
                name_of(persons[key], viewer)
                for key in one.summary.get("signed", [])
                if key in persons
            ),
        )
        for one in lists
    ]


def _signed(request: HttpRequest, occasion: Occasion) -> dict[str, paper.Signed]:
    day = timezone.localdate(occasion.starts_at)
    return {
        key: paper.Signed(
            moment_of(request.POST.get(f"in-{key}", ""), day),
            moment_of(request.POST.get(f"out-{key}", ""), day),
        )
        for key in (
            name.removeprefix("signed-") for name in request.POST if name.startswith("signed-")
        )
    }


@login_required
@require_safe
def paper_file(request: HttpRequest, occasion: str) -> HttpResponse:
    """The list to print."""
    found = markable(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    response = HttpResponse(paper.printed(found, user_of(request)), content_type="application/pdf")
    name = f"narvarolista-{timezone.localdate(found.starts_at)}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
