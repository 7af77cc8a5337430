from itertools import chain

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    """Registers the kind of case and gives this room's operations their words."""

    name = "programme"
    verbose_name = _("Programme")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the rooms below what this one adds."""
        from audit.registry import events_only, exempt, register_operation
        from core import health
        from forms_app import copies, corrected
        from forms_app.access import register_file_viewer
        from forms_app.retention import register_closings
        from programme.absences.operations import OPERATIONS as ABSENCES
        from programme.access import may_see_answers
        from programme.attendance.operations import OPERATIONS as ATTENDANCE
        from programme.case_types.health import check as check_types
        from programme.case_types.plugging import plug_in
        from programme.corrections import CORRECTION, check, open_correction
        from programme.dated.operations import OPERATIONS as DATED
        from programme.demo_story.operations import OPERATIONS as STORY
        from programme.employees.health import check as check_employees
        from programme.employees.keeping import purge_lists
        from programme.employees.operations import OPERATIONS as EMPLOYEES
        from programme.erasing import erase_in_cases, purge_previews
        from programme.evaluation.operations import OPERATIONS as EVALUATION
        from programme.fetched import register_sources
        from programme.governance.health import check as check_governance
        from programme.governance.operations import OPERATIONS as GOVERNANCE
        from programme.groups.health import check as check_groups
        from programme.groups.operations import OPERATIONS as GROUPS
        from programme.guests.following import tell_guests
        from programme.guests.operations import OPERATIONS as GUESTS
        from programme.hours.health import check as check_hours
        from programme.hours.operations import OPERATIONS as HOURS
        from programme.keeping import closings, staff_closings
        from programme.kind import NOMINATION
        from programme.lectures.late import follow as follow_late_viewing
        from programme.lectures.operations import OPERATIONS as LECTURES
        from programme.message_audiences import plug_in as plug_in_audiences
        from programme.message_kinds import AREAS, KINDS
        from programme.months.health import check as check_months
        from programme.months.late_viewing import propose_viewing
        from programme.months.operations import OPERATIONS as MONTHS
        from programme.occasions.following import follow
        from programme.occasions.operations import OPERATIONS as OCCASIONS
        from programme.procurement.operations import OPERATIONS as PROCUREMENT
        from programme.registers.health import check as check_registers
        from programme.registers.operations import OPERATIONS as REGISTERS
        from programme.registrations.following import tell_those_in_line
        from programme.registrations.kind import REGISTRATION
        from programme.registrations.message_kinds import KINDS as REGISTRATION_MESSAGES
        from programme.registrations.operations import OPERATIONS as REGISTRATIONS
        from programme.staff.operations import OPERATIONS as STAFF
        from programme.venues.operations import OPERATIONS as VENUES
        from workflows.kinds import register
        from workflows.mailing.kinds import register as register_messages
        from workflows.mailing.kinds import register_area

        register_messages(*KINDS, *REGISTRATION_MESSAGES)
        for prefix, area in AREAS.items():
            register_area(prefix, area)
        plug_in_audiences()
        register(NOMINATION)
        register(CORRECTION)
        corrected.register(open_correction)
        health.register_check("corrections", _("Corrections of fetched answers"), check)
        health.register_check("case_types", _("Case types"), check_types)
        health.register_check("employees", _("Employees"), check_employees)
        health.register_check("groups", _("Groups and occasions"), check_groups)
        health.register_check("months", _("Months"), check_months)
        health.register_check("hours", _("Counted hours"), check_hours)
        health.register_check("governance", _("Governance"), check_governance)
        health.register_check("registers", _("Registers"), check_registers)
        register(REGISTRATION)
        follow(tell_those_in_line)
        follow(tell_guests)
        follow_late_viewing(propose_viewing)
        register_file_viewer(may_see_answers)
        register_closings(closings)
        register_closings(staff_closings)
        copies.register("cases", erase_in_cases)
        copies.register_purger("files with nominations", purge_previews)
        copies.register_purger("lists of employees", purge_lists)
        plug_in()
        register_sources()
        exempt(
            "programme.ImportBatch",
            "a preview that its owner may leave; the nominations it leads to are tracked",
        )
        exempt(
            "programme.Viewing",
            "changes every few seconds while someone watches; that the recording was followed,"
            " and the times that count, are tracked",
        )
        for name in ("EvaluationCount", "EvaluationGiven"):
            exempt(
                f"programme.{name}",
                "a total history would lay who answered beside what was answered",
            )
        exempt(
            "programme.AbsenceList",
            "a preview that its owner may leave; the absences it leads to are tracked",
        )
        exempt(
            "programme.EmployeeList",
            "a preview that its owner may leave; the persons and units it leads to are tracked",
        )
        for link in ("LearningUnit_modules", "Lecture_tags", "Occasion_trainers"):
            events_only(f"programme.{link}", "links only: the event names both ends")
        parts = (
            ABSENCES,
            ATTENDANCE,
            DATED,
            EMPLOYEES,
            EVALUATION,
            GOVERNANCE,
            GROUPS,
            GUESTS,
            HOURS,
            LECTURES,
            MONTHS,
            OCCASIONS,
            PROCUREMENT,
            REGISTERS,
            REGISTRATIONS,
            STAFF,
            STORY,
            VENUES,
        )
        for name, words in chain(OPERATIONS.items(), *(part.items() for part in parts)):
            register_operation(name, words)


OPERATIONS = {
    "programme.load": _("laid the ground of the programme"),
    "nomination.start": _("began a nomination"),
    "nomination.submit": _("nominated"),
    "nomination.complete": _("completed a nomination"),
    "nomination.import_preview": _("read a file with nominations"),
    "nomination.import": _("nominated from a file"),
    "place.accept": _("accepted a place"),
    "place.decline": _("declined a place"),
    "place.withdraw": _("took a place back"),
    "place.replace": _("gave a place to another person"),
    "place.reorder": _("changed the order of a reserve list"),
    "place.move": _("moved a place"),
    "wave.create": _("planned a wave"),
    "wave.update": _("changed a wave"),
    "quota.set": _("decided a quota"),
    "setting.set": _("changed a setting"),
}
