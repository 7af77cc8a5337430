"""What holds, what comes and what held: read by those who work with hours, decided by the office."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import held_by
from people.models import Capability, User
from programme.dated import actions, reading
from programme.dated.forms import DatedForm, TakeBackForm, form_for
from programme.dated.preview import Preview, preview
from programme.dated.reading import Kind, Subject
from programme.dated.words import AREAS
from programme.errors import NotAllowed, Refused
from programme.governance.queries import decision_numbers
from programme.hours.dating import DatedBack, ensure_may_hold_from, first_open_day
from programme.models import Category, Course, Programme
from programme.views.base import say_refused, the_programme, user_of

READERS = (
    Capability.MANAGE_PROGRAMME,
    Capability.CHECK_HOURS,
    Capability.SEE_ECONOMY,
    Capability.AUDIT,
)


def _reader(request: HttpRequest) -> User:
    user = user_of(request)
    if not any(held_by(user).can(one) for one in READERS):
        raise Http404
    return user


def _decides(user: User) -> bool:
    return held_by(user).can(Capability.MANAGE_PROGRAMME)


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that holds from a day on, by theme."""
    user = _reader(request)
    subjects = reading.everything(the_programme(), timezone.localdate())
    areas = [
        (title, text, [one for one in subjects if one.area is area])
        for area, (title, text) in AREAS.items()
    ]
    return render(
        request,
        "dated/overview.html",
        {
            "areas": [one for one in areas if one[2]],
            "coming": [(one, value) for one in subjects for value in one.coming],
            "decides": _decides(user),
        },
    )


def _subject(programme: Programme, kind: str, key: str) -> Subject:
    found = reading.everything(programme, timezone.localdate())
    for one in found:
        if (one.kind, one.key) == (kind, key):
            return one
    raise Http404


@login_required
def subject(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One thing: what holds, what comes, who decided; and another value from a day on."""
    user, programme = _reader(request), the_programme()
    found = _subject(programme, kind, key)
    decides = _decides(user)
    if request.method == "POST" and not decides:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = _form(programme, found, data)
    effect: Preview | None = None
    if data is not None and form.is_valid():
        if found.kind is Kind.HOURS and data.get("action") != "decide":
            effect = _previewed(programme, form)
        elif _decided(request, programme, found, form, user):
            return redirect("dated:subject", kind=kind, key=key)
    return render(
        request,
        "dated/subject.html",
        {
            "subject": found,
            "happenings": reading.happenings(programme, found.kind, found.key),
            "form": form if decides else None,
            "effect": effect,
            "decides": decides,
            "first": first_open_day(programme),
            # Offered, never required: decisions are made elsewhere too.
            "known_decisions": decision_numbers(programme) if decides else [],
            "previews": found.kind is Kind.HOURS,
            "title": found.name,
        },
        status=422 if data is not None and effect is None else 200,
    )


def _form(programme: Programme, found: Subject, data: Any) -> DatedForm:
    latest = reading.rows_of(programme, found.kind, found.key).order_by("-valid_from").first()
    if latest is None and found.kind is Kind.PLAN:
        latest = Category.objects.filter(programme=programme, key=found.key).first()
    today = timezone.localdate()
    first = max(first_open_day(programme), min(today, programme.ends_on))
    form = form_for(found.kind, found.key, data, first=first, latest=latest)
    form.fields["decision"].widget.attrs["list"] = "kanda-beslut"
    return form


def _previewed(programme: Programme, form: DatedForm) -> Preview | None:
    day = form.cleaned_data["valid_from"]
    try:
        ensure_may_hold_from(programme, day)
    except DatedBack as error:
        form.add_error("valid_from", str(error.message))
        return None
    return preview(programme=programme, values=form.values, valid_from=day)


def _decided(
    request: HttpRequest, programme: Programme, found: Subject, form: DatedForm, user: User
) -> bool:
    """Decide what the form says; the refusal stands on the form."""
    dated = {
        "valid_from": form.cleaned_data["valid_from"],
        "decision": form.cleaned_data["decision"],
        "actor": user,
    }
    doing: dict[Kind, Callable[[], object]] = {
        Kind.SETTING: lambda: actions.decide_setting(
            programme=programme, key=found.key, value=_typed(form.values["value"]), **dated
        ),
        Kind.RATE: lambda: actions.decide_rate(
            programme=programme, kind=found.key, **form.values, **dated
        ),
        Kind.PLAN: lambda: actions.decide_plan(
            category=Category.objects.select_related("programme").get(
                programme=programme, key=found.key
            ),
            **form.values,
            **dated,
        ),
        Kind.COMPLETION: lambda: actions.decide_completion(
            course=Course.objects.get(programme=programme, public_id=found.key),
            **form.values,
            **dated,
        ),
        Kind.HOURS: lambda: actions.decide_hour_rules(
            programme=programme, values=form.values, **dated
        ),
    }
    try:
        doing[found.kind]()
    except NotAllowed as error:
        raise Http404 from error
    except DatedBack as error:
        form.add_error("valid_from", str(error.message))
        return False
    except Refused as error:
        form.add_error(None, str(error.message))
        return False
    messages.success(
        request,
        _("Decided. It holds from %(day)s, and earlier days keep what they had.")
        % {"day": dated["valid_from"].isoformat()},
    )
    if found.kind is Kind.HOURS and dated["valid_from"] <= timezone.localdate():
        messages.info(
            request,
            _("The open months are being counted anew. Follow it under “Work in the background”."),
        )
    return True


def _typed(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)


@login_required
@require_POST
def take_back(request: HttpRequest, kind: str, key: str, row: int) -> HttpResponse:
    """Take back a value that has not begun to hold."""
    user, programme = _reader(request), the_programme()
    found = _subject(programme, kind, key)
    form = TakeBackForm(request.POST)
    try:
        actions.take_back(
            programme=programme,
            rows=reading.rows_of(programme, found.kind, found.key),
            row_id=row,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            actor=user,
        )
        messages.success(request, _("Taken back. What holds now goes on."))
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
    return redirect("dated:subject", kind=kind, key=key)
