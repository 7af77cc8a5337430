"""Moving running cases to the version in force: a preview for each, then the move."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.pages import paginate
from workflows import actions, trying
from workflows.actions.moving import AT_ONCE, Landing, landings, newest_of, running
from workflows.actions.moving_many import going_on
from workflows.editor.base import DefinitionView
from workflows.editor.forms import MoveForm, ReasonForm
from workflows.kinds import CaseTitle
from workflows.models import Case, CaseMove, CaseMoveRow
from workflows.queries import titles_of

#: Cases that are looked at before the page is shown; more are taken when these have been moved.
MOST = 5_000


class MoveView(DefinitionView):
    """Where each running case would land, and the buttons that move them."""

    page_title = gettext_lazy("Move running cases")
    template_name = "workflows/cms/move.html"
    form: MoveForm | ReasonForm | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cases that the viewer may see: the first one by one, all of them in numbers."""
        cases = running(self.definition)
        seen = self._visible(cases)
        visible = [case for case in cases if case.pk in seen][:MOST]
        shown = visible[:AT_ONCE]
        numbers = {case.pk: case.version.number for case in shown}
        target = newest_of(self.definition)
        rows = landings(visible, target) if target else []
        titles = titles_of(shown, self.viewer)
        return {
            **super().get_context_data(**kwargs),
            "target": target,
            "rows": [self._row(row, numbers, titles) for row in rows[:AT_ONCE]],
            "more": len(seen) - len(shown),
            "all": len(visible),
            "movable": sum(1 for row in rows if row.position),
            "summary": _summary(rows) if len(visible) > len(shown) else [],
            "hidden": len(cases) - len(seen),
            "moves": self.definition.moves.select_related("job", "asked_by")[:5],
            "form": self.form or MoveForm(references=[]),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move the chosen cases, or all of them in the background."""
        cases = running(self.definition)
        seen = self._visible(cases)
        if "all" in request.POST:
            return self._move_all(request, [case.pk for case in cases if case.pk in seen][:MOST])
        by_reference = {case.reference: case.pk for case in cases if case.pk in seen}
        # A case that has been decided meanwhile is no error of the form; it is left out.
        chosen = [one for one in request.POST.getlist("cases") if one in by_reference]
        form = MoveForm(
            {"reason": request.POST.get("reason", ""), "cases": chosen},
            references=list(by_reference),
        )
        self.form = form
        if not form.is_valid():
            return self.refused()
        try:
            result = actions.move_cases(
                definition=self.definition,
                case_ids=[by_reference[reference] for reference in chosen],
                reason=form.cleaned_data["reason"],
                actor=self.viewer,
            )
        except actions.CannotMove as error:
            messages.error(request, str(error.message))
            return self.refused()
        moved = len(result.moved)
        text = ngettext("%d case has been moved.", "%d cases have been moved.", moved)
        messages.success(request, text % moved)
        for case, reason in result.refused:
            messages.warning(request, f"{case.reference}: {reason}")
        return redirect("workflows_move", pk=pk)

    def _move_all(self, request: HttpRequest, case_ids: list[int]) -> HttpResponse:
        self.form = form = ReasonForm({"reason": request.POST.get("reason", "")})
        if not form.is_valid():
            return self.refused()
        try:
            move = actions.ask_to_move(
                definition=self.definition,
                case_ids=case_ids,
                reason=form.cleaned_data["reason"],
                actor=self.viewer,
            )
        except actions.CannotMove as error:
            messages.error(request, str(error.message))
            return self.refused()
        return redirect("workflows_moved", pk=self.definition.pk, move=move.public_id)

    def _visible(self, cases: list[Case]) -> set[int]:
        found = Case.objects.visible_to(self.viewer).filter(pk__in=[case.pk for case in cases])
        return set(found.values_list("pk", flat=True))

    @staticmethod
    def _row(
        landing: Landing, numbers: dict[int, int], titles: dict[int, CaseTitle]
    ) -> dict[str, Any]:
        case = landing.case
        return {
            "case": case,
            "title": titles.get(case.pk) or CaseTitle(case.reference),
            "number": numbers[case.pk],
            "lands": trying.position_in_words(landing.position) if landing.position else "",
            "refusal": landing.refusal,
        }


class MovedView(DefinitionView):
    """One move in the background: how far it has come, and what became of each case."""

    page_title = gettext_lazy("Moved cases")
    template_name = "workflows/cms/moved.html"

    @property
    def move(self) -> CaseMove:
        """The move in the address."""
        return get_object_or_404(
            CaseMove.objects.select_related("job", "target", "asked_by"),
            definition=self.definition,
            public_id=self.kwargs["move"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The numbers, and the cases that the viewer may see, those that stayed first."""
        move = self.move
        numbers = dict(
            CaseMoveRow.objects.filter(move=move)
            .order_by()
            .values_list("outcome")
            .annotate(Count("pk"))
        )
        seen = CaseMoveRow.objects.filter(
            move=move, case__in=Case.objects.visible_to(self.viewer).values("pk")
        )
        rows = seen.select_related("case").order_by("-outcome", "case__opened_at", "case_id")
        page = paginate(self.request.GET.get("page"), rows)
        waiting = numbers.get(CaseMoveRow.Outcome.WAITING, 0)
        goes_on = going_on(move)
        return {
            **super().get_context_data(**kwargs),
            "move": move,
            "owns": move.job is not None and move.job.owner == f"user:{self.viewer.pk}",
            "goes_on": goes_on,
            "may_resume": bool(waiting) and not goes_on,
            "numbers": [
                (outcome.label, numbers.get(outcome.value, 0)) for outcome in CaseMoveRow.Outcome
            ],
            "page": page,
            "rows": page.object_list,
            "hidden": sum(numbers.values()) - page.paginator.count,
        }

    def post(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """Go on with what still waits."""
        try:
            actions.resume_move(move=self.move, actor=self.viewer)
        except actions.CannotMove as error:
            messages.info(request, str(error.message))
        else:
            messages.success(request, _("The work goes on with the cases that wait."))
        return redirect("workflows_moved", pk=pk, move=move)


def _summary(rows: list[Landing]) -> list[tuple[str, int]]:
    """How many would land where, or stay and why; the most first."""
    found = Counter(
        trying.position_in_words(row.position)
        if row.position
        else _("Stays: %(why)s") % {"why": row.refusal}
        for row in rows
    )
    return found.most_common()
