"""The participant's certificates, the public page that checks one, and the office's lists."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.reads import record_reading
from core.pages import paginate
from people.display import name_of
from people.models import User
from people.ordering import by_name
from programme.errors import NotAllowed, Refused
from programme.forms import ReasonForm
from programme.models import Month, Statement
from programme.months.rules import month_of
from programme.views.base import say_refused, the_programme, user_of
from reports.certificates import access, actions, printing, sources, tasks
from reports.models import Certificate

# Checks of certificates from one address in a minute; a person who reads papers needs fewer.
CHECKS_A_MINUTE = 30


@require_safe
def check(request: HttpRequest, certificate: str) -> HttpResponse:
    """Whether the certificate is valid, and of which course; nothing about the person."""
    if _asks_too_often(request):
        return HttpResponse(
            _("Too many questions. Wait a minute and try again."),
            status=429,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "60", "X-Robots-Tag": "noindex"},
        )
    found = get_object_or_404(
        Certificate.objects.only(
            "course_name", "kind", "public_id", "revoked_at", "replaced_by_id"
        ),
        public_id=certificate,
    )
    response = render(request, "certificates/check.html", {"certificate": found})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _asks_too_often(request: HttpRequest) -> bool:
    """Count this question; whose address it is, signing in and the contact page say alike."""
    minute = int(timezone.now().timestamp()) // 60
    came_from = salted_hmac(
        "certificates.check", str(get_adapter().get_client_ip(request))
    ).hexdigest()
    key = f"certificates.check:{came_from}:{minute}"
    cache.add(key, 0, 120)
    try:
        return cache.incr(key) > CHECKS_A_MINUTE
    except ValueError:  # gone between the two
        return False


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My own certificates."""
    rows = (
        Certificate.objects.filter(person__user=user_of(request))
        .select_related("month")
        .defer("content")
    )
    page = paginate(request.GET.get("page"), rows)
    return render(request, "certificates/mine.html", {"page": page})


@never_cache
@login_required
@require_safe
def pdf(request: HttpRequest, certificate: str) -> HttpResponse:
    """The certificate as a file; when somebody else reads it, that is noted."""
    user = user_of(request)
    found = get_object_or_404(
        Certificate.objects.filter(access.readable(user)).select_related("person__unit"),
        public_id=certificate,
    )
    if not access.may_read(user, found):
        raise Http404
    if found.person.user_id != user.pk:
        record_reading("certificate.read", found.public_id)
    return HttpResponse(
        printing.printed([found]),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="intyg-{found.public_id}.pdf"'},
    )


@never_cache
@login_required
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """The months with how many certificates are issued, and those for courses."""
    user = user_of(request)
    if not access.may_list(user):
        raise Http404
    within = access.within(user, access.READERS, "person__unit")
    issued = dict(
        Certificate.objects.filter(within, kind=Certificate.Kind.MONTH, revoked_at__isnull=True)
        .order_by()
        .values_list("month_id")
        .annotate(number=Count("pk"))
    )
    checked = dict(
        Statement.objects.filter(
            within, replaced_at__isnull=True, checked_at__isnull=False, minutes__gt=0
        )
        .order_by()
        .values_list("month_id")
        .annotate(number=Count("pk"))
    )
    begun = Month.objects.filter(
        programme=the_programme(), first_day__lte=timezone.localdate()
    ).order_by("-first_day")
    outdated = _outdated(list(begun), within)
    rows = [
        {
            "month": month,
            "issued": issued.get(month.pk, 0),
            "outdated": outdated[month.first_day],
            "checked": checked.get(month.pk, 0),
        }
        for month in begun
    ]
    courses = (
        Certificate.objects.filter(within, kind=Certificate.Kind.COURSE)
        .select_related("person__unit")
        .defer("content")
    )
    page = paginate(request.GET.get("page"), courses)
    context = {
        "rows": rows,
        "page": page,
        "named": _named(page.object_list, request),
        "may_issue": access.may_issue(user),
        "by_hand": _by_hand(user),
    }
    return render(request, "certificates/months.html", context)


def _by_hand(user: User, month: Month | None = None) -> list[tuple[Certificate, str]]:
    """What only a person brings back, with names; nobody does it with their own."""
    rows = (
        actions.to_issue_by_hand(user, month)
        .filter(~Q(person__user=user))
        .select_related("person__unit")
        .defer("content")
    )
    return [(each, name_of(each.person, user)) for each in rows]


def _outdated(shown: Sequence[Month], within: Q) -> Counter[datetime.date]:
    """How many of each month's valid certificates the night takes back."""
    if not shown:
        return Counter()
    unsettled = sources.unsettled(the_programme(), shown[-1].first_day, shown[0].first_day)
    valid = Certificate.objects.filter(
        within,
        kind=Certificate.Kind.MONTH,
        revoked_at__isnull=True,
        person__in={person for person, _month in unsettled},
    ).order_by()
    pairs = valid.values_list("person_id", "month__first_day")
    return Counter(month for person, month in pairs if month and (person, month) in unsettled)


def _named(certificates: Iterable[Certificate], request: HttpRequest) -> list[dict[str, object]]:
    user = user_of(request)
    return [
        {
            "certificate": each,
            "name": name_of(each.person, user),
            "readable": access.may_read(user, each),
        }
        for each in certificates
    ]


