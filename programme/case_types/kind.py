"""Staff's own kinds of case, as the engine knows kinds: one object a row."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html

from forms_app.answers import in_words
from forms_app.building import schema_of
from forms_app.models import FormDefinition, FormVersion, Submission
from forms_app.schema import FormSchema
from people.access import held_by
from people.models import User
from programme.case_types import access
from programme.case_types.naming import titles_of
from programme.models import CaseSubmission, CaseType
from workflows.kinds import CaseKind, CaseTitle, FactGroup, FactRow, Panel
from workflows.models import Case


class Batch:
    """The types that were read together, so that what they share is read once."""

    def __init__(self, types: Sequence[CaseType]) -> None:
        self.types = types

    @cached_property
    def schemas(self) -> dict[int, FormSchema]:
        """Each form's newest version; the draft of one that is not published yet."""
        ids = {one.form_id for one in self.types}
        versions = (
            FormVersion.objects.filter(definition__in=ids)
            .order_by("definition_id", "-number")
            .distinct("definition_id")
        )
        found = {one.definition_id: FormSchema.from_plain(one.schema) for one in versions}
        missing = ids - set(found)
        if missing:
            for definition in FormDefinition.objects.filter(pk__in=missing):
                found[definition.pk] = schema_of(definition)
        return found


class StaffKind(CaseKind):
    """One case type as a kind of case."""

    def __init__(self, case_type: CaseType, batch: Batch | None = None) -> None:
        self.case_type = case_type
        self.batch = batch or Batch([case_type])
        self.key = case_type.key
        self.name = case_type.name
        self.prefix = case_type.prefix

    @property
    def fixed_fields(self) -> frozenset[str]:
        """Answers that are never changed: another person or organisation is another case."""
        fixed = {self.case_type.person_field}
        if self.case_type.belongs_to == CaseType.BelongsTo.FIELD:
            fixed.add(self.case_type.organisation_field)
        return frozenset(fixed - {""})

    def titles(self, cases: Sequence[Case], viewer: User) -> dict[int, CaseTitle]:
        """What the chosen answers say; one query, and one for each kind of name they hold."""
        return titles_of(self.case_type, cases, viewer)

    def facts(self, case: Case, viewer: User) -> Sequence[FactGroup]:
        """The answers, with what changed since the round before; files can be opened."""
        submission = newest(case)
        if submission is None:
            return []
        schema = FormSchema.from_plain(submission.version.schema)
        files = {one.key for one in schema.fields() if one.kind == "file"}
        return [
            FactGroup(
                group.title,
                [
                    FactRow(
                        row.label,
                        _opened(submission.answers.get(row.key), row.value)
                        if row.key in files
                        else row.value,
                        row.changed,
                        row.before,
                    )
                    for row in group.rows
                ],
            )
            for group in in_words(submission, viewer, submission.replaces)
        ]

    def field_labels(self, case: Case) -> Mapping[str, str | Promise]:
        """Everything that was asked, except what would make it another case."""
        submission = newest(case)
        if submission is None:
            return {}
        labels = FormSchema.from_plain(submission.version.schema).labels()
        return {key: label for key, label in labels.items() if key not in self.fixed_fields}

    def condition_fields(self) -> Mapping[str, str | Promise]:
        """The form's questions, also before anybody has answered them."""
        return dict(self.batch.schemas[self.case_type.form_id].labels())

    def edit_url(self, case: Case) -> str:
        """Where the questions of a returned case are answered."""
        return reverse("case_types:complete", args=[case.reference])

    def work_panels(self, user: User) -> Sequence[Panel]:
        """One way in to everything the user may start; the first type speaks for all."""
        if self.batch.types[0] != self.case_type:
            return []
        found = access.startable(user)
        if not found:
            return []
        return [Panel("programme/case_types/panel.html", {"startable": found})]

    def search(self, text: str) -> Q:
        """Cases whose title holds the text, in any round."""
        key = self.case_type.title_field
        if not key:
            return Q(pk__in=[])
        found = (
            CaseSubmission.objects.filter(case_type=self.case_type)
            .alias(title=KeyTextTransform(key, "submission__answers"))
            .filter(title__icontains=text)
        )
        return Q(pk__in=found.values("case_id"))

    def extra_visible(self, user: User) -> Q:
        """Those whose role reads this type, where they hold it and below."""
        held = held_by(user).assignments
        where = {role.organisation_id for role in held if role.key in self.case_type.readers}
        if not where:
            return Q(pk__in=[])
        return Q(kind=self.key, organisation__lineage__overlap=sorted(where))


def staff_kinds() -> Iterable[CaseKind]:
    """Every case type as a kind, those out of use too: their cases go on."""
    types = list(CaseType.objects.order_by("name", "pk"))
    batch = Batch(types)
    return [StaffKind(one, batch) for one in types]


def newest(case: Case) -> Submission | None:
    """The answers that the case now stands on, with those they replaced."""
    link = (
        CaseSubmission.objects.filter(case=case)
        .select_related("submission__version", "submission__replaces__version")
        .order_by("-round")
        .first()
    )
    return link.submission if link else None


def _opened(reference: object, name: str) -> str:
    """A file's name as the way to open it."""
    if not reference:
        return name
    url = reverse("forms_app:file", args=[str(reference)])
    return format_html('<a class="govuk-link" href="{}">{}</a>', url, name)
