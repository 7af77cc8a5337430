"""«My work»: the inbox over all kinds of cases, and deciding many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.pages import paginate
from people.access import held_by
from people.models import Capability, User
from workflows import actions, queries, sources, telling
from workflows.actions.decisions import refusals
from workflows.actions.engine import Run
from workflows.delivery import failed
from workflows.forms import BatchForm, ChosenForm
from workflows.kinds import all_kinds
from workflows.many import runs_of
from workflows.models import WorkItem
from workflows.rules import Verdict


def _filters(query: QueryDict) -> queries.Filters:
    return queries.Filters(
        kind=query.get("slag", "")[:40],
        step=query.get("steg", "")[:120],
        overdue=query.get("sena") == "1",
        q=query.get("q", "")[:80],
        put_off=query.get("uppskjutna") == "1",
    )


def _greeting(name: str) -> str:
    hour = timezone.localtime().hour
    if 5 <= hour < 10:
        return _("Good morning, %(name)s") % {"name": name}
    if hour >= 18:
        return _("Good evening, %(name)s") % {"name": name}
    return _("Hello, %(name)s") % {"name": name}


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and what they have started."""
    user = cast(User, request.user)
    filters = _filters(request.GET)
    elsewhere = sources.listings(user)
    figures = queries.counters(user, sum(listing.count for listing in elsewhere))
    listed = queries.put_off(user) if filters.put_off else queries.inbox(user)
    page = paginate(
        request.GET.get("page"),
        queries.narrowed(listed, filters),
        total=None if filters.any() else figures.total,
        most=queries.MOST_COUNTED,
    )
    held = held_by(user)
    context = {
        "greeting": _greeting(user.get_short_name()),
        "roles": held.roles,
        "where": held.roles[0][2] if held.roles else "",
        "figures": figures,
        "summary": _summary(figures),
        "filters": filters,
        "page": page,
        "rows": queries.inbox_rows(list(page.object_list), user),
        "mine": queries.started_by(user),
        "elsewhere": elsewhere,
        "panels": [panel for kind in all_kinds() for panel in kind.work_panels(user)],
        "may_nominate": held.can(Capability.NOMINATE),
        "failed": failed().count() if held.can(Capability.MANAGE_PROGRAMME) else 0,
    }
    return render(request, "workflows/work.html", context)


def _summary(figures: queries.Counters) -> str:
    if not figures.total and not figures.elsewhere:
        return _("Nothing is waiting for you right now.")
    parts = []
    if figures.total:
        parts.append(
            ngettext("%s case is waiting for you.", "%s cases are waiting for you.", figures.total)
            % figures.total_in_figures
        )
    if figures.elsewhere:
        n = figures.elsewhere
        if figures.total:
            parts.append(ngettext("%d other thing waits.", "%d other things wait.", n) % n)
        else:
            words = ngettext("%d thing is waiting for you.", "%d things are waiting for you.", n)
            parts.append(words % n)
    if figures.overdue:
        n = figures.overdue
        parts.append(ngettext("%d is late.", "%d are late.", n) % n)
    if figures.due_today:
        n = figures.due_today
        parts.append(ngettext("%d is due today.", "%d are due today.", n) % n)
    return " ".join(parts)


@login_required
@require_http_methods(["GET", "POST"])
def decide_many(request: HttpRequest) -> HttpResponse:
    """Preview the chosen rows with what would be refused, then decide them as one batch."""
    user = cast(User, request.user)
    data = request.POST if request.method == "POST" else request.GET
    chosen = ChosenForm({"chosen": data.getlist("chosen")})
    if not chosen.is_valid():
        messages.warning(request, _("Choose at least one case."))
        return redirect("workflows:work")
    choices = chosen.cleaned_data["chosen"]
    if request.method == "POST" and data.get("confirm"):
        form = BatchForm({**data.dict(), "chosen": data.getlist("chosen")})
        if form.is_valid():
            visible = set(queries.waiting_for(user).values_list("case_id", flat=True))
            result = actions.decide_many(
                choices=[choice for choice in choices if choice.case_id in visible],
                verdict=form.cleaned_data["verdict"],
                actor=user,
                reason=form.cleaned_data["reason"],
            )
            return _result(request, user, result, len(choices))
        return _preview(request, user, choices, form, 422)
    return _preview(request, user, choices, BatchForm(), 200)


def _preview(
    request: HttpRequest,
    user: User,
    choices: list[actions.Choice],
    form: BatchForm,
    status: int,
) -> HttpResponse:
    wanted = {(choice.case_id, choice.step_key, choice.round) for choice in choices}
    items = [
        item
        for item in queries.waiting_for(user)
        .filter(case_id__in=[choice.case_id for choice in choices])
        .select_related("case__concerns", "case__initiator")
        if (item.case_id, item.step_key, item.round) in wanted
    ]
    found = runs_of([item.case for item in items], on=timezone.localdate())
    runs = {run.case.pk: run for run in found}
    refused = refusals(items, runs, verdict=Verdict.APPROVE, actor=user)
    rows = queries.inbox_rows(items, user)
    ready = [item for item in items if item.case_id not in refused]
    context = {
        "form": form,
        "told": _told(ready, runs, user),
        "ready": [row for row in rows if row.case.pk not in refused],
        "refused": [(row, refused[row.case.pk]) for row in rows if row.case.pk in refused],
        "gone": len(wanted) - len(items),
    }
    return render(request, "workflows/decide_many.html", context, status=status)


def _told(items: Sequence[WorkItem], runs: Mapping[int, Run], user: User) -> dict[str, list[str]]:
    """Who would be told if all the chosen ones were approved or declined."""
    chosen = []
    for item in items:
        run = runs[item.case_id]
        place = run.position().place(item.step_key)
        if place is not None:
            chosen.append((run, place.step))
    return telling.for_many(chosen, user, (Verdict.APPROVE, Verdict.DECLINE))


def _result(
    request: HttpRequest, user: User, result: actions.BatchResult, asked: int
) -> HttpResponse:
    n = len(result.decided)
    words = ngettext("%d case is decided.", "%d cases are decided.", n) % n
    if n == asked:
        messages.success(request, words)
        return redirect("workflows:work")
    titles = queries.titles_of([case for case, _reason in result.refused], user)
    for case, reason in result.refused:
        title = titles.get(case.pk)
        messages.warning(request, f"{case.reference} {title.title if title else ''}: {reason}")
    gone = asked - n - len(result.refused)
    if gone:
        messages.warning(
            request,
            ngettext("%d case no longer waits for you.", "%d cases no longer wait for you.", gone)
            % gone,
        )
    if n:
        messages.success(request, words)
    return redirect("workflows:work")
