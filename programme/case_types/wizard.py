"""The wizard for staff's own kinds of case, over the type's form."""

from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from forms_app.models import Draft, Submission
from forms_app.wizard import DraftWizardView
from people.access import NotAllowed as NotHeld
from people.models import Organisation, Person
from programme.case_types import access, actions
from programme.errors import Refused
from programme.models import CaseSubmission, CaseType
from workflows.errors import WorkflowError


class CaseWizard(DraftWizardView):
    """Asks the type's form; what is handed in opens a case or answers a returned one."""

    review_template_name = "programme/case_types/review.html"
    aside_template = "programme/case_types/aside.html"
    finish_errors = (Refused, WorkflowError, NotHeld)

    def draft_queryset(self) -> QuerySet[Draft]:
        """The viewer's own drafts of the type that stands in the address."""
        return (
            super().draft_queryset().filter(**{f"context__{actions.TYPE}": str(self.kwargs["key"])})
        )

    def get_step_url(self, step: str) -> str:
        """The address of a step."""
        return reverse("case_types:wizard", args=[self.case_type.key, self.draft.public_id, step])

    def receipt_url(self, submission: Submission) -> str:
        """The receipt; a completed case's is the case itself."""
        link = get_object_or_404(
            CaseSubmission.objects.select_related("case"), submission=submission
        )
        if self.is_completion:
            return link.case.get_absolute_url()
        return reverse("case_types:receipt", args=[link.case.reference])

    def exit_url(self) -> str:
        """Back to where cases start, where the draft is listed."""
        return reverse("case_types:start")

    def person_queryset(self) -> QuerySet[Person]:
        """Persons below where the viewer holds a role that may start the type."""
        return access.choosable_persons(self.viewer, self.case_type).select_related("unit")

    def organisation_queryset(self) -> QuerySet[Organisation]:
        """Organisations where the viewer may start the type, and below."""
        return access.choosable_organisations(self.viewer, self.case_type)

    def open_fields(self) -> frozenset[str] | None:
        """All of a new case; of a returned one what was asked about."""
        if not self.is_completion:
            return None
        return actions.unlocked_fields(self.draft, self.schema, self.case_type)

    def finish(self, submission: Submission) -> None:
        """Open the case, or let the returned one go on."""
        actions.finish(submission, draft=self.draft, actor=self.viewer)

    def aside_context(self) -> dict[str, object]:
        """Which kind of case it is, and that nothing is lost."""
        return {"case_type": self.case_type, "completes": self.is_completion}

    @property
    def is_completion(self) -> bool:
        """Whether the draft answers a return."""
        return actions.CASE in self.draft.context

    @cached_property
    def case_type(self) -> CaseType:
        """The type that the draft belongs to."""
        found = CaseType.objects.filter(key=self.draft.context[actions.TYPE]).first()
        if found is None:
            raise Http404
        return found
