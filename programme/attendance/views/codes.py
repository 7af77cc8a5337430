"""The code on the screen, checking in with it, and the participant's own code."""

import datetime
import secrets
from dataclasses import dataclass

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.display import name_of
from people.models import Person, User
from programme.attendance import access, checking, codes, queries
from programme.attendance.forms import CodeForm
from programme.attendance.views.base import called_off, markable, need, page_of
from programme.errors import Refused
from programme.models import Occasion, Segment
from programme.views.base import say_refused, user_of

TICKET = "attendance_ticket"
DEVICE, DEVICE_DAYS = "enhet", 365
REFUSED = "attendance/check_in.html"


@login_required
@never_cache
@require_safe
def screen(request: HttpRequest, occasion: str) -> HttpResponse:
    """The code for the projector; a page without script asks for the next one by itself."""
    found = markable(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    context = page_of(request, found, "screen", may_mark=True) | _screen(request, found)
    return render(request, "attendance/screen.html", context | {"code_form": CodeForm()})


@login_required
@never_cache
@require_safe
def screen_now(request: HttpRequest, occasion: str) -> HttpResponse:
    """Only the part of the screen that changes, for the page's script."""
    found = markable(request, occasion)
    return render(request, "attendance/parts/code.html", _screen(request, found))


def _screen(request: HttpRequest, occasion: Occasion) -> dict[str, object]:
    now, terms = timezone.now(), checking.terms_of(occasion)
    here, expected = checking.counted_inside(occasion)
    is_open = terms.open_at(now) and occasion.state != Occasion.State.CANCELLED
    shown: dict[str, object] = {"occasion": occasion, "terms": terms, "open": is_open}
    shown |= {"inside": here, "expected": expected, "seconds": 60}
    if is_open:
        code = checking.code_of(occasion, terms, now)
        address = request.build_absolute_uri(reverse("attendance:scan", args=[code]))
        shown |= {
            "code": codes.shown(code),
            "qr": qr_of(address),
            "seconds": codes.seconds_left(now, terms.step),
            "typed_at": request.build_absolute_uri(reverse("attendance:check_in")),
        }
    return shown


def qr_of(address: str) -> SafeString:
    """The address as a drawing; made by us from our own address only."""
    made = segno.make(address, error="m", micro=False)
    drawing = made.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None, light="#fff")
    return mark_safe(drawing)


@login_required
@require_POST
def renew(request: HttpRequest, occasion: str) -> HttpResponse:
    """Make the codes shown so far worthless."""
    found = markable(request, occasion)
    if (off := called_off(request, found)) is not None:
        return off
    checking.renew_codes(occasion_id=found.pk, actor=user_of(request))
    messages.success(request, _("The codes are new. Those shown before no longer count."))
    return redirect("attendance:screen", occasion=found.public_id)


# The participant


@never_cache
@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """The address behind the QR code: remembers that the code was read in time.

    The code leaves the address at once. Who must sign in first does so in peace;
    without an account nothing is told of whether the code was right.
    """
    occasion = checking.find(code, timezone.now())
    if occasion is not None:
        _remember(request, occasion)
    page = reverse("attendance:check_in")
    if not request.user.is_authenticated:
        return redirect_to_login(page)
    if occasion is None:
        return _check_in_page(request, user_of(request), refused=_old_code(), status=422)
    return redirect(page)


def _old_code() -> str:
    return _(
        "The code does not count any longer, or was mistyped. It changes all the time: read the"
        " one that the screen in the room shows now. Nothing was recorded."
    )


def _remember(request: HttpRequest, occasion: Occasion) -> None:
    request.session[TICKET] = {"occasion": occasion.pk, "at": timezone.now().timestamp()}


@dataclass(frozen=True)
class Ticket:
    """That this browser has read a code in time."""

    occasion: Occasion
    read_at: datetime.datetime


