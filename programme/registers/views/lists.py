"""The registers, one register with its entries, and its file."""

import urllib.parse
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pages import paginate
from forms_app.schema import FieldSchema, FormSchema
from programme.models import Register
from programme.registers import access, export, queries, words
from programme.registers.queries import Wanted
from programme.registers.rules import Period, Standing
from programme.registers.views.base import seen
from programme.views.base import user_of

#: Answers are chosen in the address by the question's key after this.
ANSWER = "val-"
STATES = ("", "late", "withdrawn", "all")


@dataclass(frozen=True)
class Told:
    """A period that lacks its entry, in words."""

    period: str
    standing: str
    last: Any


def told(standings: list[tuple[Period, Standing]]) -> list[Told]:
    """Periods that are missing, and the one that soon is; the latest first."""
    return [
        Told(words.period(period), standing.value, period.last)
        for period, standing in standings
        if standing in (Standing.MISSING, Standing.SOON)
    ]


@login_required
@require_safe
def register_list(request: HttpRequest) -> HttpResponse:
    """Every register that the account may see, and what is missing in it."""
    user = user_of(request)
    if not access.sees_any(user):
        raise Http404
    registers = list(
        access.registers_seen_by(user)
        .annotate(
            in_force=Count("entries", filter=Q(entries__withdrawn_on=None), distinct=True),
            newest=Max("versions__number"),
        )
        .order_by("-in_use", "name", "pk")
    )
    standings = queries.standings(registers, timezone.localdate())
    return render(
        request,
        "registers/list.html",
        {
            "rows": [(one, told(standings.get(one.pk, []))) for one in registers],
            "may_define": access.may_define(user),
        },
    )


@dataclass(frozen=True)
class Filter:
    """A question whose answers can be chosen among."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str


def wanted_of(request: HttpRequest, fields: list[FieldSchema]) -> Wanted:
    """What the address asks for; nonsense asks for nothing."""
    given = request.GET
    state = given.get("lage", "")
    return Wanted(
        words=given.get("sok", "").replace("\x00", "").strip()[:100],
        state=state if state in STATES else "",
        answers={
            one.key: given.get(f"{ANSWER}{one.key}", "")
            for one in fields
            if given.get(f"{ANSWER}{one.key}", "") in dict(_choices(one))
        },
        order=given.get("ordna", ""),
    )


def _choices(asked: FieldSchema) -> list[tuple[str, str]]:
    if asked.kind == "yes_no":
        return [("yes", words.yes_or_no(True)), ("no", words.yes_or_no(False))]
    return list(asked.choice_labels.items()) if asked.kind in queries.FILTERABLE else []


def _fields(register: Register) -> list[FieldSchema]:
    newest = words.newest_version(register)
    return list(FormSchema.from_plain(newest.schema).fields()) if newest else []


@dataclass(frozen=True)
class Heading:
    """A column of the list, and the address that orders by it."""

    key: str
    label: str
    address: str
    #: «ascending», «descending» or nothing, as ``aria-sort`` says it.
    sorted: str
    numeric: bool = False


def _headings(request: HttpRequest, fields: list[FieldSchema], order: str) -> list[Heading]:
    found = []
    for key, label, kind in (
        ("nr", words.number_heading(), "number"),
        *((one.key, one.label, one.kind) for one in fields[: queries.COLUMNS]),
    ):
        rising = order == key or (key == "nr" and not order)
        query = request.GET.copy()
        query.pop("page", None)
        query["ordna"] = f"-{key}" if rising else key
        state = "ascending" if rising else "descending" if order == f"-{key}" else ""
        numeric = kind in ("number", "calculated")
        found.append(Heading(key, label, f"?{query.urlencode()}", state, numeric))
    return found


@login_required
@require_safe
def register_page(request: HttpRequest, register: str) -> HttpResponse:
    """One register: what it is for, what is missing, its entries and its versions."""
    user, found = seen(request, register)
    today = timezone.localdate()
    fields = _fields(found)
    wanted = wanted_of(request, fields)
    late = queries.late_ids(found, today)
    entries = queries.entries(found, fields, wanted, late)
    page = paginate(request.GET.get("page"), entries, per_page=50)
    rows, _schemas = queries.rows_of(found, page.object_list, late, user)
    headings = _headings(request, fields, wanted.order)
    return render(
        request,
        "registers/register.html",
        {
            "register": found,
            "page": page,
            "rows": [
                (row, [(one, row.cells.get(one.key, "")) for one in headings[1:]]) for row in rows
            ],
            "headings": headings,
            "wanted": wanted,
            "is_filtered": bool(wanted.words or wanted.state or wanted.answers),
            "filters": [
                Filter(
                    f"{ANSWER}{one.key}",
                    one.label,
                    _choices(one),
                    wanted.answers.get(one.key, ""),
                )
                for one in fields
                if _choices(one)
            ],
            "late": len(late),
            "late_words": words.link_heading(found.late_without).lower()
            if found.late_without
            else "",
            "summed": _summed(found, fields, entries),
            "missing": told(queries.standings([found], today).get(found.pk, [])),
            "versions": list(found.versions.defer("content")),
            "query": urllib.parse.urlencode(
                [pair for pair in request.GET.items() if pair[0] != "page"]
            ),
            "has_links": bool(found.links),
            "may_write": found.in_use and access.may_write(user, found),
            "may_define": access.may_define(user),
        },
    )


def _summed(register: Register, fields: list[FieldSchema], entries: Any) -> tuple[str, Any] | None:
    """What the number to add up is called, and its sum over the entries shown."""
    asked = next((one for one in fields if one.key == register.sum_field), None)
    return (asked.label, queries.total(entries, asked.key)) if asked else None


@login_required
@require_safe
def download(request: HttpRequest, register: str, extension: str) -> HttpResponse:
    """The entries that the list shows, all of them, as a file."""
    user, found = seen(request, register)
    if extension not in export.FORMATS:
        raise Http404
    fields = _fields(found)
    wanted = wanted_of(request, fields)
    late = queries.late_ids(found, timezone.localdate())
    content = export.write(found, queries.entries(found, fields, wanted, late), user, extension)
    response = HttpResponse(content, content_type=export.FORMATS[extension])
    name = f"{found.key}-{timezone.localdate().isoformat()}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
