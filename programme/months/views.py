"""The months, for those who check hours and those who read them."""

import datetime
from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.pages import paginate
from people.access import held_by
from people.display import name_of
from people.models import Capability, Person, User
from programme.errors import NotAllowed, Refused
from programme.hours.recounting import start_recount
from programme.models import Correction, Month, Programme
from programme.months import access, conflicts, figures, locking, queries, rules, statements
from programme.months.forms import LockForm, PaperForm
from programme.months.reminding import remind
from programme.months.rules import UNFINISHED, Standing
from programme.months.words import CORRECTION, MONTH, STANDING
from programme.views.base import say_refused, the_programme, user_of

#: What the filter of a month's page may be, with the standings it shows.
FILTERS = {
    "ej-intygat": Standing.WAITING,
    "andrat": Standing.CHANGED,
    "att-kontrollera": Standing.ATTESTED,
    "kontrollerat": Standing.CHECKED,
    "inga-timmar": Standing.GONE,
}


def reader_of(request: HttpRequest) -> tuple[User, list[int]]:
    """Whoever may read months, and how far; for others the page does not exist."""
    user = user_of(request)
    reach = access.reach_of(user)
    if not reach:
        raise Http404
    return user, reach


def month_or_404(programme: Programme, text: str) -> datetime.date:
    """The month in an address, when the programme has it."""
    month = rules.month_of(text)
    if month is None or not programme.starts_on.replace(day=1) <= month <= programme.ends_on:
        raise Http404
    return month


@login_required
@require_safe
def month_list(request: HttpRequest) -> HttpResponse:
    """Every month with its sums, and what is left to do."""
    user, reach = reader_of(request)
    programme = the_programme()
    rows = queries.month_rows(programme, reach)
    return render(
        request,
        "months/list.html",
        {
            "rows": rows,
            "may_close": access.may_close(user, programme),
            "may_check": access.may_check(user),
            "proposed": sum(row.proposed for row in rows),
        },
    )


@login_required
@require_safe
def month_page(request: HttpRequest, month: str) -> HttpResponse:
    """One month: its persons, filtered and in pages, and what can be done."""
    user, reach = reader_of(request)
    programme = the_programme()
    first = month_or_404(programme, month)
    found = figures.persons_of(programme.pk, first, reach=reach)
    chosen = request.GET.get("lage", "")
    wanted = FILTERS.get(chosen)
    shown = [one for one in found if one.standing == wanted] if wanted else found
    page = paginate(request.GET.get("page"), shown, per_page=50)
    counts = queries.standings(found)
    odd = conflicts.findings_of(programme, first, [one.person_id for one in page.object_list])
    row = Month.objects.filter(programme=programme, first_day=first).first()
    sums = figures.months_of(programme.pk, first, first, reach=reach)
    rows = queries.person_rows(
        list(page.object_list), user, may_check=access.may_check(user), odd=odd
    )
    return render(
        request,
        "months/month.html",
        {
            "code": f"{first:%Y-%m}",
            "month": row,
            "locked": row is not None and row.state == Month.State.LOCKED,
            "status": MONTH[Month.State(row.state if row else Month.State.OPEN)],
            "sums": sums.get(first, figures.MonthSum(first)),
            "due": rules.due_on(first),
            "page": page,
            "rows": rows,
            "chosen": chosen if wanted else "",
            "chips": _chips(counts, wanted),
            "all": len(found),
            "may_check": any(one.may_be_checked for one in rows),
            "may_close": access.may_close(user, programme),
            "corrections": _corrections(row, user, reach),
        },
    )


def _chips(
    counts: Counter[Standing], wanted: Standing | None
) -> list[tuple[str, str | Promise, int]]:
    """The filters with how many each shows; they sum to everyone.

    That hours are gone after they were attested is rare, so it is offered only where it is so.
    """
    return [
        (key, STANDING[one].text, counts[one])
        for key, one in FILTERS.items()
        if one is not Standing.GONE or counts[one] or one is wanted
    ]


def _corrections(
    row: Month | None, viewer: User, reach: list[int]
) -> list[tuple[Correction, str, object]]:
    """The month's corrections of those whom the viewer reads, each with whose it is; one query."""
    if row is None:
        return []
    found = row.corrections.filter(person__unit__lineage__overlap=reach)
    return [
        (one, name_of(one.person, viewer), CORRECTION[Correction.State(one.state)])
        for one in found.select_related("person__unit")[:50]
    ]


@login_required
@require_POST
def check_many(request: HttpRequest, month: str) -> HttpResponse:
    """Check the chosen persons, and say whom it was refused for and why."""
    user, reach = reader_of(request)
    if not access.may_check(user):
        raise Http404
    programme = the_programme()
    first = month_or_404(programme, month)
    wanted = request.POST.getlist("person")
    persons = list(
        Person.objects.select_related("unit")
        .filter(public_id__in=wanted, unit__lineage__overlap=reach)
        .order_by("pk")
    )
    if not persons:
        messages.error(request, _("Choose at least one person. Nothing was checked."))
        return redirect("months:month", month=month)
    outcome = statements.check(programme=programme, month=first, persons=persons, actor=user)
    if outcome.checked:
        done = len(outcome.checked)
        messages.success(
            request,
            ngettext("%(n)d person is checked.", "%(n)d persons are checked.", done) % {"n": done},
        )
    if outcome.already:
        known = len(outcome.already)
        text = ngettext(
            "%(n)d person was checked already. Nothing was changed for them.",
            "%(n)d persons were checked already. Nothing was changed for them.",
            known,
        )
        messages.info(request, text % {"n": known})
    named = {person.pk: name_of(person, user) for person in persons}
    for person_id, refusal in outcome.refused.items():
        messages.error(
            request,
            _("%(name)s was not checked. %(why)s")
            % {"name": named[person_id], "why": refusal.message},
        )
    back = request.POST.get("next_person", "")
    if back and len(persons) == 1:
        return redirect("months:person", month=month, person=persons[0].public_id)
    return redirect("months:month", month=month)


