"""The explanation of counted minutes in words."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programme.models import CountedTime, Occasion

OPEN_END_LOST = gettext_lazy("Nobody checked out: without an end that time does not count.")
SENTENCES = {
    "cancelled": gettext_lazy("The occasion was cancelled, so no time counts."),
    "absent": gettext_lazy("Marked as absent, so no time counts."),
    "excused": gettext_lazy("Marked as excused, so no time counts."),
    "unmarked": gettext_lazy("Nobody has marked this person, so no time counts."),
    "mark_without_times": gettext_lazy(
        "Marked as present without times, and the rules ask for times."
    ),
    "whole": gettext_lazy("Marked as present without times: the occasion's whole net time counts."),
    "times": gettext_lazy("Times present, added together."),
    "union": gettext_lazy("Times that overlap are counted once."),
    "clip": gettext_lazy("Only time between the occasion's start and end counts."),
    "breaks": gettext_lazy("Breaks are not counted."),
    "length": gettext_lazy("No more than the recording's own length counts."),
}


@dataclass(frozen=True)
class Worded:
    """One step as the page tells it."""

    text: str
    before: int
    after: int
    times: list[str] = field(default_factory=list)


def worded(counted: CountedTime) -> list[Worded]:
    """The steps of the counted time; one query when other occasions are named."""
    steps: list[dict[str, Any]] = counted.explanation
    ids = {id for step in steps for id in step.get("occasions", [])}
    titles = dict(Occasion.objects.filter(pk__in=ids).values_list("pk", "title")) if ids else {}
    return [
        Worded(
            _sentence(step, titles), step["before"], step["after"], _times(step.get("times", []))
        )
        for step in steps
    ]


def sentences(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """The steps as history tells them: a sentence each with the minutes after it, and no query."""
    return [
        _("%(sentence)s %(n)d min") % {"sentence": _sentence(step, {}), "n": step["after"]}
        for step in steps
    ]


def _sentence(step: Mapping[str, Any], titles: Mapping[int, str]) -> str:
    code = step["step"]
    if code in SENTENCES:
        return str(SENTENCES[code])
    if code == "open_end":
        if step["counts"]:
            return _("Nobody checked out: the time counts until the occasion's end.")
        return str(OPEN_END_LOST)
    if code == "late":
        return _("A few minutes late, or away before the end, are forgiven by the rules.")
    if code == "gaps":
        return ngettext(
            "%(n)d short gap is forgiven by the rules.",
            "%(n)d short gaps are forgiven by the rules.",
            step["gaps"],
        ) % {"n": step["gaps"]}
    if code == "overlap":
        named = ", ".join(
            titles[id] if id in titles else _("another occasion") for id in step["occasions"]
        )
        return _("The same time is counted at %(occasions)s.") % {"occasions": named}
    if code == "rounding":
        return _("Rounded to %(n)d minutes.") % {"n": step["to"]}
    if code == "once":
        return _("%(n)d minutes of the same lecture are counted already; it counts once.") % {
            "n": step["already"]
        }
    if code == "day_cap":
        return _("At most %(n)d minutes count in one day.") % {"n": step["most"]}
    raise KeyError(code)


def _times(times: Iterable[tuple[str, str | None]]) -> list[str]:
    return [f"{_clock(begin)}–{_clock(end) if end else '?'}" for begin, end in times]


def _clock(text: str) -> str:
    moment = timezone.localtime(datetime.datetime.fromisoformat(text))
    return f"{moment.hour}.{moment:%M}" + (f".{moment:%S}" if moment.second else "")
