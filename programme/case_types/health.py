"""Case types in use that take no cases as they stand; for the configuration check."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from core.health import Finding, Severity
from programme.case_types.checks import facts_of
from programme.case_types.rules import problems
from programme.models import CaseType


def check(on: datetime.date) -> Iterator[Finding]:
    """What would stop each type in use from being taken into use today.

    A form that has lost its version, a workflow that has been retired or a role that is gone
    stops those who start cases; what begins later or has ended stops nobody now.
    """
    for case_type in CaseType.objects.filter(in_use=True).select_related("form", "workflow"):
        now = case_type.is_open_on(on)
        if not now and case_type.ends_on is not None and case_type.ends_on < on:
            continue
        for problem in problems(facts_of(case_type)):
            yield Finding(
                _("«%(name)s»: %(problem)s") % {"name": case_type.name, "problem": problem.message},
                Severity.BROKEN if now else Severity.WARNING,
                reverse("case_type_check", args=[case_type.pk]),
            )
