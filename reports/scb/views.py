"""The files to Statistics Sweden, for those who close months."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.models import User
from programme.errors import Refused
from programme.models import Month, Programme
from programme.months import access
from programme.months.views import month_or_404
from programme.views.base import say_refused, the_programme, user_of
from reports.models import ScbFile, ScbMapping
from reports.scb import actions, background, lines, queries
from reports.scb.columns import DEFAULT, FIELDS, hours_text
from reports.scb.forms import CascadeForm, ColumnsForm, MakeForm, ReceiptForm, ReceivedForm
from reports.scb.words import status_of

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def closer(request: HttpRequest) -> tuple[User, Programme]:
    """Whoever closes months, with the programme; for others there is no page."""
    user, programme = user_of(request), the_programme()
    if not access.may_close(user, programme):
        raise Http404
    return user, programme


def _month(programme: Programme, text: str) -> Month:
    return get_object_or_404(
        Month.objects.select_related("programme__owner"),
        programme=programme,
        first_day=month_or_404(programme, text),
        state=Month.State.LOCKED,
    )


def file_of(programme: Programme, month: str, version: int) -> ScbFile:
    """The version of the month's file, or no page."""
    return get_object_or_404(
        ScbFile.objects.select_related("month__programme__owner", "mapping"),
        month=_month(programme, month),
        version=version,
    )


@login_required
@require_safe
def file_list(request: HttpRequest) -> HttpResponse:
    """Locked months with their files."""
    _user, programme = closer(request)
    rows = queries.month_rows(programme)
    return render(
        request,
        "scb/list.html",
        {"rows": rows, "old": sum(1 for row in rows if row.file and row.file.stale_since)},
    )


@login_required
def month(request: HttpRequest, month: str) -> HttpResponse:
    """The checklist, the versions, and what is done with them."""
    user, programme = closer(request)
    found = _month(programme, month)
    form = MakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            before = actions.latest(found)
            made = actions.make(month_id=found.pk, actor=user, **form.cleaned_data)
            _say_made(request, made, stands=made == before)
            return redirect("scb:month", month=month)
        except Refused as refusal:
            say_refused(request, refusal)
    return render(
        request,
        "scb/month.html",
        _context(found, month, user, form),
        status=422 if request.method == "POST" else 200,
    )


def _say_made(request: HttpRequest, made: ScbFile, *, stands: bool) -> None:
    version = {"version": made.version}
    if stands:
        text = _("Nothing has changed, so no new version is made. Version %(version)d stands.")
        messages.info(request, text % version)
    else:
        messages.success(request, _("Version %(version)d is made.") % version)


def _refused(
    request: HttpRequest,
    month: str,
    *,
    receipt: ReceiptForm | None = None,
    received: ReceivedForm | None = None,
) -> HttpResponse:
    """The month again, with what was written of the receipt and why it is not kept."""
    user, programme = closer(request)
    context = _context(_month(programme, month), month, user, MakeForm())
    context |= {key: form for key, form in (("receipt", receipt), ("received", received)) if form}
    return render(request, "scb/month.html", context, status=422)


def _context(found: Month, code: str, user: User, form: MakeForm) -> dict[str, Any]:
    versions = list(
        found.scb_files.select_related("made_by", "sent_by", "mapping")
        .defer("lines")
        .order_by("-version")
    )
    newest = versions[0] if versions else None
    return {
        "code": code,
        "month": found,
        "due": actions.due_on(found),
        "checklist": queries.checklist(found, user),
        "versions": [
            (
                file,
                status_of(file),
                hours_text(file.received_hundredths or 0),
                hours_text(file.hours_hundredths),
            )
            for file in versions
        ],
        "newest": newest,
        "status": queries.status_on(found, newest),
        "form": form,
        "receipt": ReceiptForm(),
        "received": ReceivedForm(),
    }


@login_required
@require_POST
def sent(request: HttpRequest, month: str, version: int) -> HttpResponse:
    """Note that the version is sent, with its receipt."""
    user, programme = closer(request)
    file = file_of(programme, month, version)
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _refused(request, month, receipt=form)
    try:
        actions.send(file_id=file.pk, receipt=form.cleaned_data["receipt"], actor=user)
    except Refused as refusal:
        form.add_error("receipt", str(refusal.message))
        return _refused(request, month, receipt=form)
    messages.success(request, _("The file is noted as sent."))
    return redirect("scb:month", month=month)


