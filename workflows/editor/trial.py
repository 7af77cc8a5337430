"""Provkör: stored test cases, «what would happen if», and real cases replayed on the draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import actions, trying
from workflows.editor.base import DefinitionView
from workflows.editor.forms import TestForm
from workflows.models import WorkflowTest
from workflows.simulation import Played, play


class TrialView(DefinitionView):
    """The draft tried out: nothing is stored and no case is touched."""

    page_title = gettext_lazy("Try out")
    template_name = "workflows/cms/trial.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Test cases always; the replay when it has been asked for."""
        size = self.request.GET.get("antal", "")
        asked = int(size) if size in {str(one) for one in trying.SIZES} else None
        replay = None
        if asked:
            replay = trying.replay(
                self.definition,
                self.steps,
                last=asked,
                viewer=self.viewer,
                roles=self.names.roles,
            )
        return {
            **super().get_context_data(**kwargs),
            "results": trying.run_tests(self.definition, self.steps),
            "sizes": trying.SIZES,
            "asked": asked or trying.SIZES[0],
            "replay": replay,
        }


class TestView(DefinitionView):
    """One test case: try its values, then store what must happen."""

    __test__ = False  # pytest, this is no test
    template_name = "workflows/cms/test.html"
    played: Played | None = None
    form: TestForm | None = None

    @property
    def test(self) -> WorkflowTest | None:
        """The stored test case, if it is one."""
        number = self.kwargs.get("test")
        if number is None:
            return None
        return get_object_or_404(WorkflowTest, definition=self.definition, pk=number)

    def get_page_title(self) -> str:
        """Its name, or that it is new."""
        return self.test.name if self.test else _("What would happen if …")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and where the case came when it was played."""
        form = self.form or TestForm(
            definition=self.definition, steps=self.steps, names=self.names, test=self.test
        )
        played = self.played
        test = self.test
        if played is None and test is not None:
            played = play(self.steps, test.data, trying.turns_of(test.turns))
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "test": test,
            "outcome": self._in_words(played, form) if played else None,
        }

    def post(self, request: HttpRequest, pk: int, test: int | None = None) -> HttpResponse:
        """Play the values; store them, or take the test case away, when that was asked."""
        stored = self.test
        if "remove" in request.POST and stored is not None:
            actions.remove_test(test=stored, actor=self.viewer)
            messages.success(request, _("The test case is taken away."))
            return redirect("workflows_trial", pk=pk)
        self.form = TestForm(
            request.POST,
            definition=self.definition,
            steps=self.steps,
            names=self.names,
            test=stored,
            storing="save" in request.POST,
        )
        if not self.form.is_valid():
            return self.refused()
        values = self.form.values()
        self.played = play(self.steps, values["data"], trying.turns_of(values["turns"]))
        if "save" not in request.POST:
            self.form = self.form.with_result(self.played)
            response: HttpResponse = self.render_to_response(self.get_context_data())
            return response
        actions.save_test(definition=self.definition, actor=self.viewer, test=stored, **values)
        messages.success(request, _("The test case is stored. It is run at every publishing."))
        return redirect("workflows_trial", pk=pk)

    def _in_words(self, played: Played, form: TestForm) -> dict[str, Any]:
        names = {step.key: step.name for step in self.steps}
        data = form.data_now()
        return {
            "ends": trying.position_in_words(played.position),
            "stuck": trying.stuck_in_words(played, names) if played.stuck else "",
            "path": self._named(played.path, names),
            "skipped": [step.name for step in self.steps if not step.applies_to(data)],
        }

    @staticmethod
    def _named(keys: Sequence[str], names: dict[str, str]) -> list[str]:
        return [names.get(key, key) for key in keys]
