from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the readings their words."""
        from audit.registry import register_operation
        from core import health
        from programme.months.following import follow
        from reports.certificates.following import month_changed as certify_anew
        from reports.certificates.health import check as check_certificates
        from reports.certificates.operations import OPERATIONS as CERTIFICATES
        from reports.scb.actions import month_changed
        from reports.scb.health import check as check_files
        from reports.scb.operations import OPERATIONS as SCB

        follow(month_changed)
        follow(certify_anew)
        health.register_check("certificates", _("Certificates"), check_certificates)
        health.register_check("scb", _("Files to Statistics Sweden"), check_files)
        register_operation(
            "closing.take_out", _("took out the package that the project is closed with")
        )
        register_operation("audit.read_case", _("read the history of the case"))
        register_operation("audit.search_person", _("searched the history of a person"))
        register_operation("audit.read_hour", _("read the history of an hour"))
        register_operation("economy.export", _("took out the figures of co-financing"))
        register_operation("follow_up.export", _("took out the monthly roll-up"))
        register_operation("follow_up.reasons", _("took out the reasons for leaving"))
        register_operation("case.read_evidence", _("read the evidence of the case"))
        for name, words in (*CERTIFICATES.items(), *SCB.items()):
            register_operation(name, words)