def _ticket(request: HttpRequest) -> Ticket | None:
    kept = request.session.get(TICKET)
    if not kept:
        return None
    occasion = (
        Occasion.objects.standing().select_related("programme").filter(pk=kept["occasion"]).first()
    )
    read_at = datetime.datetime.fromtimestamp(kept["at"], datetime.UTC)
    if occasion is None or timezone.now() > read_at + checking.terms_of(occasion).finish:
        return None
    return Ticket(occasion, read_at)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Check in or out with a code that was read, or typed here."""
    user = user_of(request)
    if request.method != "POST":
        return _check_in_page(request, user)
    if "code" in request.POST:
        return _typed(request, user)
    return _carry_out(request, user)


def _typed(request: HttpRequest, user: User) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _check_in_page(request, user, form=form, status=422)
    occasion = checking.find(form.cleaned_data["code"], timezone.now())
    if occasion is None:
        form.add_error("code", _old_code())
        return _check_in_page(request, user, form=form, status=422)
    _remember(request, occasion)
    person = queries.person_of(user)
    if person is not None and checking.inside(occasion, person) is None:
        return _carry_out(request, user)
    return redirect("attendance:check_in")


def _carry_out(request: HttpRequest, user: User) -> HttpResponse:
    ticket, person = _ticket(request), queries.person_of(user)
    if person is None:
        return _check_in_page(request, user, refused=_no_person(), status=422)
    if ticket is None:
        return _check_in_page(request, user, refused=_old_code(), status=422)
    device = request.get_signed_cookie(DEVICE, default="") or secrets.token_urlsafe(18)
    try:
        if request.POST.get("do") == "out":
            checking.check_out(occasion_id=ticket.occasion.pk, person_id=person.pk, actor=user)
            messages.success(request, _("You are checked out. Thank you for today."))
        else:
            checking.check_in(
                occasion_id=ticket.occasion.pk,
                person_id=person.pk,
                actor=user,
                device=codes.device_digest(
                    settings.SECRET_KEY, occasion=ticket.occasion.public_id, device=device
                ),
                read_at=ticket.read_at,
            )
            messages.success(
                request, _("You are checked in at “%(title)s”.") % {"title": ticket.occasion.title}
            )
    except Refused as error:
        return _check_in_page(request, user, refused=str(error.message), status=422)
    request.session.pop(TICKET, None)
    response = redirect("attendance:check_in")
    response.set_signed_cookie(
        DEVICE,
        device,
        max_age=DEVICE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def _no_person() -> str:
    return _("Your account does not belong to a participant, so there is nobody to check in.")


def _check_in_page(
    request: HttpRequest,
    user: User,
    *,
    form: CodeForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    person, now = queries.person_of(user), timezone.now()
    # What was typed and refused is typed again, whatever code was read before it.
    ticket = None if refused or form else _ticket(request)
    current = checking.open_for(person, now) if person else []
    return render(
        request,
        "attendance/check_in.html",
        {
            "form": form or CodeForm(),
            "refused": refused or ("" if person else _no_person()),
            "person": person,
            "ticket": ticket,
            "ticket_inside": checking.inside(ticket.occasion, person)
            if ticket and person
            else None,
            "current": [(one, checking.inside(one, person)) for one in current if person],
        },
        status=status,
    )


@login_required
@never_cache
@require_safe
def own_code(request: HttpRequest) -> HttpResponse:
    """The participant's own code of the day, for the trainer to scan or type."""
    person = queries.person_of(user_of(request))
    need(person)
    assert person is not None
    code = checking.personal_code_of(person, timezone.localdate())
    address = request.build_absolute_uri(reverse("attendance:personal", args=[code]))
    return render(
        request,
        "attendance/own_code.html",
        {"code": codes.shown(code), "qr": qr_of(address), "day": timezone.localdate()},
    )


# Staff, with a participant's code


@login_required
@never_cache
@require_safe
def personal(request: HttpRequest, code: str) -> HttpResponse:
    """What a scanned personal code opens for staff: whose it is, and where to check in."""
    user, now = user_of(request), timezone.now()
    margin = datetime.timedelta(hours=4)
    near = access.marked_by(user).filter(
        starts_at__lt=now + margin, ends_at__gt=now - margin, state=Occasion.State.PLANNED
    )
    found: list[tuple[Occasion, Person, Segment | None]] = []
    for occasion in near.select_related("programme", "district"):
        person = checking.holder_of(code, occasion)
        if person is not None and checking.terms_of(occasion).open_at(now):
            found.append((occasion, person, checking.inside(occasion, person)))
    need(found)
    return render(
        request,
        "attendance/personal.html",
        {"found": found, "code": code, "name": name_of(found[0][1], user)},
    )


@login_required
@require_POST
def check_in_person(request: HttpRequest, occasion: str) -> HttpResponse:
    """Staff check a participant in or out by the participant's own code.

    A page that offered one of them posts which, so that sending it again is the same once more.
    A code typed without that checks out whoever is in.
    """
    occasion_ = markable(request, occasion)
    if (off := called_off(request, occasion_)) is not None:
        return off
    user, form = user_of(request), CodeForm(request.POST)
    person = checking.holder_of(form.cleaned_data["code"], occasion_) if form.is_valid() else None
    back = redirect("attendance:screen", occasion=occasion_.public_id)
    if person is None:
        messages.error(
            request,
            _("Nobody on the list has that code today. Ask the participant to open it again."),
        )
        return back
    is_in = checking.inside(occasion_, person) is not None
    out = {"in": False, "out": True}.get(request.POST.get("do", ""), is_in)
    action = checking.check_out if out else checking.check_in
    try:
        action(
            occasion_id=occasion_.pk,
            person_id=person.pk,
            actor=user,
            source=Segment.Source.PERSONAL_CODE,
        )
    except Refused as error:
        say_refused(request, error)
        return back
    say = messages.success if out == is_in else messages.info
    say(request, _done(out=out, already=out != is_in) % {"name": name_of(person, user)})
    return back


def _done(*, out: bool, already: bool) -> str:
    if already and out:
        return _("%(name)s was checked out already. Nothing was changed.")
    if already:
        return _("%(name)s was checked in already. Nothing was changed.")
    return _("%(name)s is checked out.") if out else _("%(name)s is checked in.")
