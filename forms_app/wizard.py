"""The wizard over a frozen form: one question page at a time, answers checked, then handed in.

formtools gives the steps, the named addresses and the form hooks; what is typed
lies in the draft's row. Every POST ends in a redirect, except one whose answers
do not pass the checks: that page is shown again with what was typed, which is
already saved. So going back, refreshing and clicking twice are all harmless.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from formtools.wizard.views import NamedUrlWizardView, StepsHelper, WizardView

from forms_app import access, actions, answers, promises, resume
from forms_app.fields import REMOVE
from forms_app.files import FileRefused
from forms_app.forms import StepForm, StepState
from forms_app.kinds import typed_of
from forms_app.models import Draft, Submission
from forms_app.opening import FormClosed
from forms_app.page import page_data
from forms_app.raw import ADD_ROW, REMOVE_ROW, change_rows, from_anything, from_post
from forms_app.schema import FormSchema, StepSchema
from forms_app.sources import Sources
from forms_app.storage import DraftStorage
from people.models import Organisation, Person, User

#: The address of the «check your answers» page.
REVIEW = "granska"


class DraftWizardView(LoginRequiredMixin, NamedUrlWizardView):
    """Base class of every wizard; a room gives it addresses, sources and an ending.

    The address needs ``<str:draft>`` (public id) and ``<str:step>``.
    """

    template_name = "forms_app/wizard.html"
    review_template_name = "forms_app/review.html"
    #: A template beside the form, such as a meter of places left.
    aside_template: ClassVar[str] = ""
    #: Exceptions with a ``message`` that ``finish`` may raise: shown on the review page.
    finish_errors: ClassVar[tuple[type[Exception], ...]] = ()

    form_list: Any = {}
    initial_dict: Any = {}
    instance_dict: Any = {}
    condition_dict: Any = {}
    url_name: Any = ""
    done_step_name: Any = REVIEW
    request: HttpRequest

    # What a room decides ------------------------------------------------

    def draft_queryset(self) -> QuerySet[Draft]:
        """The drafts that may be opened here; always the viewer's own."""
        return Draft.objects.filter(owner=self.viewer)

    def get_step_url(self, step: str) -> str:
        """The address of a step of this draft."""
        raise NotImplementedError

    def receipt_url(self, submission: Submission) -> str:
        """The address of the receipt."""
        raise NotImplementedError

    def exit_url(self) -> str:
        """Where «save and continue later» leads."""
        return "/"

    def check_step(self, step_key: str, values: dict[str, Any]) -> Mapping[str, Sequence[str]]:
        """The room's own rules about a step: messages by field key.

        :param values: the answers so far, this step's included.
        """
        return {}

    def person_queryset(self) -> QuerySet[Person]:
        """Whom person questions let choose among."""
        return access.choosable_persons(self.viewer)

    def hindered_persons(self) -> Mapping[str, str]:
        """Which of them cannot be chosen now, by public reference, and why."""
        return {}

    def organisation_queryset(self) -> QuerySet[Organisation]:
        """What organisation questions let choose among."""
        return access.choosable_organisations(self.viewer)

    def open_fields(self) -> frozenset[str] | None:
        """The fields that may be changed when an answer is completed; none given means all."""
        return None

    def aside_context(self) -> dict[str, Any]:
        """What the aside template shows."""
        return {}

    def finish(self, submission: Submission) -> None:
        """What follows from the submission, in the same transaction; called once."""

    # Requests -------------------------------------------------------------

    @classmethod
    def get_initkwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """formtools wants forms when addresses are made; ours depend on the draft."""
        return kwargs

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the draft, or the receipt when it is already handed in."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.draft = get_object_or_404(
            self.draft_queryset().select_related("version", "submission", "replaces"),
            public_id=kwargs["draft"],
        )
        if self.draft.submission is not None:
            return redirect(self.receipt_url(self.draft.submission))
        self.prefix = self.draft.public_id
        self.schema = FormSchema.from_plain(self.draft.version.schema)
        self.form_list = {step.key: StepForm for step in self.schema.steps}
        self.storage = DraftStorage(self.draft, self.viewer)
        self.steps = StepsHelper(self)
        try:
            response: HttpResponseBase = super(WizardView, self).dispatch(request, *args, **kwargs)
        except actions.AlreadySubmitted as error:
            # Another tab or a second click was faster.
            messages.info(request, str(error.message))
            return redirect(self.receipt_url(Submission.objects.get(draft=self.draft)))
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a step or the review page; nobody passes a step that is not complete."""
        step = kwargs.get("step", "")
        stop = self._first_incomplete()
        if step == REVIEW:
            return self._to_step(stop, explain=stop.visited) if stop else self._review()
        shown = list(self.get_form_list())
        if step not in shown:
            here = self.draft.current_step
            return redirect(self.get_step_url(here if here in shown else shown[0]))
        if stop is not None and shown.index(step) > shown.index(stop.key):
            return self._to_step(stop)
        self.storage.current_step = step
        typed = self.storage.get_step_data(step) or self._fetched_answers(step)
        explain = request.GET.get("visa") == "fel"
        form = self._form(step, data=typed) if explain else self._form(step, typed)
        return self._page_of(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was typed, whatever it is; then go where the button leads."""
        step = kwargs.get("step", "")
        if step == REVIEW:
            return self._submit()
        if step not in self.get_form_list():
            return redirect(self.get_step_url(self.steps.first))
        self.storage.current_step = step
        typed, refused = self._typed(step)
        group = change_rows(typed, request.POST.get(ADD_ROW, ""), request.POST.get(REMOVE_ROW, ""))
        goto = request.POST.get("wizard_goto_step", "")
        goto = goto if goto in self.get_form_list() else ""
        self._save(step, typed, goto)
        if group:
            back = f"?till={REVIEW}" if request.GET.get("till") == REVIEW else ""
            return redirect(f"{self.get_step_url(step)}{back}#{group}")
        if goto:
            return redirect(self.get_step_url(goto))
        if "send-link" in request.POST:
            return resume.answer(request, self.draft, self.get_step_url(step))
        if "save-exit" in request.POST:
            return redirect(self.exit_url())
        if REMOVE in request.POST and not refused:
            return redirect(self.get_step_url(step))
        form = self._form(step, data=typed, refused=refused)
        if not self._passes(form):
            return self._page_of(form, status=422)
        following = None if request.GET.get("till") == REVIEW else self.get_next_step(step)
        return redirect(self.get_step_url(following or REVIEW))

    # Steps ------------------------------------------------------------------

    @property
    def viewer(self) -> User:
        """Whoever is signed in."""
        user = self.request.user
        assert isinstance(user, User)
        return user

    @cached_property
    def sources(self) -> Sources:
        """What questions of this draft take their alternatives from."""
        return Sources(
            viewer=self.viewer,
            persons=self.person_queryset(),
            organisations=self.organisation_queryset(),
            files=access.files_of(self.draft),
            hindered=self.hindered_persons(),
        )

    @cached_property
    def states(self) -> list[StepState]:
        """The steps that the typed answers lead to, each checked with those before it."""
        found: list[StepState] = []
        values: dict[str, Any] = {}
        for step in self.schema.steps:
            data = self.draft.data.get(step.key, {})
            if not answers.step_asked(step, values, data, self._erased):
                continue
            typed = self.storage.get_step_data(step.key)
            raw = self._fetched_answers(step.key) if typed is None else typed
            form = self._step_form(step, values, data=from_anything(raw, step.fields))
            complete = self._passes(form) and typed is not None
            found.append(StepState(step, form, typed is not None, complete))
            values = {**values, **form.answers}
        return found

    def get_form_list(self) -> dict[str, type[StepForm]]:
        """The steps that conditions do not hide."""
        return {state.key: StepForm for state in self.states}

    def get_context_data(self, form: StepForm, **kwargs: Any) -> dict[str, Any]:
        """A page with one step."""
        step = self.schema.step(self.steps.current)
        to_review = self.request.GET.get("till") == REVIEW
        return {
            **super().get_context_data(form=form, **kwargs),
            **self._page(),
            "step": step,
            "number": self.get_step_index() + 1,
            "total": len(self.states),
            "previous": self.get_prev_step(),
            "to_review": to_review,
            "action": f"?till={REVIEW}" if to_review else "",
            "page_data": page_data(form),
        }

    def _page_of(self, form: StepForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form)
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def _page(self) -> dict[str, Any]:
        return {
            "draft": self.draft,
            "schema": self.schema,
            "aside_template": self.aside_template,
            **promises.of(self.draft, self.schema, self.viewer),
            **self.aside_context(),
        }

    def _step_form(self, step: StepSchema, known: Mapping[str, Any], **kwargs: Any) -> StepForm:
        return StepForm(
            step=step,
            sources=self.sources,
            known=known,
            locked=self._locked_fields(),
            fetched=self.draft.fetched,
            erased=self._erased,
            **kwargs,
        )

    @cached_property
    def _erased(self) -> dict[str, Any]:
        return answers.erased_in(self.draft.replaces)

    def _form(self, step: str, initial: Mapping[str, Any] | None = None, **kwargs: Any) -> StepForm:
        known: dict[str, Any] = {}
        for state in self.states:
            if state.key == step:
                break
            known |= state.form.answers
        form = self._step_form(self.schema.step(step), known, initial=initial, **kwargs)
        if not form.is_bound:
            form.show_computed(state.form)
        return form

    def _passes(self, form: StepForm) -> bool:
        if not form.is_valid():
            return False
        for key, said in self.check_step(form.step.key, {**form.known, **form.answers}).items():
            for message in said:
                form.add_error(key if key in form.fields else None, message)
        return not form.errors

    def _first_incomplete(self) -> StepState | None:
        return next((state for state in self.states if not state.complete), None)

    def _to_step(self, state: StepState, *, explain: bool = False) -> HttpResponse:
        return redirect(self.get_step_url(state.key) + ("?visa=fel" if explain else ""))

    def _locked_fields(self) -> frozenset[str]:
        """Answers given before that nobody has asked to have changed."""
        fetched = frozenset(
            one.key
            for one in self.schema.fields()
            if one.prefill_locked and one.key in self.draft.fetched
        )
        opened, before = self.open_fields(), self.draft.replaces
        if opened is None or before is None:
            return fetched
        return fetched.union(key for key in before.answers if key not in opened)

    def _fetched_answers(self, step: str) -> dict[str, Any]:
        """What was fetched for a step that nobody has been to, as it would be typed."""
        found = {key: one["value"] for key, one in self.draft.fetched.items()}
        return typed_of(self.schema.step(step).fields, found)

    # Saving -----------------------------------------------------------------

    def _typed(self, step: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
        """What the page sent, with uploads stored; and why uploads were refused."""
        shown = self._form(step).shown
        before = self.storage.get_step_data(step) or self._fetched_answers(step)
        locked = self._locked_fields()
        typed = {
            **before,
            **from_post(self.request.POST, [f for f in shown if f.key not in locked]),
        }
        refused: dict[str, list[str]] = {}
        for field in shown:
            if field.kind != "file" or field.key in locked:
                continue
            upload = self.request.FILES.get(field.key)
            if upload is not None:
                try:
                    stored = actions.store_file(
                        draft_id=self.draft.pk,
                        field_key=field.key,
                        upload=upload,
                        actor=self.viewer,
                    )
                    typed[field.key] = stored.public_id
                except FileRefused as error:
                    refused[field.key] = [str(error.message)]
                    typed[field.key] = before.get(field.key, "")
            elif self.request.POST.get(REMOVE) == field.key:
                typed[field.key] = ""
            gone = before.get(field.key)
            if gone and gone != typed[field.key]:
                actions.remove_file(draft_id=self.draft.pk, public_id=gone, actor=self.viewer)
        return typed, refused

    def _save(self, step: str, typed: dict[str, Any], goto: str) -> None:
        self.storage.set_step_data(step, typed, next_step=goto)
        self.draft.data = self.storage.draft.data
        self.__dict__.pop("states", None)

    # The end ------------------------------------------------------------------

    def _review(self, error: str = "", status: int = 200) -> HttpResponse:
        values = {key: one for state in self.states for key, one in state.form.answers.items()}
        before = self.draft.replaces
        groups = answers.values_in_words(
            self.schema,
            values,
            self.viewer,
            before=before.answers if before else None,
            before_schema=FormSchema.from_plain(before.version.schema) if before else None,
            fetched=self.draft.fetched,
        )
        context = {
            **self._page(),
            "view": self,
            "error": error,
            "groups": [
                (group, f"{self.get_step_url(group.key)}?till={REVIEW}") for group in groups
            ],
            "previous_url": self.get_step_url(self.steps.last),
        }
        template = self.review_template_name
        return TemplateResponse(self.request, template, context, status=status)

    def _submit(self) -> HttpResponse:
        caught: tuple[type[Exception], ...] = (FormClosed, *self.finish_errors)
        try:
            submission = actions.submit_draft(
                draft_id=self.draft.pk,
                actor=self.viewer,
                then=self.finish,
                sources=self.sources,
                check_step=self.check_step,
            )
        except actions.AnswersRefused as error:
            messages.warning(self.request, str(error.message))
            return redirect(self.get_step_url(REVIEW))
        except caught as error:
            return self._review(str(getattr(error, "message", _("It could not be sent."))), 422)
        return redirect(self.receipt_url(submission))
