"""Placing: a proposal for all who wait, changed as staff see fit, confirmed all at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.display import name_of
from people.models import User
from programme.errors import NotAllowed, Refused
from programme.groups import clashing, placing, reading
from programme.groups.placing_rules import Room, Waiting, propose
from programme.groups.rules import shares
from programme.groups.views.base import arranger
from programme.groups.words import held_in_words
from programme.models import Course, Group, Participation
from programme.queries import without_manager
from programme.views.base import say_refused, the_programme

FIELD = "grupp-"


@login_required
def place(request: HttpRequest) -> HttpResponse:
    """Everyone who waits for a group in one course, with a proposal."""
    user = arranger(request)
    courses = list(the_programme().courses.filter(in_use=True, kind__isnull=False))
    course = _course(request, courses)
    if course is None:
        raise Http404
    waiting = list(reading.unplaced(user, course.pk))
    groups = list(reading.groups_for(user).filter(course=course, state__in=placing.OPEN))
    kept: dict[str, str] = {}
    if request.method == "POST":
        try:
            number = placing.place(wanted=_wanted(request, waiting, groups), actor=user)
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            say_refused(request, error)
            # Who waits is what is so now; what was chosen for them stands as it was chosen.
            kept = _chosen(request)
            waiting = list(reading.unplaced(user, course.pk))
        else:
            text = ngettext("%(n)d person is placed.", "%(n)d persons are placed.", number)
            messages.success(request, text % {"n": number})
            return redirect(f"{request.path}?kurs={course.key}")
    barred = clashing.barred(waiting, [group.pk for group in groups])
    # Into a group that has begun only by hand: whoever joins late has missed something.
    fresh = [g for g in groups if g.state == Group.State.PLANNED and not reading.held(g)]
    proposed = _propose(waiting, fresh, barred)
    left = sum(p.pk not in proposed for p in waiting)
    if kept:
        by_public = {group.public_id: group.pk for group in groups}
        proposed = {
            p.pk: by_public[kept[p.public_id]]
            for p in waiting
            if kept.get(p.public_id) in by_public
        }
        left = 0
    everywhere = "alla" in request.GET
    return render(
        request,
        "groups/place.html",
        {
            "course": course,
            "courses": _with_waiting(courses, user),
            "rows": _rows(waiting, groups, proposed, barred, user, everywhere=everywhere),
            "everywhere": everywhere,
            "groups": groups,
            "fillings": _fillings(groups, waiting, proposed),
            "full": sum(not _has_room(group) for group in groups),
            "lacking": sorted(without_manager(waiting).values()),
            "left": left,
            "missed": any(reading.held(group) for group in groups),
        },
        status=422 if request.method == "POST" else 200,
    )


def _course(request: HttpRequest, courses: list[Course]) -> Course | None:
    wanted = request.POST.get("kurs") or request.GET.get("kurs", "")
    return next((c for c in courses if c.key == wanted), courses[0] if courses else None)


def _with_waiting(courses: list[Course], user: User) -> list[tuple[Course, int]]:
    """How many wait in each course: the list of groups counts them all together."""
    counted = _count(list(reading.unplaced(user).order_by().values_list("course_id", flat=True)))
    return [(course, counted.get(course.pk, 0)) for course in courses]


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the page said of each person, by public key; empty for whoever waits."""
    return {
        name.removeprefix(FIELD): str(value)
        for name, value in request.POST.items()
        if name.startswith(FIELD)
    }


def _wanted(
    request: HttpRequest, waiting: list[Participation], groups: list[Group]
) -> dict[int, int]:
    """Group by participation as chosen on the page; who is no longer waiting counts too.

    Somebody who was placed meanwhile is not in the list any more, but was on the page:
    the action must hear of it and refuse.
    """
    by_public = {group.public_id: group.pk for group in groups}
    sent = {
        public_id: by_public[value]
        for public_id, value in _chosen(request).items()
        if value in by_public
    }
    ids = {p.public_id: p.pk for p in waiting}
    missing = [public_id for public_id in sent if public_id not in ids]
    ids |= dict(Participation.objects.filter(public_id__in=missing).values_list("public_id", "pk"))
    return {ids[public_id]: group for public_id, group in sent.items() if public_id in ids}


