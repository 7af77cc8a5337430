"""Meeting reports: choosing the file, the preview, and the rows that wait for a human."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pages import paginate
from people.display import name_of
from people.models import Person
from programme.attendance import access, deciding, importing, remaining, words
from programme.attendance.deciding_again import decide_again, take_back
from programme.attendance.errors import ReportRefused
from programme.attendance.forms import ReportForm
from programme.attendance.views.base import called_off, markable, need, page_of, readable
from programme.errors import Refused
from programme.hours.closed import is_locked
from programme.models import Evidence, Invitation, Occasion, ReportRow
from programme.views.base import say_refused, user_of

# Each row that waits has a list of everyone to choose from.
ROWS_A_PAGE = 25


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest, occasion: str) -> HttpResponse:
    """The reports that have been received, and a way to add one."""
    found = markable(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            evidence = importing.receive(
                occasion_id=found.pk, name=upload.name, file=upload.file, actor=user_of(request)
            )
        except Refused as error:
            form.add_error("file", str(error.message))
        else:
            return redirect(
                "attendance:report", occasion=found.public_id, evidence=evidence.public_id
            )
    kept = Evidence.objects.filter(occasion=found, kind=Evidence.Kind.MEETING_REPORT)
    context = page_of(request, found, "reports", may_mark=True) | {
        "form": form,
        "received": remaining.with_waiting(kept)
        .select_related("received_by")
        .order_by("-received_at"),
        "locked": _is_locked(found),
    }
    return render(request, "attendance/reports.html", context, status=422 if form.errors else 200)


def _is_locked(occasion: Occasion) -> bool:
    day = timezone.localdate(occasion.starts_at)
    return is_locked(programme_id=occasion.programme_id, day=day)


@dataclass
class Shown:
    """One row of a report on the page."""

    row: ReportRow
    name: str
    how: str
    colour: str
    alike: int = 0
    # The row's own day, when it is not the occasion's.
    day: str = ""
    # What was said of it and refused: shown again, so that nothing is written twice.
    said: "Said | None" = None


@dataclass(frozen=True)
class Said:
    """What was written about a row, and why it is not decided yet."""

    person: str
    reason: str
    alike: bool
    error: str = ""

    @property
    def is_said(self) -> bool:
        """Whether anything was written or chosen."""
        return bool(self.person or self.reason.strip())


def _evidence(occasion: Occasion, public_id: str) -> Evidence:
    return get_object_or_404(
        Evidence.objects.select_related("received_by"),
        occasion=occasion,
        public_id=public_id,
        kind=Evidence.Kind.MEETING_REPORT,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, occasion: str, evidence: str) -> HttpResponse:
    """What a report says and whose its rows are, to be said of those that wait.

    Before it is confirmed, a preview.
    """
    found = markable(request, occasion)
    kept = _evidence(found, evidence)
    if request.method != "POST":
        return _page(request, found, kept)
    waiting = list(ReportRow.objects.filter(evidence=kept, how=ReportRow.How.WAITING))
    said = {
        row.public_id: Said(
            request.POST.get(f"person-{row.public_id}", ""),
            request.POST.get(f"reason-{row.public_id}", ""),
            f"alike-{row.public_id}" in request.POST,
        )
        for row in waiting
    }
    left = _decide_each(request, waiting, said)
    if left:
        return _page(request, found, kept, left)
    return redirect("attendance:report", occasion=found.public_id, evidence=kept.public_id)


def _decide_each(
    request: HttpRequest, waiting: list[ReportRow], said: dict[str, Said]
) -> dict[str, Said]:
    """Decide the rows that somebody is chosen for, each for itself; what is left to say."""
    persons = Person.objects.in_bulk(
        {one.person for one in said.values()} - {"", "none"}, field_name="public_id"
    )
    if any(one.person not in {"", "none", *persons} for one in said.values()):
        raise Http404
    if not any(one.is_said for one in said.values()):
        messages.error(request, _("Choose who it is, or “not a participant”."))
        return said
    left: dict[str, Said] = {}
    decided = 0
    for row in waiting:
        one = said[row.public_id]
        if not one.is_said or _is_decided(row):
            continue
        if not one.person:
            left[row.public_id] = replace(one, error=_("Choose who it is, or “not a participant”."))
            continue
        try:
            decided += deciding.decide(
                row_id=row.pk,
                person_id=None if one.person == "none" else persons[one.person].pk,
                reason=one.reason,
                actor=user_of(request),
                same_name=one.alike,
            )
        except Refused as error:
            left[row.public_id] = replace(one, error=str(error.message))
    if decided:
        messages.success(
            request,
            ngettext("%(count)d row is decided.", "%(count)d rows are decided.", decided)
            % {"count": decided},
        )
    if left:
        messages.error(request, _("The rows below still wait. What you wrote is kept."))
    return left


def _is_decided(row: ReportRow) -> bool:
    """Whether a row of the same name has taken it along just now."""
    return not ReportRow.objects.filter(pk=row.pk, how=ReportRow.How.WAITING).exists()


def _page(
    request: HttpRequest,
    found: Occasion,
    kept: Evidence,
    said: Mapping[str, Said] | None = None,
    refused_reason: str | None = None,
) -> HttpResponse:
    kept.occasion = found
    context = page_of(request, found, "reports", may_mark=True)
    state = importing.state_of(kept)
    counted = state == importing.COUNTED
    rows = list(ReportRow.objects.filter(evidence=kept).select_related("person__unit"))
    # Rows are written when a report is counted the first time; until then they are read anew.
    if not rows and not counted:
        try:
            rows = importing.preview(kept)
        except ReportRefused as error:
            say_refused(request, error)
            rows = []
    more = access.sees_more_than_names(user_of(request), found)
    shown = _shown(request, rows, found, said)
    waiting = [each for each in shown if each.row.how == ReportRow.How.WAITING]
    missing = importing.missing_from(found, rows) if rows else []
    concerned = {row.person_id for row in rows if row.person_id}
    marks = remaining.marks_of(found, concerned | {each.person_id for each in missing})
    context |= {
        "evidence": kept,
        "missing": [
            (
                name_of(each.person, user_of(request)),
                each.answer == Invitation.Answer.NOT_COMING,
                words.MARKS.get(marks.get(each.person_id, "")) if each.person_id in marks else None,
            )
            for each in missing
        ],
        "against": [
            (name_of(person, user_of(request)), *words.MARKS[mark])
            for person, mark in remaining.against(rows, marks)
        ],
        "shows_more": more,
        "counted": counted,
        "taken_back": state == importing.TAKEN_BACK,
        "locked": _is_locked(found),
        "waiting": paginate(request.GET.get("page"), waiting, per_page=ROWS_A_PAGE),
        "number_waiting": len(waiting),
        "settled": [each for each in shown if each.row.how != ReportRow.How.WAITING],
        "outside": sum(importing.was_outside(row, found) for row in rows),
        "persons": len({each.row.person_id for each in shown if each.row.person_id}),
        "choices": [
            (each.public_id, name_of(each, user_of(request)), each.unit.name if more else "")
            for each in deciding.choices_for(found)
        ]
        if counted and any(not each.row.how or each.row.decided_at for each in shown)
        else [],
    }
    context["refused_reason"] = refused_reason
    refused = bool(said) or refused_reason is not None
    return render(request, "attendance/report.html", context, status=422 if refused else 200)


def _shown(
    request: HttpRequest,
    rows: list[ReportRow],
    occasion: Occasion,
    said: Mapping[str, Said] | None,
) -> list[Shown]:
    colours = {"": "amber", "ignored": "grey"}
    waiting = Counter(
        (row.shown_name, row.shown_email) for row in rows if row.how == ReportRow.How.WAITING
    )
    return [
        Shown(
            row,
            name_of(row.person, user_of(request)) if row.person else "",
            _how(row),
            colours.get(row.how, "green"),
            waiting[row.shown_name, row.shown_email] - 1,
            f"{timezone.localdate(row.joined_at)}"
            if importing.of_another_day(row, occasion)
            else "",
            (said or {}).get(row.public_id),
        )
        for row in rows
    ]


def _how(row: ReportRow) -> str:
    """How the row was matched; that somebody is no participant is only for a human to say."""
    if row.how == ReportRow.How.IGNORED and row.decided_at is None:
        return _("not counted")
    return row.get_how_display()


@login_required
@require_POST
def confirm(request: HttpRequest, occasion: str, evidence: str) -> HttpResponse:
    """Count the report."""
    found = markable(request, occasion)
    kept = _evidence(found, evidence)
    try:
        importing.confirm(
            evidence_id=kept.pk,
            actor=user_of(request),
            of_nobody_known="of_nobody_known" in request.POST,
        )
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The report is counted."))
    return redirect("attendance:report", occasion=found.public_id, evidence=kept.public_id)


@login_required
@require_POST
def take_back_report(request: HttpRequest, occasion: str, evidence: str) -> HttpResponse:
    """Let a report count no more."""
    found = markable(request, occasion)
    kept = _evidence(found, evidence)
    reason = request.POST.get("reason", "")
    try:
        take_back(evidence_id=kept.pk, reason=reason, actor=user_of(request))
    except Refused as error:
        say_refused(request, error)
        return _page(request, found, kept, refused_reason=reason)
    messages.success(request, _("The report is taken back and counts no more."))
    return redirect("attendance:reports", occasion=found.public_id)


@login_required
@require_POST
def decide(request: HttpRequest, occasion: str, evidence: str, row: str) -> HttpResponse:
    """Say anew whose a decided row is."""
    found = markable(request, occasion)
    kept = _evidence(found, evidence)
    decided = get_object_or_404(ReportRow, evidence=kept, public_id=row)
    if decided.decided_at is None:
        messages.error(request, _("Nobody has decided this row yet. Choose who it is below."))
        return redirect("attendance:report", occasion=found.public_id, evidence=kept.public_id)
    said = Said(request.POST.get("person", ""), request.POST.get("reason", ""), alike=False)
    if not said.person:
        messages.error(request, _("Choose who it is, or “not a participant”."))
        return _page(request, found, kept, {row: said})
    person = None if said.person == "none" else get_object_or_404(Person, public_id=said.person)
    try:
        decide_again(
            row_id=decided.pk,
            person_id=person.pk if person else None,
            reason=said.reason,
            actor=user_of(request),
        )
    except Refused as error:
        say_refused(request, error)
        return _page(request, found, kept, {row: said})
    messages.success(request, _("The row is decided again, and the hours are counted anew."))
    return redirect("attendance:report", occasion=found.public_id, evidence=kept.public_id)


@login_required
@require_safe
def evidence_file(request: HttpRequest, occasion: str, evidence: str) -> HttpResponse:
    """What was received, byte for byte, never shown by the browser as a page.

    Reports carry addresses and signed lists workplaces, which are not the trainer's (R-081).
    """
    found = readable(request, occasion)
    need(access.sees_more_than_names(user_of(request), found))
    kept = get_object_or_404(Evidence, occasion=found, public_id=evidence)
    response = HttpResponse(bytes(kept.content), content_type="application/octet-stream")
    suffix = kept.name.rsplit(".", 1)[-1].lower() if "." in kept.name else "bin"
    suffix = suffix if suffix.isascii() and suffix.isalnum() else "bin"
    response["Content-Disposition"] = f'attachment; filename="{kept.public_id}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
