"""The lines of one version, and the receipt compared with them row by row."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import record_reading
from core.pages import paginate
from people.display import name_of
from people.models import Person, User
from programme.imports.reader import BadFile, read
from reports.models import ScbFile
from reports.scb import lines, numbers, receipt
from reports.scb.columns import hours_text
from reports.scb.forms import CompareForm
from reports.scb.receipt import Difference, What
from reports.scb.views import closer, file_of

COMPARED = (ScbFile.State.SENT, ScbFile.State.REPLACED)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_lines(request: HttpRequest, month: str, version: int) -> HttpResponse:
    """Who is in the version with which hours; a receipt is compared and kept nowhere."""
    user, programme = closer(request)
    file = file_of(programme, month, version)
    form = CompareForm(request.POST or None, request.FILES or None)
    found: list[Difference] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = _compared(file, form.cleaned_data["file"].read())
        except BadFile as error:
            form.add_error("file", str(error.message))
        except receipt.NoColumns:
            form.add_error(
                "file",
                _(
                    "The file needs a column with the personal identity number, and one with"
                    " hours or with what was refused. Nothing was compared."
                ),
            )
    page = paginate(request.GET.get("page"), list(file.lines), per_page=100)
    persons = Person.objects.select_related("unit").in_bulk(
        [line["person"] for line in page.object_list]
    )
    return render(
        request,
        "scb/lines.html",
        {
            "code": month,
            "file": file,
            "hours": hours_text(file.hours_hundredths),
            "page": page,
            "rows": [
                {
                    "person": persons[line["person"]],
                    "name": name_of(persons[line["person"]], user),
                    "hours": hours_text(int(line["hundredths"])),
                    "starts": line["starts"],
                    "ends": line["ends"],
                }
                for line in page.object_list
            ],
            "form": form,
            "may_compare": file.state in COMPARED,
            "compared": found is not None,
            "differences": _in_words(found or (), user),
        },
        status=422 if form.errors else 200,
    )


def _compared(file: ScbFile, content: bytes) -> list[Difference]:
    """What differs; that the numbers were opened is noted, and they are kept nowhere."""
    table = read(content)
    received = receipt.rows_of(table.headers, table.rows, file.mapping.columns)
    record_reading("scb.read_numbers", f"{file.month.first_day:%Y-%m}")
    with transaction.atomic():
        sent = [
            receipt.Sent(
                person, numbers.shown(sealed, person, protected=protected, sex=sex), hundredths
            )
            for person, _starts, _ends, hundredths, sealed, protected, sex in lines.sealed_of(file)
        ]
    return receipt.compare(sent, received)


WORDS: dict[What, Callable[[], tuple[str, str]]] = {
    What.REFUSED: lambda: (_("Refused"), "red"),
    What.HOURS: lambda: (_("Other hours"), "red"),
    What.MISSING: lambda: (_("Not in the receipt"), "red"),
    What.UNKNOWN: lambda: (_("Not sent by us"), "amber"),
    What.TWICE: lambda: (_("Stands twice in the receipt"), "amber"),
}


def _in_words(found: Sequence[Difference], viewer: User) -> list[dict[str, Any]]:
    persons = Person.objects.select_related("unit").in_bulk(
        {one.person for one in found if one.person is not None}
    )
    return [
        {
            "words": WORDS[one.what]()[0],
            "colour": WORDS[one.what]()[1],
            "person": persons[one.person] if one.person is not None else None,
            "name": name_of(persons[one.person], viewer) if one.person is not None else "",
            "row": one.row,
            "sent": hours_text(one.sent) if one.sent is not None else "",
            "received": one.received,
            "why": one.why,
        }
        for one in found
    ]
