"""The kind of case «registration»: where an occasion asks for somebody's approval first."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.access import held_by
from people.display import name_of
from people.models import Capability, User
from programme.guests.queries import dissemination
from programme.models import Registration
from programme.queries import current_programme
from programme.registrations import asking, facts
from programme.registrations.errors import moment
from programme.venues.booking import hours_in_words
from workflows.kinds import CaseKind, CaseTitle, Event, FactGroup, FactRow, Panel
from workflows.models import Case


class RegistrationCase(CaseKind):
    """Someone's registration for an occasion that needs approval."""

    key = asking.KIND
    name = _("registration")
    prefix = "ANM"

    def titles(self, cases: Sequence[Case], viewer: User) -> dict[int, CaseTitle]:
        """Who, and for what; one query for the whole list."""
        found = Registration.objects.filter(case__in=cases).select_related(
            "person__unit", "plan__occasion"
        )
        return {
            row.case_id: CaseTitle(
                name_of(row.person, viewer),
                f"{row.plan.occasion.title} · {moment(row.plan.occasion.starts_at)}",
            )
            for row in found
            if row.case_id is not None
        }

    def facts(self, case: Case, viewer: User) -> Sequence[FactGroup]:
        """Who wants to go where, when, and how full it is."""
        row = (
            Registration.objects.filter(case=case)
            .select_related("person__unit", "plan__occasion", "district")
            .first()
        )
        if row is None:
            return []
        occasion = row.plan.occasion
        seats = facts.seats_of(row.plan)
        return [
            FactGroup(
                _("The registration"),
                [
                    FactRow(_("Person"), name_of(row.person, viewer)),
                    FactRow(_("Unit"), row.person.unit.name),
                    FactRow(_("Occasion"), occasion.title),
                    FactRow(_("Time"), hours_in_words(occasion.starts_at, occasion.ends_at)),
                    FactRow(_("Seats left"), max(0, seats.left_for(row.district_id or 0))),
                ],
            )
        ]

    def condition_fields(self) -> Mapping[str, str | Promise]:
        """What a step of the workflow may ask about."""
        return {
            "occasion": _("Occasion"),
            "occasion_kind": _("Kind of occasion"),
            "district": _("Administration"),
            "manager": _("Manager"),
        }

    def work_panels(self, user: User) -> Sequence[Panel]:
        """A dissemination event that must be planned now, for those who arrange."""
        if not held_by(user).can(Capability.ARRANGE):
            return []
        programme = current_programme()
        if programme is None:
            return []
        warnings = dissemination(programme).warnings
        return [Panel("guests/warning.html", {"warnings": warnings})] if warnings else []

    def after(self, case: Case, event: Event) -> None:
        """A yes gives a seat or a place in line; a no ends the registration."""
        asking.after(case, event)


REGISTRATION = RegistrationCase()
