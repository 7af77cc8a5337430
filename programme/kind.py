"""The kind of case «nomination»: its facts and pictures, and what an approval leads to."""

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forms_app.answers import in_words
from forms_app.models import FormVersion
from forms_app.schema import FormSchema
from people.access import held_by
from people.display import name_of
from people.identity import masked
from people.models import Capability, User
from programme import checks, queries
from programme.actions import places
from programme.answers import PERSON
from programme.models import Nomination
from workflows.kinds import CaseKind, CaseTitle, Event, FactGroup, FactRow, Panel
from workflows.models import Case


class NominationCase(CaseKind):
    """A district's nomination of one person."""

    key = "nomination"
    name = _("nomination")
    prefix = "N"

    def titles(self, cases: Sequence[Case], viewer: User) -> dict[int, CaseTitle]:
        """Who, and to what; one query for the whole list."""
        nominations = Nomination.objects.filter(case__in=cases).select_related(
            "person__unit", "unit", "kind", "wave"
        )
        return {
            nomination.case_id: CaseTitle(
                name_of(nomination.person, viewer),
                f"{nomination.kind.name} · {nomination.wave.name} · {nomination.unit.name}",
            )
            for nomination in nominations
        }

    def facts(self, case: Case, viewer: User) -> Sequence[FactGroup]:
        """Who is nominated by whom, and the answers with what changed since the round before."""
        nomination = (
            Nomination.objects.filter(case=case)
            .select_related(
                "person__unit",
                "person__identity",
                "unit",
                "district",
                "category",
                "kind",
                "wave",
                "submission__version",
                "submission__replaces__version",
            )
            .first()
        )
        if nomination is None:
            return []
        person = nomination.person
        rows = [
            FactRow(_("Person"), name_of(person, viewer)),
            FactRow(_("Job role"), person.job_role),
            FactRow(_("Unit"), nomination.unit.name),
            FactRow(_("Administration"), nomination.district.name),
            FactRow(_("Wave"), nomination.wave.name),
            FactRow(_("Category"), nomination.category.name),
        ]
        if nomination.key_function:
            rows.append(FactRow(_("Key function"), _("Yes")))
        if held_by(viewer).covers(Capability.REVEAL_IDENTITY, person.unit):
            number = masked(person, viewer)
            rows.append(FactRow(_("Personal identity number"), number, on_paper=False))
        groups = [FactGroup(_("The nominated person"), rows)]
        submission = nomination.submission
        for group in in_words(submission, viewer, submission.replaces):
            answers = [
                FactRow(row.label, row.value, row.changed, row.before)
                for row in group.rows
                if row.key != PERSON
            ]
            if answers:
                groups.append(FactGroup(group.title, answers))
        return groups

    def field_labels(self, case: Case) -> Mapping[str, str | Promise]:
        """Everything that was asked, except whom: another person is another nomination."""
        nomination = Nomination.objects.select_related("submission__version").get(case=case)
        labels = FormSchema.from_plain(nomination.submission.version.schema).labels()
        return {key: label for key, label in labels.items() if key != PERSON}

    def condition_fields(self) -> Mapping[str, str | Promise]:
        """The nomination's own facts and the questions of the forms in use."""
        fields: dict[str, str | Promise] = {
            "nomination_kind": _("Kind of nomination"),
            "category": _("Category"),
            "wave": _("Wave"),
            "district": _("Administration"),
            "unit": _("Unit"),
            "service_area": _("Service area"),
            "key_function": _("Key function"),
        }
        newest = FormVersion.objects.order_by("definition_id", "-number").distinct("definition_id")
        for version in newest.filter(definition__nominationkind__isnull=False):
            for key, label in FormSchema.from_plain(version.schema).labels().items():
                fields.setdefault(key, label)
        return fields

    def edit_url(self, case: Case) -> str:
        """Where the questions of a returned nomination are answered."""
        return reverse("programme:complete", args=[case.reference])

    def panels(self, case: Case, viewer: User) -> Sequence[Panel]:
        """How full the quota is, who supports the person, and the place if there is one."""
        nomination = (
            Nomination.objects.filter(case=case)
            .select_related("wave", "district", "category", "kind", "place__wave", "person__unit")
            .first()
        )
        if nomination is None:
            return []
        where = (nomination.wave_id, nomination.district_id, nomination.category_id)
        meter = checks.meters([where[0]], [where[1]]).get(where)
        gaps = queries.support_gaps(
            nomination.wave.programme, timezone.localdate(), Q(unit=nomination.unit_id)
        )
        held = held_by(viewer)
        unit = nomination.person.unit
        return [
            Panel(
                "programme/panels/case.html",
                {
                    "nomination": nomination,
                    "place": getattr(nomination, "place", None),
                    "meter": meter if nomination.kind.uses_quota else None,
                    "gaps": gaps,
                    "may_place": held.covers(Capability.PLACE, nomination.district),
                    "may_reveal": held.covers(Capability.REVEAL_IDENTITY, unit),
                },
            )
        ]

    def work_panels(self, user: User) -> Sequence[Panel]:
        """Places, hours, balance and gaps, for those who nominate or place."""
        held = held_by(user)
        if not (held.can(Capability.NOMINATE) or held.can(Capability.PLACE)):
            return []
        programme = queries.current_programme()
        if programme is None:
            return []
        return [Panel("programme/panels/work.html", queries.overview(user, programme))]

    def after(self, case: Case, event: Event) -> None:
        """An approval gives a place or a rank; a no frees the person for another nomination."""
        nomination = Nomination.objects.filter(case=case).select_related("kind").first()
        if nomination is None:
            return
        if event is Event.APPROVED:
            places.admit(nomination=nomination)
        elif event in (Event.DECLINED, Event.WITHDRAWN, Event.LAPSED):
            places.end_with_nomination(nomination=nomination)


NOMINATION = NominationCase()
