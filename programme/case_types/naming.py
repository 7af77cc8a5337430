"""What cases of staff's own kinds are called, read from their answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.erasure import is_erased
from forms_app.kinds import kind_of
from forms_app.models import Submission
from forms_app.schema import FieldSchema, FormSchema
from forms_app.sources import WordSources, words_for
from people.models import User
from programme.case_types.rules import NAMING
from programme.models import CaseSubmission, CaseType
from workflows.kinds import CaseTitle
from workflows.models import Case

LENGTH = 100
#: Alone they say nothing: «125 000» needs the question beside it.
NEEDS_LABEL = frozenset({"number", "date", "yes_no"})
NAMED = ("person", "organisation", "file")


def titles_of(case_type: CaseType, cases: Sequence[Case], viewer: User) -> dict[int, CaseTitle]:
    """Title and subtitle by the case's id, in a number of queries that does not grow."""
    submissions = _newest(cases)
    schemas: dict[int, FormSchema] = {}
    for one in submissions.values():
        if one.version_id not in schemas:
            schemas[one.version_id] = FormSchema.from_plain(one.version.schema)
    keys = [key for key in (case_type.title_field, case_type.subtitle_field) if key]
    names = _names(keys, submissions.values(), schemas, viewer)
    found = {}
    for case_id, submission in submissions.items():
        fields = {one.key: one for one in schemas[submission.version_id].fields()}
        title = in_words(fields.get(case_type.title_field), submission.answers, names)
        below = in_words(fields.get(case_type.subtitle_field), submission.answers, names)
        found[case_id] = CaseTitle(
            title or case_type.name,
            " · ".join(part for part in (case_type.name if title else "", below) if part),
        )
    return found


def in_words(field: FieldSchema | None, answers: Mapping[str, Any], names: WordSources) -> str:
    """One answer as part of a name; empty when it was not given or says nothing."""
    value = answers.get(field.key) if field else None
    if field is None or value in (None, "", []) or field.kind not in NAMING:
        return ""
    if is_erased(value):
        return ""
    words = kind_of(field.kind).words(field, value, names)
    words = words if len(words) <= LENGTH else f"{words[: LENGTH - 1].rstrip()}…"
    return f"{field.label}: {words}" if field.kind in NEEDS_LABEL else words


def _newest(cases: Sequence[Case]) -> dict[int, Submission]:
    links = (
        CaseSubmission.objects.filter(case__in=cases)
        .select_related("submission__version")
        .order_by("case_id", "-round")
        .distinct("case_id")
    )
    return {link.case_id: link.submission for link in links}


def _names(
    keys: Sequence[str],
    submissions: Iterable[Submission],
    schemas: Mapping[int, FormSchema],
    viewer: User,
) -> WordSources:
    """The names behind references among the answers; kinds that none holds cost no query."""
    wanted: dict[str, set[str]] = {kind: set() for kind in NAMED}
    for submission in submissions:
        fields = {one.key: one for one in schemas[submission.version_id].fields()}
        for key in keys:
            field, value = fields.get(key), submission.answers.get(key)
            if field is not None and field.kind in wanted and value and not is_erased(value):
                wanted[field.kind].add(str(value))
    return words_for(viewer, *(wanted[kind] for kind in NAMED))
