"""What history's lists and objects say in words: how hours were counted, what a correction changes.

The rows keep them as data, and the data is the evidence; a reader is told what it says.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.queries import Tellers
from programme.hours.words import sentences
from programme.models import Attendance


def _counted(steps: Iterable[Mapping[str, Any]]) -> str:
    return " → ".join(sentences(steps))


def _lines(lines: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(
        _("%(day)s: %(n)d min") % {"day": line["day"], "n": line["minutes"]} for line in lines
    )


def _number_of_lines(lines: Iterable[Any]) -> str:
    number = len(list(lines))
    return ngettext("%(n)d line", "%(n)d lines", number) % {"n": number}


def _mark(data: Mapping[str, Any]) -> str:
    said = [str(Attendance.Mark(data["mark"]).label)] if data["mark"] else [_("not marked")]
    spans = [f"{_clock(a)}–{_clock(b) if b else '?'}" for a, b in data.get("segments", [])]
    return ", ".join([*said, *spans])


def _clock(text: str) -> str:
    moment = timezone.localtime(datetime.datetime.fromisoformat(text))
    return f"{moment.hour}.{moment:%M}"


def _effect(data: Mapping[str, Any]) -> str:
    said = [
        _("%(before)d → %(after)d min") % {"before": before, "after": after}
        for _occasion, before, after in data["changes"]
    ]
    said.append(_("%(amount)s kr") % {"amount": data["kronor"].replace(".", ",")})
    if data["months"]:
        said.append(_("files to send again: %(months)s") % {"months": ", ".join(data["months"])})
    return "; ".join(said)


def _summary(data: Mapping[str, Any]) -> str:
    said = [data["service"]] if data.get("service") else []
    if "rows" in data:
        said.append(_number_of_lines(range(data["rows"])))
    if "signed" in data:
        number = len(data["signed"])
        said.append(ngettext("%(n)d has signed", "%(n)d have signed", number) % {"n": number})
    if data.get("unused"):
        number = len(data["unused"])
        said.append(ngettext("%(n)d row not used", "%(n)d rows not used", number) % {"n": number})
    said.append(_("counted") if data["state"] == "counted" else _("received, not counted yet"))
    return ", ".join(said)


def _closed(data: Mapping[str, Any]) -> str:
    number = int(data["persons"])
    said = [
        ngettext("%(n)d person", "%(n)d persons", number) % {"n": number},
        _("%(n)d min") % {"n": data["minutes"]},
        _("%(amount)s kr") % {"amount": str(data["kronor"]).replace(".", ",")},
    ]
    if data["left_out"]:
        said.append(
            _("%(n)d left out: %(reason)s")
            % {"n": len(data["left_out"]), "reason": data["left_out_reason"]}
        )
    return ", ".join(said)


def _certified(data: Mapping[str, Any]) -> str:
    facts = data["facts"]
    return "; ".join(part for part in (facts["course"], _lines(facts["lines"])) if part)


TELLERS: Tellers = {
    ("programme.countedtime", "explanation"): _counted,
    ("programme.statement", "lines"): _lines,
    ("programme.correction", "before"): _mark,
    ("programme.correction", "after"): _mark,
    ("programme.correction", "effect"): _effect,
    ("programme.evidence", "summary"): _summary,
    ("programme.month", "summary"): _closed,
    ("reports.scbfile", "lines"): _number_of_lines,
    ("reports.certificate", "content"): _certified,
}
