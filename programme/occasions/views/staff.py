"""What staff read: the list of occasions, and one with everyone invited."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from core.pages import paginate
from people.access import below, held_by
from people.display import name_of
from people.models import Capability, User
from programme.message_audiences import writing_to
from programme.models import AdaptationNeed, Group, Occasion
from programme.occasions import access, checks, queries
from programme.occasions.access import reader
from programme.occasions.clock import breaks_in_words
from programme.queries import administrations_for
from programme.venues.access import may_see_needs_of, needs_at


@login_required
@require_safe
def occasion_list(request: HttpRequest) -> HttpResponse:
    """Occasions to come, or those asked for."""
    user = reader(request)
    wanted = queries.Filter(
        since=request.GET.get("fran", ""),
        until=request.GET.get("till", ""),
        district=request.GET.get("forvaltning", ""),
        group=request.GET.get("grupp", ""),
        state=request.GET.get("lage", ""),
        lack=request.GET.get("saknar", ""),
    )
    now = timezone.now()
    page = paginate(request.GET.get("page"), queries.occasions_for(user, wanted, now), per_page=50)
    groups = Group.objects.filter(
        below(user, Capability.ARRANGE, "district") | below(user, Capability.AUDIT, "district")
    )
    return render(
        request,
        "occasions/list.html",
        {
            "page": page,
            "rows": queries.rows(list(page.object_list), now),
            "wanted": wanted,
            "districts": administrations_for(user, Capability.ARRANGE)
            or administrations_for(user, Capability.AUDIT),
            "groups": list(groups.order_by("name", "pk").values_list("public_id", "name")),
            "may_change": held_by(user).can(Capability.ARRANGE),
        },
    )


def needs_shown(user: User, occasion: Occasion) -> list[tuple[AdaptationNeed, str]]:
    """What those invited need, with their names; that it was read is noted."""
    found = [(need, name_of(need.person, user)) for need in needs_at(user, occasion)]
    if found:
        record_reading("need.read", occasion.public_id)
    return found


@login_required
@require_safe
def occasion_page(request: HttpRequest, occasion: str) -> HttpResponse:
    """One occasion: facts, who is invited, what they need, and what has happened."""
    user = reader(request)
    found = get_object_or_404(
        queries.with_counts(access.seen_by(user)).select_related(
            "group__course", "district", "unit", "programme"
        ),
        public_id=occasion,
    )
    now = timezone.now()
    start = timezone.localtime(found.starts_at)
    trainers = list(found.trainers.order_by("first_name", "last_name"))
    bookings = found.standing_bookings  # type: ignore[attr-defined]
    booked = bookings[0] if bookings else None
    standing = found.state == Occasion.State.PLANNED
    findings = (
        checks.look_ahead(found, venue=booked.venue if booked else None, trainers=trainers)
        if standing and found.ends_at > now
        else None
    )
    may_change = held_by(user).covers(Capability.ARRANGE, found.district)
    return render(
        request,
        "occasions/occasion.html",
        {
            "occasion": found,
            "row": queries.rows([found], now)[0],
            "breaks": breaks_in_words(found.breaks, start),
            "booking": booked,
            "trainers": trainers,
            "roster": queries.roster_of(found, user),
            "shows_needs": may_see_needs_of(user, found),
            "needs": needs_shown(user, found),
            "findings": checks.in_words(findings.found) if findings else [],
            "events": queries.events_of(found),
            "may_change": may_change and standing,
            "ahead": standing and found.starts_at > now,
            "write_to": writing_to(user, "occasion_expected", found.public_id),
        },
    )
