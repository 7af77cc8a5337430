"""The monthly roll-up, the persons behind a figure, and the file."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from core.pages import paginate
from people.display import name_of
from people.models import User
from programme.models import Programme
from programme.months.rules import month_of
from programme.views.base import the_programme, user_of
from reports.economy.access import sight_of
from reports.follow_up import export, reading
from reports.follow_up.rules import What

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def reader(request: HttpRequest) -> tuple[Programme, User]:
    """Those who read the whole project's rows; small figures are not hidden here."""
    programme, user = the_programme(), user_of(request)
    if not sight_of(user, programme).rows:
        raise Http404
    return programme, user


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Month by month and by category, against the plan."""
    programme, _user = reader(request)
    return render(
        request,
        "follow_up/overview.html",
        {"page": reading.page(programme), "definition": export.definition()},
    )


WORDS = {
    What.BEGAN: lambda: _("Began"),
    What.PRESENT: lambda: _("Took part"),
    What.COMPLETED: lambda: _("Completed"),
    What.LEFT: lambda: _("Left early"),
}


@login_required
@require_safe
def persons(request: HttpRequest, what: str) -> HttpResponse:
    """Who a figure is counted from."""
    programme, user = reader(request)
    if what not in list(What):
        raise Http404
    asked, month, words = What(what), None, []
    if text := request.GET.get("manad"):
        month = month_of(text)
        if month is None:
            raise Http404
        words.append(f"{month:%Y-%m}")
    category = None
    if key := request.GET.get("kategori"):
        category = get_object_or_404(programme.categories, key=key)
        words.append(category.name)
    taken = asked is not What.PRESENT
    stays = reading.behind(programme, asked, month, category)
    people = reading.present(programme, month, category)
    page = paginate(request.GET.get("page"), stays if taken else people, per_page=100)
    return render(
        request,
        "follow_up/persons.html",
        {
            "title": WORDS[asked](),
            "words": words,
            "page": page,
            "number": stays.values("person").distinct().count() if taken else people.count(),
            "taken": taken,
            "rows": [
                (one, name_of(one.person if taken else one, user)) for one in page.object_list
            ],
        },
    )


@login_required
@require_safe
def download(request: HttpRequest, extension: str) -> HttpResponse:
    """The table as a file; who took it out is noted."""
    programme, user = reader(request)
    if extension not in TYPES:
        raise Http404
    make = export.as_csv if extension == "csv" else export.as_workbook
    content = make(reading.page(programme), user)
    record_reading("follow_up.export", programme.record_number)
    return as_file(content, f"manadsuppfoljning_{programme.record_number}", extension)


def as_file(content: bytes, stem: str, extension: str) -> HttpResponse:
    """A file of today, to be saved and not kept on the way."""
    response = HttpResponse(content, content_type=TYPES[extension])
    name = f"{stem}_{timezone.localdate():%Y-%m-%d}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
