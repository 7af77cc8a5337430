"""Corrections that nobody decides; for the configuration check."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from core.health import Finding, Severity
from programme.models import Correction
from programme.queries import current_programme, settings_on


def check(on: datetime.date) -> Iterator[Finding]:
    """Corrections that have waited for their second person longer than the setting's days."""
    programme = current_programme()
    if programme is None:
        return
    days = int(settings_on(programme, on)["correction_wait_days"])
    last = timezone.make_aware(
        datetime.datetime.combine(on - datetime.timedelta(days=days), datetime.time.min)
    )
    waiting = Correction.objects.filter(
        state=Correction.State.PROPOSED, month__programme=programme, proposed_at__lt=last
    ).count()
    if waiting:
        # Broken, so that it is mailed: until then the month says hours that are disputed.
        yield Finding(
            ngettext(
                "%(n)d correction of a locked month has waited too long for a second person.",
                "%(n)d corrections of locked months have waited too long for a second person.",
                waiting,
            )
            % {"n": waiting},
            Severity.BROKEN,
            reverse("months:corrections"),
        )
