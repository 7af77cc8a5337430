"""The Celery application; rooms declare tasks with ``shared_task``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("kompetensportalen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The parts of a large room keep their tasks beside what they do.
app.autodiscover_tasks(
    [
        "programme.absences",
        "programme.groups",
        "programme.guests",
        "programme.hours",
        "programme.months",
        "programme.occasions",
        "programme.registrations",
        "programme.staff",
        "programme.venues",
        "reports.certificates",
        "reports.closing",
        "reports.scb",
    ]
)
