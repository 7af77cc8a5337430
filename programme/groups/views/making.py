"""Making a group: choose, look at the days, change them, save. Copies come the same way."""

import datetime
import itertools
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.workdays import is_working_day
from people.models import User
from programme.errors import NotAllowed, Refused
from programme.groups import copying, making, reading, rules
from programme.groups.forms import ChangeForm, DaysForm, MakeForm
from programme.groups.views.base import arranged_districts, arranger, the_group
from programme.groups.views.laying import (
    changed_before,
    changed_by_hand,
    days_sent,
    laid_by,
)
from programme.groups.words import in_words
from programme.hours.errors import MonthLocked
from programme.models import Course, Group, LearningUnit, Occasion, Programme, Venue
from programme.queries import settings_on
from programme.views.base import say_refused, the_programme


@login_required
def make(request: HttpRequest) -> HttpResponse:
    """A new group with all its occasions."""
    user = arranger(request)
    return _make(request, user, the_programme(), None)


@login_required
def copy(request: HttpRequest, group: str) -> HttpResponse:
    """Another group with the settings, rhythm, trainers and venue of this one."""
    user = arranger(request)
    return _make(request, user, the_programme(), the_group(user, group))


def _make(
    request: HttpRequest, user: User, programme: Programme, source: Group | None
) -> HttpResponse:
    form = MakeForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(programme, source),
        courses=programme.courses.filter(in_use=True),
        districts=arranged_districts(user),
        waves=programme.waves.all(),
        venues=Venue.objects.filter(in_use=True, district__in=arranged_districts(user)),
    )
    if request.method != "POST" or not form.is_valid() or "back" in request.POST:
        page = {"form": form, "source": source, "kept": _kept(request, form)}
        return render(request, "groups/make.html", page, status=422 if form.errors else 200)
    units = _units(form.cleaned_data["course"])
    saving = "save" in request.POST
    proposed = laid_by(form, units)
    days = DaysForm(
        request.POST if saving else proposed | changed_before(request.POST, proposed),
        units=units,
        programme_id=form.cleaned_data["course"].programme_id,
    )
    carried = _carried(days, units, source, form, user)
    if saving and days.is_valid():
        try:
            group = making.make_group(
                course=form.cleaned_data["course"],
                settings=form.settings(),
                days=carried.days,
                venue=form.cleaned_data["venue"],
                exception_reason=form.cleaned_data["exception_reason"],
                copied_from=source,
                actor=user,
            )
        except NotAllowed as error:
            raise Http404 from error
        except MonthLocked:
            # Locked since the form was looked at: looked at again it says which days.
            days.full_clean()
        except Refused as error:
            say_refused(request, error)
        else:
            messages.success(request, _("The group and its occasions are planned."))
            for note in carried.notes:
                messages.warning(request, note)
            return redirect("groups:group", group=group.public_id)
    return render(
        request,
        "groups/preview.html",
        {
            "form": form,
            "days": days,
            "rows": _rows(days, units, carried),
            "notes": [*_notes(days, units, programme), *carried.notes],
            "source": source,
        },
        status=422 if saving else 200,
    )


def _carried(
    days: DaysForm, units: list[LearningUnit], source: Group | None, form: MakeForm, user: User
) -> copying.Carried:
    """The days as chosen; those of a copy with its trainers and venues."""
    if not days.is_valid():
        return copying.Carried(())
    chosen = _chosen(days, units)
    if source is None or source.course_id != form.cleaned_data["course"].pk:
        return copying.Carried(tuple(chosen))
    return copying.carry(source, chosen, user, with_venue=not form.cleaned_data["venue"])


def _units(course: Course) -> list[LearningUnit]:
    return list(course.units.filter(in_use=True).order_by("number"))


def _initial(programme: Programme, source: Group | None) -> dict[str, Any]:
    size = settings_on(programme, timezone.localdate())["group_size"]
    if source is None:
        return {"seats": size, "time": datetime.time(9, 0)}
    names = list(Group.objects.filter(course=source.course_id).values_list("name", flat=True))
    first = Occasion.objects.standing().filter(group=source).order_by("starts_at").first()
    return {
        "course": source.course.key,
        "name": rules.next_name(source.name, names),
        "district": source.district.public_id,
        "wave": source.wave.public_id if source.wave else "",
        "seats": source.seats,
        "note": source.note,
        "time": timezone.localtime(first.starts_at).time() if first else datetime.time(9, 0),
        "weeks": _rhythm(source),
    }


