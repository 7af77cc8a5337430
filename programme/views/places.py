"""Places and reserve lists, for those who handle them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.pages import paginate
from people import actions as people_actions
from people.access import NotAllowed as NotHeld
from people.access import held_by
from people.display import name_of
from people.models import Capability, Organisation, User
from programme import checks, queries
from programme.access import ADMINISTRATIONS
from programme.actions import places as actions
from programme.errors import NotAllowed, Refused, Stale
from programme.forms import MoveForm, ReasonForm, ReorderForm, ReplaceForm
from programme.models import Nomination, Participation, Place
from programme.staff import progress
from programme.staff.repairing import seatable
from programme.status import PLACE_STATUS, place_rows
from programme.views.base import ensure_can, say_refused, the_programme, user_of

ACTIONS = ("move", "reorder", "replace", "withdraw")


@login_required
@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """Who holds which place, and the reserve lists in their order."""
    user = ensure_can(request, Capability.PLACE)
    programme = the_programme()
    wanted = queries.PlaceFilter(
        wave=request.GET.get("omgang", ""),
        district=request.GET.get("forvaltning", ""),
        category=request.GET.get("kategori", ""),
        state=request.GET.get("lage", ""),
    )
    page = paginate(request.GET.get("page"), queries.places_for(user, wanted), per_page=50)
    return render(
        request,
        "programme/places.html",
        {
            "page": page,
            "rows": place_rows(page.object_list, user),
            "wanted": wanted,
            "waves": list(programme.waves.all()),
            "districts": queries.administrations_for(user, Capability.PLACE),
            "categories": list(programme.categories.order_by("pk")),
            "states": Place.State.choices,
        },
    )


@login_required
def place(request: HttpRequest, place: str) -> HttpResponse:
    """One place with everything that can be done with it."""
    user = ensure_can(request, Capability.PLACE)
    found = get_object_or_404(queries.places_for(user, queries.PlaceFilter()), public_id=place)
    forms = _forms(request, found, user)
    chosen = ""
    if request.method == "POST":
        chosen = request.POST.get("action", "")
        if chosen not in ACTIONS:
            raise Http404
        if chosen not in forms:
            # A second press, or a colleague who was faster: the page shows how it stands now.
            say_refused(request, Stale())
        elif forms[chosen].is_valid() and _carry_out(request, chosen, forms[chosen], found, user):
            return redirect("programme:place", place=found.public_id)
    where = (found.wave_id, found.district_id, found.category_id)
    standing = _standing(found)
    return render(
        request,
        "programme/place.html",
        {
            "place": found,
            "name": name_of(found.nomination.person, user),
            "status": PLACE_STATUS[Place.State(found.state)],
            "meter": checks.meters([where[0]], [where[1]]).get(where),
            "forms": forms,
            "bound": [form for form in forms.values() if form.is_bound],
            "position": _position(found),
            "unsaved": "" if chosen in forms else _unsaved(request, chosen, found),
            "standing": standing,
            "seatable": seatable(user, standing.repairs if standing else ()),
        },
        status=422 if request.method == "POST" else 200,
    )


def _unsaved(request: HttpRequest, chosen: str, found: Place) -> str:
    """The reason that was not taken; nothing when the first press has saved the same words."""
    written: str = request.POST.get(f"{chosen}-reason", "").strip()
    return "" if written == found.reason else written


def _standing(found: Place) -> progress.Standing | None:
    """How the place's ongoing participation goes, with what would repair it."""
    taken = (
        Participation.objects.ongoing()
        .filter(place=found)
        .select_related("course__programme", "category")
        .first()
    )
    return progress.of_one(taken) if taken else None


def _line(found: Place) -> list[Place]:
    return list(
        Place.objects.reserves()
        .filter(wave=found.wave_id, district=found.district_id, category=found.category_id)
        .select_related("nomination__person__unit")
    )


def _position(found: Place) -> int:
    ids = [each.pk for each in _line(found)]
    return ids.index(found.pk) + 1 if found.pk in ids else 0


def _forms(request: HttpRequest, found: Place, user: User) -> dict[str, Form]:
    """The forms that the place's state allows; the one that was sent is bound."""

    def data(name: str) -> dict[str, Any]:
        sent = request.method == "POST" and request.POST.get("action") == name
        return {"data": request.POST if sent else None, "prefix": name}

    state = Place.State(found.state)
    ended = state in (Place.State.DECLINED, Place.State.WITHDRAWN)
    if ended:
        return {}
    districts = Organisation.objects.filter(
        kind__in=ADMINISTRATIONS, quotas__isnull=False
    ).distinct()
    forms: dict[str, Form] = {
        "move": MoveForm(
            **data("move"),
            districts=districts,
            initial={"wave": found.wave.public_id, "district": found.district.public_id},
        ),
        "withdraw": ReasonForm(**data("withdraw")),
    }
    line = _line(found)
    if state == Place.State.RESERVE:
        forms["reorder"] = ReorderForm(**data("reorder"))
    elif line and found.uses_quota:
        reserves = [
            (each.public_id, f"{rank}. {name_of(each.nomination.person, user)}")
            for rank, each in enumerate(line, start=1)
        ]
        forms["replace"] = ReplaceForm(**data("replace"), reserves=reserves)
    return forms


def _carry_out(request: HttpRequest, chosen: str, form: Form, found: Place, user: User) -> bool:
    """Do what was asked; say so, or why not."""
    clean = form.cleaned_data
    reason = clean["reason"]
    doing: dict[str, Callable[[], Place]] = {
        "withdraw": lambda: actions.withdraw(place_id=found.pk, reason=reason, actor=user),
        "reorder": lambda: actions.reorder(
            place_id=found.pk, position=clean["position"], reason=reason, actor=user
        ),
        "replace": lambda: actions.replace(
            place_id=found.pk,
            with_place_id=get_object_or_404(
                queries.places_for(user, queries.PlaceFilter()), public_id=clean["with_place"]
            ).pk,
            reason=reason,
            actor=user,
        ),
        "move": lambda: actions.move(
            place_id=found.pk,
            wave=clean["wave"],
            district=clean["district"],
            reason=reason,
            actor=user,
        ),
    }
    try:
        doing[chosen]()
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
        return False
    messages.success(request, _("Done. The change and its reason are kept."))
    return True


@login_required
def identity(request: HttpRequest, nomination: str) -> HttpResponse:
    """Show a whole identity number once, to someone who may and says why."""
    user = user_of(request)
    found = get_object_or_404(
        Nomination.objects.select_related("person__unit", "case"), public_id=nomination
    )
    if not held_by(user).covers(Capability.REVEAL_IDENTITY, found.person.unit):
        raise Http404
    form = ReasonForm(request.POST or None)
    number = ""
    if request.method == "POST" and form.is_valid():
        try:
            number = people_actions.reveal_identity(
                person=found.person, reason=form.cleaned_data["reason"], actor=user
            )
        except NotHeld as error:
            raise Http404 from error
        except people_actions.Refused as error:
            form.add_error("reason", str(error.message))
    response = render(
        request,
        "programme/identity.html",
        {
            "nomination": found,
            "name": name_of(found.person, user),
            "form": form,
            "number": number,
        },
        status=422 if form.errors else 200,
    )
    response["Cache-Control"] = "no-store"
    return response
