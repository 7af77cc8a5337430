"""Work in the background: running twice is harmless."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from people.models import User
from reports.certificates import actions


@shared_task(name="reports.issue_month")
def issue_month(month_id: int, actor_id: int) -> int:
    """Issue what is left of a month, a chunk at a time."""
    actor = User.objects.get(pk=actor_id)
    issued = 0
    with translation.override(settings.LANGUAGE_CODE):
        while now := actions.issue_month(month_id=month_id, actor=actor):
            issued += now
    return issued


@shared_task(name="reports.refresh_month")
def refresh_month(month_id: int) -> int:
    """Replace or take back the month's certificates that no longer say what is so."""
    valid, changed = actions.valid_ids(month_id), 0
    with translation.override(settings.LANGUAGE_CODE):
        for at in range(0, len(valid), actions.CHUNK):
            changed += actions.refresh(certificate_ids=valid[at : at + actions.CHUNK])
    return changed


@shared_task(name="reports.mind_certificates")
def mind_certificates() -> int:
    """Replace what no longer holds, and certify completed courses."""
    changed = 0
    with translation.override(settings.LANGUAGE_CODE):
        valid, completed = actions.valid_ids(), actions.uncertified_ids()
        for at in range(0, len(valid), actions.CHUNK):
            changed += actions.refresh(certificate_ids=valid[at : at + actions.CHUNK])
        for at in range(0, len(completed), actions.CHUNK):
            changed += actions.issue_courses(participation_ids=completed[at : at + actions.CHUNK])
    return changed
