"""Nominating many: the template, the preview and the confirmation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forms_app.answers import current_version
from forms_app.schema import FormSchema
from people.display import name_of
from people.models import Capability, Person, User
from programme import queries
from programme.actions import imports as actions
from programme.errors import Refused
from programme.forms import ImportForm
from programme.imports import background, reader, template
from programme.imports.reader import BadFile
from programme.models import ImportBatch, NominationKind, Programme, Wave
from programme.views.base import ensure_can, say_refused, the_programme

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Choose wave, kind and rows; nothing is nominated before the preview is confirmed."""
    user = ensure_can(request, Capability.NOMINATE)
    programme = the_programme()
    form = _form(request, user, programme)
    if request.method == "POST" and form.is_valid():
        batch = _prepare(form, user)
        if batch is not None:
            return redirect("programme:import_preview", batch=batch.public_id)
    return render(
        request,
        "programme/import.html",
        {"form": form, "kinds": queries.kinds_of(programme)},
        status=422 if form.errors else 200,
    )


def _form(request: HttpRequest, user: User, programme: Programme) -> ImportForm:
    day = timezone.localdate()
    districts = queries.administrations_for(user, Capability.NOMINATE)
    open_waves = Wave.objects.filter(
        opens_on__lte=day, closes_on__gte=day, quotas__organisation__in=districts
    ).distinct()
    return ImportForm(
        request.POST or None,
        request.FILES or None,
        waves=open_waves,
        kinds=programme.kinds.select_related("category", "form"),
        initial={"wave": open_waves.first(), "kind": request.GET.get("typ")},
    )


def _prepare(form: ImportForm, user: User) -> ImportBatch | None:
    """The checked batch, or nothing with the error on the form."""
    upload = form.cleaned_data["file"]
    try:
        if upload:
            # Read no further than allowed, whatever size the sender states.
            content = upload.read(reader.MAX_BYTES + 1)
            table, name = reader.read(content), upload.name or ""
        else:
            content, name = form.cleaned_data["pasted"].encode(errors="replace"), _("pasted rows")
            table = reader.read_text(form.cleaned_data["pasted"])
        return actions.prepare(
            table=table,
            content=content,
            file_name=name,
            wave=form.cleaned_data["wave"],
            kind=form.cleaned_data["kind"],
            actor=user,
        )
    except (BadFile, Refused) as error:
        form.add_error("file" if upload else "pasted", str(error.message))
        return None


@login_required
@require_safe
def preview(request: HttpRequest, batch: str) -> HttpResponse:
    """Every row with what is wrong; only a file without errors can be confirmed."""
    user = ensure_can(request, Capability.NOMINATE)
    found = _batch(user, batch)
    persons = Person.objects.select_related("unit").in_bulk(
        [row["person"] for row in found.rows if row["person"]], field_name="public_id"
    )
    rows = [
        {
            **row,
            "name": name_of(persons[row["person"]], user) if row["person"] in persons else "",
            "unit": persons[row["person"]].unit.short_name if row["person"] in persons else "",
        }
        for row in found.rows
    ]
    return render(
        request,
        "programme/import_preview.html",
        {
            "batch": found,
            "rows": rows,
            "bad": sum(1 for row in rows if row["errors"]),
            "noted": sum(1 for row in rows if row["notes"] and not row["errors"]),
        },
    )


@login_required
@require_POST
def confirm(request: HttpRequest, batch: str) -> HttpResponse:
    """Nominate everyone in the file, or nobody."""
    user = ensure_can(request, Capability.NOMINATE)
    found = _batch(user, batch)
    if len(found.rows) > background.ROWS_AT_ONCE and found.state == ImportBatch.State.PREVIEW:
        return redirect("jobs:job", job=background.start(found, user).public_id)
    try:
        done = actions.confirm(batch_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
        return redirect("programme:import_preview", batch=batch)
    messages.success(request, actions.nominated_in_words(len(done.rows)))
    return redirect("programme:mine")


def _batch(user: User, public_id: str) -> ImportBatch:
    return get_object_or_404(
        ImportBatch.objects.select_related("wave", "kind"), public_id=public_id, owner=user
    )


@login_required
@require_safe
def template_file(request: HttpRequest, kind: str, extension: str) -> HttpResponse:
    """The empty file to start from, as a workbook or as CSV."""
    ensure_can(request, Capability.NOMINATE)
    chosen = get_object_or_404(NominationKind.objects.select_related("form"), key=kind)
    schema = FormSchema.from_plain(current_version(chosen.form.key).schema)
    if extension == "xlsx":
        content, content_type = template.as_workbook(schema), WORKBOOK
    elif extension == "csv":
        content, content_type = template.as_csv(schema), "text/csv; charset=utf-8"
    else:
        raise Http404
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="nominera-{chosen.key}.{extension}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
