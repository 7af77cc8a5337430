"""The wizard for one nomination, with what one needs to know while nominating beside it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from forms_app.models import Draft, Submission
from forms_app.wizard import DraftWizardView
from people.access import NotAllowed as NotHeld
from people.models import Capability, Organisation, Person, employed_on
from programme import access, checks, queries, rules
from programme.actions import nominate as actions
from programme.answers import KEY_FUNCTION, PERSON, is_key_function, person_in
from programme.errors import Refused
from programme.models import Nomination, NominationKind, Wave
from workflows.errors import WorkflowError


class NominationWizard(DraftWizardView):
    """Asks the kind's form, and checks the programme's rules where the person is chosen."""

    review_template_name = "programme/review.html"
    aside_template = "programme/panels/aside.html"
    finish_errors = (Refused, WorkflowError, NotHeld)

    def draft_queryset(self) -> QuerySet[Draft]:
        """The viewer's own nominations that are not sent yet, or have just been."""
        return super().draft_queryset().filter(context__has_key="wave")

    def get_step_url(self, step: str) -> str:
        """The address of a step."""
        return reverse("programme:wizard", args=[self.draft.public_id, step])

    def receipt_url(self, submission: Submission) -> str:
        """The receipt; a completed nomination's is its case."""
        nomination = get_object_or_404(
            Nomination.objects.select_related("case"),
            submission__in=[submission, submission.replaced_by]
            if hasattr(submission, "replaced_by")
            else [submission],
        )
        if self.is_completion:
            return nomination.case.get_absolute_url()
        return reverse("programme:receipt", args=[nomination.public_id])

    def exit_url(self) -> str:
        """Back to where nominating starts, where the draft is listed."""
        return reverse("programme:nominate")

    def person_queryset(self) -> QuerySet[Person]:
        """Those in the viewer's units whom the kind is meant for."""
        persons = access.nominable_persons(self.viewer).filter(
            is_manager=self.kind.category.is_manager
        )
        if not self.is_completion:
            persons = persons.filter(employed_on(timezone.localdate()))
        return persons.select_related("unit")

    def hindered_persons(self) -> Mapping[str, str]:
        """Those who are nominated to this already: the list says so before anyone chooses them."""
        if self.is_completion:
            return {}
        return queries.nominated_already(self.person_queryset(), self.kind)

    def organisation_queryset(self) -> QuerySet[Organisation]:
        """The organisations that the viewer nominates from."""
        return access.nominating_organisations(self.viewer)

    def open_fields(self) -> frozenset[str] | None:
        """All of a new nomination; of a returned one what was asked about."""
        return actions.unlocked_fields(self.draft, self.schema) if self.is_completion else None

    def check_step(self, step_key: str, values: dict[str, Any]) -> Mapping[str, Sequence[str]]:
        """The programme's rules, on the page where the person is chosen."""
        step = self.schema.step(step_key)
        if self.is_completion or all(one.key != PERSON for one in step.fields):
            return {}
        person = person_in(values)
        if person is None:
            return {}
        found: dict[str, list[str]] = {}
        for problem in rules.stopping(self._problems(person, values)):
            key = problem.field if problem.field == KEY_FUNCTION else PERSON
            found.setdefault(key, []).append(str(problem.message))
        return found

    def finish(self, submission: Submission) -> None:
        """Open the case, or let the returned one go on."""
        actions.finish(submission, draft=self.draft, actor=self.viewer)

    def aside_context(self) -> dict[str, Any]:
        """Places, hours, balance and gaps, and what is worth knowing of the chosen person."""
        day = timezone.localdate()
        programme = self.kind.programme
        districts = queries.administrations_for(self.viewer, Capability.NOMINATE)
        cards = queries.wave_cards(districts, day)
        lines = [
            line
            for card in cards
            if card.wave == self.wave
            for line in card.lines
            if line.category == self.kind.category and self.kind.uses_quota
        ]
        return {
            "wave": self.wave,
            "kind": self.kind,
            "completes": self.is_completion,
            "lines": lines,
            "hours": queries.hours(programme),
            "balance": queries.gender(programme=programme, day=day, districts=districts),
            "ages": queries.ages(programme=programme, day=day, districts=districts),
            "gaps": queries.gaps_for(self.viewer, programme, day),
            "notes": self._notes(),
            "manager_kind": programme.kinds.filter(category__is_manager=True).first(),
        }

    @property
    def is_completion(self) -> bool:
        """Whether the draft answers a return."""
        return "nomination" in self.draft.context

    @cached_property
    def wave(self) -> Wave:
        """The wave that the draft belongs to."""
        return get_object_or_404(Wave, public_id=self.draft.context["wave"])

    @cached_property
    def kind(self) -> NominationKind:
        """What the draft nominates to."""
        return get_object_or_404(
            NominationKind.objects.select_related("category", "programme"),
            public_id=self.draft.context["kind"],
        )

    def _notes(self) -> list[rules.Problem]:
        """What does not stop the nomination but should be known before it is sent."""
        if self.is_completion:
            return []
        values = {key: one for state in self.states for key, one in state.form.answers.items()}
        person = person_in(values)
        if person is None:
            return []
        return [
            problem
            for problem in self._problems(person, values)
            if problem.level is rules.Level.NOTE
        ]

    def _problems(self, person: Person, values: Mapping[str, Any]) -> list[rules.Problem]:
        key = (person.pk, is_key_function(values))
        if key not in self._checked:
            self._checked[key] = checks.problems_with(
                person,
                wave=self.wave,
                kind=self.kind,
                key_function=self.kind.key_functions_only or is_key_function(values),
                day=timezone.localdate(),
            )
        return self._checked[key]

    @cached_property
    def _checked(self) -> dict[tuple[int, bool], list[rules.Problem]]:
        # A page checks its steps several times; the answers do not change in between.
        return {}