@login_required
@require_POST
def reconcile(request: HttpRequest, month: str, version: int) -> HttpResponse:
    """Compare the version with what the receipt says."""
    user, programme = closer(request)
    file = file_of(programme, month, version)
    form = ReceivedForm(request.POST)
    if not form.is_valid():
        return _refused(request, month, received=form)
    try:
        actions.reconcile(
            file_id=file.pk,
            rows=form.cleaned_data["rows"],
            hundredths=int(form.cleaned_data["hours"] * 100),
            actor=user,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _refused(request, month, received=form)
    return redirect("scb:month", month=month)


@login_required
@require_safe
def download(request: HttpRequest, month: str, version: int, extension: str) -> HttpResponseBase:
    """The bytes, once more; the opening of the numbers is noted."""
    _user, programme = closer(request)
    if extension not in TYPES:
        raise Http404
    file = file_of(programme, month, version)
    try:
        made = actions.made_again(file)
    except Refused as refusal:
        say_refused(request, refusal)
        return redirect("scb:month", month=month)
    wanted, other = (made.csv, made.xlsx) if extension == "csv" else (made.xlsx, made.csv)
    other.close()
    response = FileResponse(
        wanted,
        as_attachment=True,
        filename=f"{programme.record_number}_{month}_v{version}.{extension}",
        content_type=TYPES[extension],
    )
    response["Cache-Control"] = "no-store"
    return response


@login_required
def cascade(request: HttpRequest) -> HttpResponse:
    """Every month whose file must be sent again, with what differs, and all of them made at once."""
    user, programme = closer(request)
    form = CascadeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        why = {"programme": programme, "reason": form.cleaned_data["reason"], "actor": user}
        try:
            if len(actions.old_months(programme)) > background.MONTHS_AT_ONCE:
                return redirect("jobs:job", job=background.start(**why).public_id)
            made = actions.make_all_again(**why)
            say = messages.success if made else messages.info
            say(request, actions.made_in_words(len(made)))
            if left_out := actions.left_out_in_words([file.month for file in made]):
                messages.warning(request, left_out)
            return redirect("scb:cascade")
        except Refused as refusal:
            say_refused(request, refusal)
    rows = [
        (
            found,
            f"{found.first_day:%Y-%m}",
            queries.against_sent(found, user),
            queries.unfinished_names(found, user),
            lines.left(found)[1],
        )
        for found in actions.old_months(programme)
    ]
    waiting = [
        (file, f"{file.month.first_day:%Y-%m}")
        for file in ScbFile.objects.filter(
            month__programme=programme, state=ScbFile.State.MADE, stale_since=None, version__gt=1
        )
        .select_related("month")
        .defer("lines")
        .order_by("month__first_day")
    ]
    return render(
        request,
        "scb/cascade.html",
        {"rows": rows, "waiting": waiting, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@login_required
def columns(request: HttpRequest) -> HttpResponse:
    """Which columns the file has, and from when."""
    user, programme = closer(request)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, initial=_columns_now(programme)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_columns(
                programme=programme,
                valid_from=form.cleaned_data["valid_from"],
                chosen=form.cleaned_data["columns"],
                decision=form.cleaned_data["decision"],
                actor=user,
            )
            messages.success(request, _("The columns are decided."))
            return redirect("scb:columns")
        except Refused as refusal:
            say_refused(request, refusal)
    return render(
        request,
        "scb/columns.html",
        {
            "form": form,
            "fields": FIELDS.items(),
            "mappings": ScbMapping.objects.filter(programme=programme),
        },
        status=422 if request.method == "POST" else 200,
    )


def _columns_now(programme: Programme) -> dict[str, str]:
    newest = ScbMapping.objects.filter(programme=programme).first()
    rows = newest.columns if newest else DEFAULT
    return {"columns": "\n".join(f"{row['field']}: {row['heading']}" for row in rows)}
