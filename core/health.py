"""Broken configuration found before users do: rooms register checks, one page shows them.

A check reads and never writes. One that fails is itself a finding, so a fault in a
check never hides the others.
"""

import datetime
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


class Severity(StrEnum):
    """How much it matters."""

    BROKEN = "broken"  # somebody is stopped by it today
    SOON = "soon"  # nobody is yet, but there is a day by which it must be done
    WARNING = "warning"  # somebody may be, or it looks wrong


_WORST_FIRST = list(Severity)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in words, and where it is put right."""

    message: str
    severity: Severity = Severity.BROKEN
    link: str = ""


Check = Callable[[datetime.date], Iterable[Finding]]


@dataclass(frozen=True)
class Area:
    """What one check found."""

    key: str
    title: str
    findings: Sequence[Finding]

    @property
    def worst(self) -> Severity | None:
        """The most that anything here matters; nothing when all is in order."""
        return min((one.severity for one in self.findings), key=_WORST_FIRST.index, default=None)


_CHECKS: dict[str, tuple[str | Promise, Check]] = {}


def register_check(key: str, title: str | Promise, check: Check) -> None:
    """Add a check; called in a room's ``AppConfig.ready``. The same key again replaces it."""
    _CHECKS[key] = (title, check)


def findings(on: datetime.date) -> list[Area]:
    """Every check's findings, an area each, those without findings too."""
    return [_run(key, str(title), check, on) for key, (title, check) in _CHECKS.items()]


def _run(key: str, title: str, check: Check, on: datetime.date) -> Area:
    try:
        # A savepoint: a statement that fails must not take the other checks with it.
        with transaction.atomic():
            found = list(check(on))
    except Exception:
        log.exception("the check %s failed", key)
        found = [Finding(_("The check itself failed. Ask technical staff to look in the log."))]
    found.sort(key=lambda one: _WORST_FIRST.index(one.severity))
    return Area(key, title, found)