def _month(request: HttpRequest, written: str) -> Month:
    if not access.may_list(user_of(request)):
        raise Http404
    first = month_of(written)
    if first is None:
        raise Http404
    return get_object_or_404(Month, programme=the_programme(), first_day=first)


@never_cache
@login_required
@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    """The certificates of a month, and how many there could be more."""
    user = user_of(request)
    row = _month(request, month)
    within = access.within(user, access.READERS, "person__unit")
    rows = (
        Certificate.objects.filter(within, kind=Certificate.Kind.MONTH, month=row)
        .select_related("person__unit")
        .defer("content")
        .order_by(*by_name("person__"), "-issued_at")
    )
    page = paginate(request.GET.get("page"), rows)
    waiting = actions.without_certificate(row, user).count() if access.may_issue(user) else 0
    unsettled = sources.unsettled(row.programme, row.first_day, row.first_day)
    valid = rows.filter(revoked_at__isnull=True)
    outdated = valid.filter(person__in={who for who, _month in unsettled})
    # The file for signing holds names: whoever may not know one gets the others, and is told.
    unreadable = sum(
        not access.may_read(user, each) for each in valid.filter(person__protected=True)
    )
    issued = valid.count()
    context = {
        "month": row,
        "outdated": [name_of(each.person, user) for each in outdated],
        "locked": row.state == Month.State.LOCKED,
        "page": page,
        "named": _named(page.object_list, request),
        "waiting": waiting,
        "by_hand": _by_hand(user, row),
        "issued": issued,
        "readable": issued - unreadable,
        "unreadable": unreadable,
        "may_issue": access.may_issue(user),
    }
    return render(request, "certificates/month.html", context)


@login_required
@require_POST
def issue(request: HttpRequest, month: str) -> HttpResponse:
    """Issue the month's certificates: the first ones now, the rest in the background."""
    user = user_of(request)
    if not access.may_issue(user):
        raise Http404
    row = _month(request, month)
    try:
        with transaction.atomic():
            number = actions.issue_month(month_id=row.pk, actor=user)
            if number == actions.CHUNK:
                later = partial(tasks.issue_month.delay, row.pk, user.pk)
                transaction.on_commit(later, robust=True)
        _say_issued(request, number, actions.to_issue_by_hand(user, row).count())
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
    return redirect("certificates:month", month=month)


def _say_issued(request: HttpRequest, number: int, left_out: int) -> None:
    if left_out:
        text = ngettext(
            "%(n)d person is left out, since their certificate is revoked.",
            "%(n)d persons are left out, since their certificates are revoked.",
            left_out,
        )
        messages.info(request, text % {"n": left_out})
    if number == 0 and left_out:
        messages.info(request, _("No certificate was issued: everyone else has one already."))
    elif number == 0:
        messages.info(request, _("Everyone whose hours are checked already has a certificate."))
    elif number == actions.CHUNK:
        text = _("The first %(number)d are issued. The rest come while you do something else.")
        messages.success(request, text % {"number": number})
    else:
        messages.success(request, _("Certificates issued: %(number)d.") % {"number": number})


@never_cache
@login_required
@require_safe
def month_pdf(request: HttpRequest, month: str) -> HttpResponse:
    """All valid certificates of the month in one file, for signing; the reading is noted."""
    user = user_of(request)
    row = _month(request, month)
    found = [
        each
        for each in Certificate.objects.filter(
            access.within(user, access.READERS, "person__unit"),
            kind=Certificate.Kind.MONTH,
            month=row,
            revoked_at__isnull=True,
        )
        .select_related("person__unit")
        .order_by(*by_name("person__"), "pk")
        if access.may_read(user, each)
    ]
    if not found:
        raise Http404
    record_reading("certificate.read", f"{row}")
    return HttpResponse(
        printing.printed(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="narvarointyg-{row}.pdf"'},
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, certificate: str) -> HttpResponse:
    """Take a certificate back, with a reason."""
    user = user_of(request)
    found = _within_reach(user, certificate)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke(certificate_id=found.pk, reason=form.cleaned_data["reason"], actor=user)
            messages.success(request, _("The certificate is revoked. Its check page says so."))
        except NotAllowed as error:
            raise Http404 from error
        except Refused as error:
            say_refused(request, error)
        return _to_list(found)
    context = {"certificate": found, "form": form, "name": name_of(found.person, user)}
    status = 422 if form.errors else 200
    return render(request, "certificates/revoke.html", context, status=status)


def _within_reach(user: User, certificate: str) -> Certificate:
    """A certificate that the user may revoke or issue anew: within reach, and not their own."""
    return get_object_or_404(
        Certificate.objects.filter(access.within(user, access.ISSUERS, "person__unit"))
        .filter(~Q(person__user=user))
        .select_related("person__unit", "month"),
        public_id=certificate,
    )


def _to_list(certificate: Certificate) -> HttpResponse:
    if certificate.month is not None:
        return redirect("certificates:month", month=f"{certificate.month}")
    return redirect("certificates:months")


@login_required
@require_POST
def issue_anew(request: HttpRequest, certificate: str) -> HttpResponse:
    """Issue a new certificate in the place of one that a person revoked."""
    user = user_of(request)
    found = _within_reach(user, certificate)
    try:
        actions.issue_anew(certificate_id=found.pk, actor=user)
        messages.success(request, _("Certificates issued: %(number)d.") % {"number": 1})
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
    return _to_list(found)
