"""Moving running cases to the version in force: a preview for each, then one operation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext

from workflows import actions, trying
from workflows.actions.moving import AT_ONCE, Landing, landings, newest_of, running
from workflows.editor.base import DefinitionView
from workflows.editor.forms import MoveForm
from workflows.kinds import CaseTitle
from workflows.models import Case
from workflows.queries import titles_of


class MoveView(DefinitionView):
    """Where each running case would land, and the button that moves the chosen ones."""

    page_title = gettext_lazy("Move running cases")
    template_name = "workflows/cms/move.html"
    form: MoveForm | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cases that the viewer may see, at most as many as one operation takes."""
        cases = running(self.definition)
        seen = self._visible(cases)
        shown = [case for case in cases if case.pk in seen][:AT_ONCE]
        numbers = {case.pk: case.version.number for case in shown}
        target = newest_of(self.definition)
        rows = landings(shown, target) if target else []
        titles = titles_of(shown, self.viewer)
        return {
            **super().get_context_data(**kwargs),
            "target": target,
            "rows": [self._row(row, numbers, titles) for row in rows],
            "more": len(seen) - len(shown),
            "hidden": len(cases) - len(seen),
            "form": self.form or MoveForm(references=[]),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move the chosen cases, and say what became of them."""
        cases = running(self.definition)
        seen = self._visible(cases)
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
