"""The staff list: marking, everyone at once, undoing it, and someone who is not in the register."""

import datetime
import re
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from programme.attendance import access, marking, queries, rules
from programme.attendance.errors import RowsRefused, RowsStale, SameName
from programme.attendance.forms import TemporaryForm
from programme.attendance.show import list_page
from programme.attendance.views.base import called_off, markable, page_of, readable
from programme.errors import Refused
from programme.models import Occasion
from programme.views.base import say_refused, user_of

_TIME = re.compile(r"^\s*(\d{1,2})[.:]?(\d{2})(?:[.:]\d{2})?\s*$")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def marking_page(request: HttpRequest, occasion: str) -> HttpResponse:
    """Everyone on the list with mark and times, and one button that saves all of it."""
    found = (markable if request.method == "POST" else readable)(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    if request.method != "POST":
        return _page(request, found)
    wanted = wanted_from(request.POST, found)
    typed = _typed(request)
    try:
        saved = marking.save_list(
            occasion_id=found.pk,
            wanted=wanted,
            actor=user_of(request),
            rest_present="all" in request.POST,
        )
    except Refused as error:
        return _refused(request, found, error, wanted, typed)
    _say_saved(request, saved)
    if typed.is_started:
        # Enter saves the list; the name is neither written down nor thrown away.
        messages.warning(
            request,
            _("The name is not written down yet. Press “%(button)s”, or clear it.")
            % {"button": _("Write down as present")},
        )
        pressed = str(saved.operation) if "all" in request.POST and saved.operation else ""
        return _page(request, found, form=typed, press=pressed)
    address = reverse("attendance:marking", args=[found.public_id])
    if "all" in request.POST and saved.operation:
        address += f"?tryck={saved.operation}"
    return redirect(address)


def _typed(request: HttpRequest) -> TemporaryForm:
    """The name as it was typed, not judged: the list was to be saved, or could not be."""
    asks = "another" in request.POST
    names = ("first_name", "last_name", "another")
    initial = {name: request.POST[name] for name in names if name in request.POST}
    return TemporaryForm(initial=initial, asks=asks)


def _refused(
    request: HttpRequest,
    occasion: Occasion,
    error: Refused,
    wanted: dict[str, rules.Wanted],
    form: TemporaryForm,
) -> HttpResponse:
    """The page as it was filled in, with what speaks against it."""
    shown: dict[str, Any] = {"wanted": wanted, "form": form, "status": 422}
    if isinstance(error, RowsStale):
        shown |= {"stale": error.persons, "status": 409}
    elif isinstance(error, RowsRefused):
        shown["problems"] = error.problems
    say_refused(request, error)
    return _page(request, occasion, **shown)


def _say_saved(request: HttpRequest, saved: marking.Saved) -> None:
    if not saved.changed:
        messages.info(request, _("Nothing had been changed, so nothing was saved."))
        return
    messages.success(
        request,
        ngettext("%(count)d person is saved.", "%(count)d persons are saved.", saved.changed)
        % {"count": saved.changed},
    )
    if saved.warnings:
        messages.warning(
            request,
            ngettext(
                "%(count)d person is marked at another occasion at the same time. See the list.",
                "%(count)d persons are marked at another occasion at the same time. See the list.",
                len(saved.warnings),
            )
            % {"count": len(saved.warnings)},
        )


def _page(
    request: HttpRequest,
    occasion: Occasion,
    *,
    status: int = 200,
    form: TemporaryForm | None = None,
    press: str = "",
    **shown: Any,
) -> HttpResponse:
    user = user_of(request)
    may_mark = access.may_mark(user, occasion)
    context = page_of(request, occasion, "marking", may_mark=may_mark)
    context |= list_page(occasion, user, **shown)
    context |= {"form": form or TemporaryForm(), "press": press or _press(request)}
    if context["month_locked"] and not shown:
        # Nothing is saved there, so nothing is asked for; what was filled in before stays.
        context |= {"may_mark": False, "reads_notes": may_mark}
    return render(request, "attendance/marking.html", context, status=status)


def _press(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.GET.get("tryck", "")))
    except ValueError:
        return ""


