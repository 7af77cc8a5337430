"""What a guest meets: a form, a thank-you, and the page that the mail's link opens."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programme.errors import Refused
from programme.guests import access, actions, links
from programme.guests.forms import AskForm
from programme.models import Guest, GuestList, Occasion
from programme.occasions import calendar
from programme.venues.booking import booked_venue, hours_in_words
from programme.views.base import say_refused

TOO_MANY = 429


def _list(occasion: str) -> GuestList:
    found = access.public_list(occasion)
    if found is None:
        raise Http404
    return found


def _facts(found: Occasion) -> dict[str, object]:
    return {
        "occasion": found,
        "when": hours_in_words(found.starts_at, found.ends_at),
        "venue": booked_venue(found),
        "takes_guests": True,
        "cancelled": found.state == Occasion.State.CANCELLED,
    }


def ask(request: HttpRequest, occasion: str) -> HttpResponse:
    """The form; whatever address is given, the answer is the same."""
    found = _list(occasion)
    form = AskForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            # A program filled in what nobody sees: it is told what everybody is told.
            return redirect("guests:thanks", occasion=occasion)
        key = f"{found.pk}:{form.cleaned_data['email'].lower()}"
        if not ratelimit.consume(request, action="guest", key=key):
            form.add_error(None, _("Too many tries. Wait a few minutes and try again."))
            status = TOO_MANY
        else:
            try:
                actions.ask(
                    list_id=found.pk,
                    name=form.cleaned_data["name"],
                    email=form.cleaned_data["email"],
                    municipality=form.cleaned_data["municipality"],
                )
            except Refused as error:
                form.add_error(None, str(error.message))
            else:
                return redirect("guests:thanks", occasion=occasion)
    if form.errors and status == 200:
        status = 422
    return render(
        request,
        "guests/ask.html",
        {
            **_facts(found.occasion),
            "form": form,
            "list": found,
            "open": access.is_open(found, timezone.now()),
        },
        status=status,
    )


@require_safe
def thanks(request: HttpRequest, occasion: str) -> HttpResponse:
    """Look in your mail; says nothing of whether the address was known."""
    return render(request, "guests/thanks.html", _facts(_list(occasion).occasion))


@require_safe
def calendar_file(request: HttpRequest, occasion: str) -> HttpResponse:
    """The event for anybody's calendar."""
    found = _list(occasion).occasion
    page = request.build_absolute_uri(request.path.replace("kalender.ics", "anmal/"))
    content = calendar.public_file(found, booked_venue(found), page)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="evenemang-{occasion}.ics"'
    return response


def mine(request: HttpRequest, token: str) -> HttpResponse:
    """How my registration stands; a mail program that opens links confirms nothing."""
    guest = links.guest_of(token)
    if guest is None:
        raise Http404
    if request.method == "POST":
        _act(request, guest, token)
        response: HttpResponse = redirect("guests:mine", token=token)
    else:
        response = render(
            request,
            "guests/mine.html",
            {
                **_facts(guest.guest_list.occasion),
                "guest": guest,
                "over": guest.guest_list.occasion.ends_at <= timezone.now(),
            },
        )
    # The site's own policy sends no address to other sites. None at all would make the browser
    # hide the form's origin too, and the form would be refused.
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _act(request: HttpRequest, guest: Guest, token: str) -> None:
    try:
        if request.POST.get("answer") == "leave":
            actions.leave(guest_id=guest.pk)
            messages.success(request, _("You are no longer registered. Thank you for saying so."))
            return
        if guest.state == Guest.State.ASKED:
            links.ensure_fresh(guest, token, timezone.localdate())
        done = actions.confirm(guest_id=guest.pk)
    except Refused as error:
        say_refused(request, error)
    else:
        if done.state == Guest.State.CONFIRMED:
            messages.success(request, _("You are registered. Welcome!"))
        else:
            messages.warning(request, _("All seats are taken. Try again: seats may fall free."))
