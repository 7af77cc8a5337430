"""The participant's own hours: what, when, how many minutes, and one press to attest."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.models import Person
from programme.errors import Refused
from programme.models import Programme
from programme.months import figures, queries, statements
from programme.months.rules import Standing
from programme.months.views import month_or_404
from programme.months.words import STANDING
from programme.views.base import say_refused, the_programme, user_of


def _me(request: HttpRequest) -> Person:
    person = Person.objects.select_related("unit").filter(user=user_of(request)).first()
    if person is None:
        raise Http404
    return person


def my_months(programme: Programme, person: Person) -> list[figures.PersonMonth]:
    """The person's months with hours, the latest first."""
    first = programme.starts_on.replace(day=1)
    last = min(timezone.localdate(), programme.ends_on)
    found = figures.persons_of(programme.pk, first, last, person_id=person.pk)
    return [one for one in reversed(found) if one.standing != Standing.GONE]


@login_required
@require_safe
def my_list(request: HttpRequest) -> HttpResponse:
    """My months."""
    person = _me(request)
    rows = [(one, STANDING[one.standing]) for one in my_months(the_programme(), person)]
    return render(request, "months/mine.html", {"rows": rows})


@login_required
def my_month(request: HttpRequest, month: str) -> HttpResponse:
    """My hours of one month, and the press that attests them."""
    user, person, programme = user_of(request), _me(request), the_programme()
    first = month_or_404(programme, month)
    if request.method == "POST":
        try:
            statements.attest(
                programme=programme, month=first, seen=request.POST.get("seen", ""), actor=user
            )
            messages.success(request, _("Thank you. Your hours are attested."))
        except Refused as refusal:
            say_refused(request, refusal)
        return redirect("months:my_month", month=month)
    statement = queries.live_statement(programme, person, first)
    found = figures.persons_of(programme.pk, first, person_id=person.pk)
    row = found[0] if found and found[0].standing != Standing.GONE else None
    return render(
        request,
        "months/my_month.html",
        {
            "code": f"{first:%Y-%m}",
            "lines": queries.lines_for(programme, person, first, statement),
            "row": row,
            "status": STANDING[row.standing] if row else None,
            "statement": statement,
            "to_attest": row is not None and row.standing in (Standing.WAITING, Standing.CHANGED),
            "changed": row is not None and row.standing == Standing.CHANGED,
        },
    )