def _rhythm(source: Group) -> int | None:
    """The weeks between the source's occasions, when they are the same throughout."""
    moments = (
        Occasion.objects.standing()
        .filter(group=source)
        .order_by("starts_at")
        .values_list("starts_at", flat=True)
    )
    days = [timezone.localtime(moment).date() for moment in moments]
    gaps = {(later - earlier).days for earlier, later in itertools.pairwise(days)}
    gap = gaps.pop() if len(gaps) == 1 else 0
    return gap // 7 if gap and gap % 7 == 0 else None


def _kept(request: HttpRequest, form: MakeForm) -> dict[str, str]:
    """The days that staff changed in the preview, which the form takes along unseen."""
    if "back" not in request.POST or not form.is_valid():
        return days_sent(request.POST)
    return changed_by_hand(request.POST, laid_by(form, _units(form.cleaned_data["course"])))


def _chosen(days: DaysForm, units: list[LearningUnit]) -> list[making.Day]:
    clean = days.cleaned_data
    return [
        making.Day(unit, clean[f"day-{unit.number}"], clean[f"time-{unit.number}"])
        for unit in units
    ]


@dataclass(frozen=True)
class DayRow:
    """One line of the preview: the unit with its two fields, and what stands out."""

    unit: LearningUnit
    day: Any
    time: Any
    ends: datetime.datetime | None
    day_off: bool
    # What a copy takes along.
    trainers: tuple[User, ...] = ()
    venue: Venue | None = None


def _rows(days: DaysForm, units: list[LearningUnit], carried: copying.Carried) -> list[DayRow]:
    chosen = {row.unit.pk: row for row in carried.days}
    return [_row(days, unit, chosen.get(unit.pk) or _as_sent(days, unit)) for unit in units]


def _row(days: DaysForm, unit: LearningUnit, laid: making.Day | None) -> DayRow:
    day, time = days[f"day-{unit.number}"], days[f"time-{unit.number}"]
    if laid is None:
        return DayRow(unit, day, time, None, False)
    day_off = not is_working_day(laid.date)
    return DayRow(unit, day, time, laid.ends_at, day_off, laid.trainers, laid.venue)


def _as_sent(days: DaysForm, unit: LearningUnit) -> making.Day | None:
    """What the row says by itself, also where it is refused beside another."""
    try:
        day, time = (
            days.fields[name].clean(days[name].value())
            for name in (f"day-{unit.number}", f"time-{unit.number}")
        )
    except ValidationError:
        return None
    return making.Day(unit, day, time)


def _notes(days: DaysForm, units: list[LearningUnit], programme: Programme) -> list[str]:
    """What the rules say of the days; they advise and never stop."""
    if not days.is_valid() or not units:
        return []
    limits = reading.limits_on(programme, timezone.localdate())
    chosen, now = _chosen(days, units), timezone.now()
    laid = rules.Standing(
        size=limits.lowest,
        days=tuple(row.date for row in chosen),
        passed=sum(row.ends_at <= now for row in chosen),
    )
    return [in_words(found) for found in rules.warnings(laid, limits)]


@login_required
def change(request: HttpRequest, group: str) -> HttpResponse:
    """Another name, place, wave or size, with a reason."""
    user = arranger(request)
    found = the_group(user, group)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        initial={
            "name": found.name,
            "district": found.district.public_id,
            "wave": found.wave.public_id if found.wave else "",
            "seats": found.seats,
            "note": found.note,
        },
        districts=arranged_districts(user),
        waves=the_programme().waves.all(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            making.change_group(
                group_id=found.pk,
                settings=form.settings(),
                reason=form.cleaned_data["reason"],
                actor=user,
            )
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Saved. The change and its reason are kept."))
            return redirect("groups:group", group=found.public_id)
    status = 422 if form.errors else 200
    return render(request, "groups/change.html", {"form": form, "group": found}, status=status)