def wanted_from(posted: QueryDict, occasion: Occasion) -> dict[str, rules.Wanted]:
    """Every row of the page as the rules know it."""
    day = timezone.localdate(occasion.starts_at)
    said = {name: str(posted.get(name, "")) for name in posted}
    times: dict[str, list[rules.WantedTime]] = {}
    for name in said:
        part = name.split("-")
        if part[0] == "in" and len(part) == 3:
            segment = "" if part[2].startswith("new") else part[2]
            raw = said[name], said.get(f"out-{part[1]}-{part[2]}", "")
            times.setdefault(part[1], []).append(_time(segment, raw, day))
    found = {}
    for name, mark in said.items():
        kind, _dash, key = name.partition("-")
        if kind != "mark" or mark not in rules.MARKS:
            continue
        found[key] = rules.Wanted(
            mark=mark,
            note=said.get(f"note-{key}", "").strip()[:200],
            times=tuple(times.get(key, ())),
            reason=said.get(f"reason-{key}", "").strip()[:500],
            was=said.get(f"was-{key}", ""),
        )
    return found


def _time(segment: str, raw: tuple[str, str], day: datetime.date) -> rules.WantedTime:
    began, ended = (moment_of(text, day) for text in raw)
    is_read = all(
        bool(text.strip()) == bool(at) for text, at in zip(raw, (began, ended), strict=True)
    )
    return rules.WantedTime(segment, began, ended, None if is_read else raw)


def moment_of(text: str, day: datetime.date) -> datetime.datetime | None:
    """The time of day as a moment of the day in Stockholm; nothing when it is not a time."""
    match = _TIME.match(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    at = datetime.time(int(match[1]), int(match[2]))
    return datetime.datetime.combine(day, at, queries.ZONE())


@login_required
@require_POST
def undo(request: HttpRequest, occasion: str) -> HttpResponse:
    """Take back «everyone is present»."""
    found = markable(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    try:
        operation = uuid.UUID(request.POST.get("tryck", ""))
    except ValueError:
        raise Http404 from None
    try:
        count = marking.undo_all_present(
            occasion_id=found.pk, operation_id=operation, actor=user_of(request)
        )
    except Refused as error:
        say_refused(request, error)
    else:
        messages.success(
            request,
            ngettext(
                "%(count)d person is no longer marked.",
                "%(count)d persons are no longer marked.",
                count,
            )
            % {"count": count},
        )
    return redirect("attendance:marking", occasion=found.public_id)


@login_required
@require_POST
def add_temporary(request: HttpRequest, occasion: str) -> HttpResponse:
    """Write down someone by name only, and save the marks and times of the same page."""
    found = markable(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    wanted = wanted_from(request.POST, found)
    form = TemporaryForm(request.POST, asks="another" in request.POST)
    if not form.is_valid():
        return _page(request, found, wanted=wanted, form=form, status=422)
    clean = form.cleaned_data
    try:
        saved = marking.save_and_add(
            occasion_id=found.pk,
            wanted=wanted,
            first_name=clean["first_name"],
            last_name=clean["last_name"],
            another=clean.get("another", False),
            actor=user_of(request),
        )
    except SameName as error:
        form = TemporaryForm(request.POST, asks=True)
        form.add_error("another", str(error.message))
        return _page(request, found, wanted=wanted, form=form, status=422)
    except Refused as error:
        return _refused(request, found, error, wanted, form)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, found, wanted=wanted, form=form, status=422)
    if saved.changed:
        _say_saved(request, saved)
    messages.success(request, _("The person is on the list, marked as present."))
    return redirect("attendance:marking", occasion=found.public_id)
