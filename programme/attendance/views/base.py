"""What the pages of attendance share."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from people.access import held_by
from people.models import Capability
from programme.attendance import access
from programme.models import Occasion
from programme.views.base import user_of


def readable(request: HttpRequest, public_id: str) -> Occasion:
    """The occasion, if the user may read its attendance; otherwise there is no such page."""
    return _found(access.readable_by(user_of(request)), public_id)


def markable(request: HttpRequest, public_id: str) -> Occasion:
    """The occasion, if the user marks its attendance; otherwise there is no such page."""
    return _found(access.marked_by(user_of(request)), public_id)


def arrangeable(request: HttpRequest, public_id: str) -> Occasion:
    """The occasion, if the user arranges where it is: what needs more than teaching it."""
    return _found(Occasion.objects.arranged_by(user_of(request)), public_id)


def _found(occasions: Any, public_id: str) -> Occasion:
    found: Occasion = get_object_or_404(
        occasions.select_related("programme", "district", "group"), public_id=public_id
    )
    return found


def page_of(
    request: HttpRequest, occasion: Occasion, here: str, *, may_mark: bool
) -> dict[str, Any]:
    """What every page about one occasion shows: where it is, and the ways onward."""
    tabs = [("marking", _("List"))]
    if may_mark:
        tabs += [("screen", _("Code on the screen")), ("reports", _("Meeting report"))]
        tabs += [("paper", _("On paper"))]
    return {
        "occasion": occasion,
        "crumbs": crumbs(request, occasion),
        "tabs": [
            (reverse(f"attendance:{name}", args=[occasion.public_id]), label, name == here)
            for name, label in tabs
        ],
        "may_mark": may_mark,
    }


def crumbs(request: HttpRequest, occasion: Occasion) -> list[tuple[str, str]]:
    """The way to the occasion's own page, as whoever looks reaches it."""
    held = held_by(user_of(request))
    if held.covers(Capability.ARRANGE, occasion.district):
        name = "occasions:occasion"
    elif held.can(Capability.TEACH):
        name = "occasions:taught"
    else:
        return []
    return [(reverse(name, args=[occasion.public_id]), occasion.title)]


def called_off(request: HttpRequest, occasion: Occasion) -> HttpResponse | None:
    """The page of a cancelled occasion, where nothing is to be filled in; nothing while it stands."""
    if occasion.state != Occasion.State.CANCELLED:
        return None
    return render(
        request,
        "occasions/called_off.html",
        {"occasion": occasion, "crumbs": crumbs(request, occasion)},
        status=422 if request.method == "POST" else 200,
    )


def need(value: object) -> None:
    """No page for what is missing."""
    if not value:
        raise Http404