def _propose(
    waiting: list[Participation], groups: list[Group], barred: Mapping[int, frozenset[int]]
) -> dict[int, int]:
    members = reading.memberships_of([group.pk for group in groups])
    rooms = [
        Room(
            id=group.pk,
            district_id=group.district_id,
            seats=group.seats,
            size=len(members[group.pk]),
            units=_count([p.unit_id for p in members[group.pk]]),
            sexes={s.name: s.number for s in shares([p.person.sex for p in members[group.pk]])},
        )
        for group in groups
    ]
    return propose(
        [
            Waiting(p.pk, p.district_id, p.unit_id, p.person.sex, barred.get(p.pk, frozenset()))
            for p in waiting
        ],
        rooms,
    )


def _count(values: list[int]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for value in values:
        counted[value] = counted.get(value, 0) + 1
    return counted


@dataclass(frozen=True)
class Option:
    """A group to choose, worded once for all rows."""

    value: str
    label: str


@dataclass(frozen=True)
class Row:
    """One person who waits: name, where from, and the groups to choose from."""

    participation: Participation
    name: str
    field: str
    proposed: str
    # Groups in the own administration first; the lists are shared between the rows.
    near: list[Option]
    far: list[Option]
    # Groups among them that meet while the person is expected at something else.
    busy: str = ""


def _rows(
    waiting: list[Participation],
    groups: list[Group],
    proposed: dict[int, int],
    barred: Mapping[int, frozenset[int]],
    viewer: User,
    *,
    everywhere: bool,
) -> list[Row]:
    """A line for each; groups elsewhere only when asked for, or when none at home has room.

    Fifty groups in each of three hundred lists would make a page that no phone opens.
    """
    public = {group.pk: group.public_id for group in groups}
    names = {group.public_id: group.name for group in groups}
    options = [(group, Option(group.public_id, _label(group))) for group in groups]
    districts = {p.district_id for p in waiting}
    near = {d: [o for g, o in options if g.district_id == d] for d in districts}
    far = {
        d: [o for g, o in options if g.district_id != d and _has_room(g)]
        if everywhere or not any(g.district_id == d and _has_room(g) for g in groups)
        else []
        for d in districts
    }
    busy = {pk: {public[each] for each in several} for pk, several in barred.items()}
    return [
        Row(
            participation=p,
            name=name_of(p.person, viewer),
            field=f"{FIELD}{p.public_id}",
            proposed=public.get(proposed.get(p.pk, 0), ""),
            near=near[p.district_id],
            far=far[p.district_id],
            busy=", ".join(
                names[o.value]
                for o in (*near[p.district_id], *far[p.district_id])
                if o.value in busy.get(p.pk, ())
            ),
        )
        for p in waiting
    ]


def _label(group: Group) -> str:
    filled = f"{group.name} ({_size(group)}/{group.seats})"
    if group.state == Group.State.STARTED:
        filled = _("%(group)s, has begun") % {"group": filled}
    held = reading.held(group)
    return f"{filled}, {held_in_words(held, reading.planned(group))}" if held else filled


def _fillings(
    groups: list[Group], waiting: list[Participation], proposed: dict[int, int]
) -> list[dict[str, object]]:
    """How full each group with room is, and would be."""
    coming = _count([proposed[p.pk] for p in waiting if p.pk in proposed])
    return [
        {
            "group": group,
            "now": _size(group),
            "coming": coming.get(group.pk, 0),
            "note": _("%(n)d would come") % {"n": coming.get(group.pk, 0)},
        }
        for group in groups
        if _has_room(group)
    ]


def _size(group: Group) -> int:
    """Note: reads ``size``, as ``reading.groups_for`` gives it."""
    size: int = getattr(group, "size", 0)
    return size


def _has_room(group: Group) -> bool:
    return _size(group) < group.seats
