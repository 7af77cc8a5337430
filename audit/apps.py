from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Decide about other packages' tables; install before and after every migration."""
        from celery.signals import task_postrun, task_prerun, worker_init

        from audit import checks, decisions, drift, installation, roles, tasks  # noqa: F401

        decisions.decide()
        pre_migrate.connect(installation.install_functions, sender=self)
        post_migrate.connect(installation.install_rest, sender=self)
        task_prerun.connect(tasks.task_starts, weak=False)
        task_postrun.connect(tasks.task_ends, weak=False)
        worker_init.connect(drift.before_worker, weak=False)
        if getattr(settings, "DATABASE_SET_ROLE", False):
            connection_created.connect(roles.put_on)