@login_required
@require_safe
def person_page(request: HttpRequest, month: str, person: str) -> HttpResponse:
    """One person's month: each occasion with its minutes and kronor, and where it stands."""
    user, reach = reader_of(request)
    programme = the_programme()
    first = month_or_404(programme, month)
    found = get_object_or_404(
        Person.objects.select_related("unit"), public_id=person, unit__lineage__overlap=reach
    )
    return render(
        request, "months/person.html", _person_context(user, programme, first, found, PaperForm())
    )


def _person_context(
    user: User, programme: Programme, first: datetime.date, found: Person, form: PaperForm
) -> dict[str, object]:
    statement = queries.live_statement(programme, found, first)
    lines = queries.lines_for(programme, found, first, statement)
    rows = figures.persons_of(programme.pk, first, person_id=found.pk)
    standing = rows[0].standing if rows else Standing.GONE
    may_check = held_by(user).covers(Capability.CHECK_HOURS, found.unit)
    locked = Month.objects.filter(
        programme=programme, first_day=first, state=Month.State.LOCKED
    ).exists()
    odd = conflicts.findings_of(programme, first, [found.pk]).get(found.pk, [])
    blocked = any(one.blocking for one in odd)
    return {
        "blocking": [conflicts.worded(one) for one in odd if one.blocking],
        "warnings": [conflicts.worded(one) for one in odd if not one.blocking],
        "code": f"{first:%Y-%m}",
        "person": found,
        "name": name_of(found, user),
        "lines": lines,
        "minutes": sum(line.counted.minutes for line in lines),
        "kronor": sum((line.kronor for line in lines), start=rules.worth(0, figures.ZERO)),
        "statement": statement,
        "note": queries.paper_note(statement) if statement else "",
        "standing": STANDING[standing],
        "changed": standing == Standing.CHANGED,
        "may_check": may_check and standing == Standing.ATTESTED and not blocked,
        # What was written and refused stays to be read, though nothing is left to note.
        "may_note": may_check
        and (form.is_bound or standing in (Standing.WAITING, Standing.CHANGED)),
        "may_correct": may_check and locked,
        "form": form,
    }


@login_required
@require_POST
def paper(request: HttpRequest, month: str, person: str) -> HttpResponse:
    """Note that the person has signed on paper."""
    user, reach = reader_of(request)
    programme = the_programme()
    first = month_or_404(programme, month)
    found = get_object_or_404(
        Person.objects.select_related("unit"), public_id=person, unit__lineage__overlap=reach
    )
    form = PaperForm(request.POST)
    if not held_by(user).covers(Capability.CHECK_HOURS, found.unit):
        raise Http404
    if form.is_valid():
        try:
            statements.attest_on_paper(
                programme=programme,
                month=first,
                person=found,
                note=form.cleaned_data["note"],
                actor=user,
            )
        except Refused as refusal:
            form.add_error("note", str(refusal.message))
    if form.errors:
        context = _person_context(user, programme, first, found, form)
        return render(request, "months/person.html", context, status=422)
    messages.success(request, _("The signed paper is noted. Someone else checks the hours."))
    return redirect("months:person", month=month, person=person)


@login_required
def lock(request: HttpRequest, month: str) -> HttpResponse:
    """Who is unfinished, and the lock."""
    user, reach = reader_of(request)
    programme = the_programme()
    first = month_or_404(programme, month)
    if not access.may_close(user, programme):
        raise Http404
    locked = Month.objects.filter(
        programme=programme, first_day=first, state=Month.State.LOCKED
    ).exists()
    if locked:
        messages.info(request, _("The month is locked already. Nothing was changed."))
        return redirect("months:month", month=month)
    form = LockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            locking.lock(
                programme=programme,
                month=first,
                left_out_reason=form.cleaned_data["left_out_reason"],
                actor=user,
            )
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            say_refused(request, refusal)
        else:
            messages.success(request, _("The month is locked. Its file can be made now."))
            return redirect("months:month", month=month)
    found = figures.persons_of(programme.pk, first, reach=reach)
    unfinished = [one for one in found if one.standing in UNFINISHED]
    return render(
        request,
        "months/lock.html",
        {
            "code": f"{first:%Y-%m}",
            "rows": queries.person_rows(unfinished, user, may_check=False),
            "names": queries.names_of(found, user),
            "ready": len(found) - len(unfinished),
            "over": rules.last_day(first) < timezone.localdate(),
            "form": form,
        },
        status=422 if request.method == "POST" else 200,
    )


@login_required
@require_POST
def remind_all(request: HttpRequest, month: str) -> HttpResponse:
    """Remind those who have not attested."""
    user, _reach = reader_of(request)
    programme = the_programme()
    first = month_or_404(programme, month)
    if not access.may_close(user, programme):
        raise Http404
    sent = remind(programme=programme, month=first, actor=user)
    messages.success(
        request,
        ngettext("%(n)d reminder is on its way.", "%(n)d reminders are on their way.", sent)
        % {"n": sent},
    )
    return redirect("months:month", month=month)


@login_required
@require_POST
def count_anew(request: HttpRequest) -> HttpResponse:
    """Have every open month counted anew, after new rules for instance."""
    user, _reach = reader_of(request)
    programme = the_programme()
    if not access.may_close(user, programme):
        raise Http404
    job = start_recount(programme, user, _("All open months are counted anew."))
    messages.success(
        request,
        _("The open months are being counted anew. What has changed must be attested again."),
    )
    return redirect("jobs:job", job=job.public_id)
