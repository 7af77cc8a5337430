"""A fetched answer that somebody says is wrong: a case for whoever keeps the register.

The case names the submission and the questions, never what the register or the person
says: that is read from the submission, and is gone when it has been erased there.
"""

import datetime
import logging
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.health import Finding, Severity
from forms_app.answers import in_words
from forms_app.models import Submission
from forms_app.schema import FormSchema
from people.models import Organisation, Person, RoleAssignment, User
from workflows.actions import CannotOpen, current_version, open_case
from workflows.kinds import CaseKind, CaseTitle, FactGroup, FactRow
from workflows.models import Case

log = logging.getLogger(__name__)
#: The workflow that staff draw for it; the first one comes with the installation.
WORKFLOW = "rattelse-av-uppgift"


class CorrectionCase(CaseKind):
    """Somebody's correction of what a register says about them."""

    key = "register_correction"
    name = gettext_lazy("correction of a fetched answer")
    prefix = "RU"

    def titles(self, cases: Sequence[Case], viewer: User) -> dict[int, CaseTitle]:
        """What was corrected, and in which form; one query for the whole list."""
        found = _submissions(cases)
        titles = {}
        for case in cases:
            submission = found.get(case.data.get("submission", ""))
            if submission is not None:
                labels = _labels(submission)
                asked = ", ".join(labels.get(key, key) for key in case.data["fields"])
                titles[case.pk] = CaseTitle(
                    _("Correction: %(fields)s") % {"fields": asked},
                    submission.version.definition.name,
                )
        return titles

    def facts(self, case: Case, viewer: User) -> Sequence[FactGroup]:
        """What the register said, and what the person says instead."""
        submission = _submissions([case]).get(case.data.get("submission", ""))
        if submission is None:
            return []
        wanted = set(case.data["fields"])
        said = {
            row.key: row.value
            for group in in_words(submission, viewer, None)
            for row in group.rows
            if row.key in wanted
        }
        labels = _labels(submission)
        groups = []
        for key in case.data["fields"]:
            fetched = submission.fetched.get(key, {})
            rows = [
                FactRow(_("Fetched from"), fetched.get("label", "")),
                FactRow(_("The register says"), fetched.get("value", _("erased"))),
                FactRow(_("The person says"), said.get(key, "")),
            ]
            groups.append(FactGroup(labels.get(key, key), rows))
        return groups


CORRECTION = CorrectionCase()


def open_correction(submission: Submission, keys: Sequence[str]) -> None:
    """Ask whoever keeps the register to look; the answer itself is never held up by it."""
    actor = submission.submitted_by
    place = _place_of(actor)
    if place is None:
        log.warning("a correction has no place; submission %s", submission.public_id)
        return
    try:
        with transaction.atomic():
            open_case(
                kind=CORRECTION,
                version=current_version(WORKFLOW),
                organisation=place,
                initiator=actor,
                concerns=None,
                data={"submission": submission.public_id, "fields": sorted(keys)},
            )
    except CannotOpen as error:
        # The configuration check tells the administrators; the person's own matter goes on.
        log.warning("a correction could not be handed on: %s", error)


def check(on: datetime.date) -> Iterator[Finding]:
    """Whether corrections reach anybody; for the daily digest."""
    try:
        current_version(WORKFLOW)
    except CannotOpen:
        yield Finding(
            _(
                "No workflow takes corrections of fetched answers, so they reach nobody. "
                "Publish the workflow “%(key)s”."
            )
            % {"key": WORKFLOW},
            Severity.WARNING,
            reverse("workflows:health"),
        )


def _place_of(user: User) -> Organisation | None:
    """Where the person works, else the highest place of their roles."""
    person = Person.objects.select_related("unit").filter(user=user).first()
    if person is not None:
        return person.unit
    held = (
        RoleAssignment.objects.on(timezone.localdate())
        .filter(user=user)
        .select_related("organisation")
    )
    places = sorted({one.organisation for one in held}, key=lambda one: len(one.lineage))
    return places[0] if places else None


def _submissions(cases: Sequence[Case]) -> dict[str, Submission]:
    wanted = {case.data.get("submission", "") for case in cases}
    found = Submission.objects.filter(public_id__in=wanted)
    return {one.public_id: one for one in found.select_related("version__definition")}


def _labels(submission: Submission) -> dict[str, str]:
    return dict(FormSchema.from_plain(submission.version.schema).labels())
