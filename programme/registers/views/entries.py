"""Pages of one entry: reading it with its history, adding, changing and withdrawing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forms_app.forms import StepForm
from forms_app.kinds import typed_of
from forms_app.models import FormVersion
from forms_app.page import page_data
from forms_app.raw import from_post
from forms_app.schema import FormSchema, StepSchema
from people.models import User
from programme.errors import Refused, Stale
from programme.models import Entry, Register
from programme.registers import access, actions, history, queries, rules, words
from programme.registers.forms import LinksForm, WithdrawForm
from programme.registers.views.base import entry_of, put, seen, writable
from programme.views.base import say_refused


@login_required
@require_safe
def entry_page(request: HttpRequest, register: str, entry: str) -> HttpResponse:
    """One entry: its answers, its links, and everything it has been."""
    user, found = seen(request, register)
    one = entry_of(found, entry)
    late = queries.late_ids(found, timezone.localdate())
    rows, schemas = queries.rows_of(found, [one], late, user)
    fields = schemas.of(one.version_id)
    return render(
        request,
        "registers/entry.html",
        {
            "register": found,
            "entry": one,
            "row": rows[0],
            "answers": [(field.label, rows[0].cells.get(key, "")) for key, field in fields.items()],
            "links": [
                (words.link_heading(kind), [link for link in rows[0].links if link.kind == kind])
                for kind in dict.fromkeys([*found.links, *(link.kind for link in rows[0].links)])
            ],
            "changes": history.changes_of(one, found),
            "may_write": found.in_use
            and one.withdrawn_on is None
            and access.may_write(user, found),
        },
    )


@login_required
def new(request: HttpRequest, register: str) -> HttpResponse:
    """Add an entry."""
    user, found = writable(request, register)
    version = _version(found)
    asked = _asked(version)
    form = _step_form(request, asked, user, {})
    links = LinksForm(request.POST or None, kinds=found.links, before=())
    if request.method == "POST" and _both_valid(form, links):
        try:
            made = actions.add(
                register_id=found.pk,
                raw=from_post(request.POST, asked.fields),
                chosen=links.chosen(),
                actor=user,
            )
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, _("The entry is added as number %(n)s.") % {"n": made.number})
            return redirect("registers:register", register=found.key)
    return _page(request, found, None, form, links, status=422 if request.method == "POST" else 200)


@login_required
def change(request: HttpRequest, register: str, entry: str) -> HttpResponse:
    """Change an entry; whoever was slower keeps what they wrote and sees what the other did."""
    user, found = writable(request, register)
    one = entry_of(found, entry)
    if one.withdrawn_on is not None:
        raise Http404
    asked = _asked(_version(found))
    form = _step_form(request, asked, user, typed_of(asked.fields, one.values))
    links = LinksForm(request.POST or None, kinds=found.links, before=one.links)
    seen_edition = _number(request.POST.get("seen", "")) if request.POST else one.edition
    if request.method == "POST" and _both_valid(form, links):
        try:
            _saved, differs = actions.edit(
                entry_id=one.pk,
                seen=seen_edition,
                raw=from_post(request.POST, asked.fields),
                chosen=links.chosen(),
                actor=user,
            )
        except Stale:
            return _stale(request, found, one, form, links, seen_edition)
        except Refused as error:
            put(form, error)
        else:
            said = (
                _("The change is saved.")
                if differs
                else _("Nothing differed, so nothing was saved.")
            )
            messages.success(request, said)
            return redirect("registers:entry", register=found.key, entry=one.public_id)
    status = 422 if request.method == "POST" else 200
    return _page(request, found, one, form, links, seen=seen_edition, status=status)


@login_required
def withdraw(request: HttpRequest, register: str, entry: str) -> HttpResponse:
    """Withdraw an entry, with a reason."""
    user, found = writable(request, register)
    one = entry_of(found, entry)
    if one.withdrawn_on is not None:
        raise Http404
    form = WithdrawForm(request.POST or None, initial={"seen": one.edition})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(entry_id=one.pk, actor=user, **form.cleaned_data)
        except Stale as error:
            say_refused(request, error)
            return redirect("registers:entry", register=found.key, entry=one.public_id)
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, _("The entry is withdrawn. It can still be read."))
            return redirect("registers:register", register=found.key)
    title = _("Withdraw entry %(n)s") % {"n": one.number}
    return render(
        request,
        "registers/form.html",
        {
            "register": found,
            "entry": one,
            "form": form,
            "title": title,
            "button": _("Withdraw the entry"),
            "warns": True,
            "intro": _(
                "It leaves the list and the sums, and stays readable with its history. It cannot"
                " be taken back: add a new entry instead."
            ),
        },
        status=422 if form.errors else 200,
    )


def _version(register: Register) -> FormVersion:
    version = words.newest_version(register)
    if version is None:
        raise Http404
    return version


def _asked(version: FormVersion) -> StepSchema:
    """All questions of the form as one page."""
    schema = FormSchema.from_plain(version.schema)
    return StepSchema(key="rad", title=schema.name, fields=rules.fields_of(schema))


def _step_form(
    request: HttpRequest, asked: StepSchema, user: User, initial: dict[str, Any]
) -> StepForm:
    given: dict[str, Any] = (
        {"data": from_post(request.POST, asked.fields)}
        if request.method == "POST"
        else {"initial": initial}
    )
    return StepForm(step=asked, sources=actions.sources(user), known={}, **given)


def _both_valid(form: StepForm, links: LinksForm) -> bool:
    """Both are checked, so that everything wrong is said at once."""
    return all([form.is_valid(), links.is_valid()])


def _stale(
    request: HttpRequest,
    register: Register,
    entry: Entry,
    form: StepForm,
    links: LinksForm,
    seen_edition: int,
) -> HttpResponse:
    """What was written stands below what the other has done; saving again is then a choice."""
    entry.refresh_from_db()
    others = history.since(history.changes_of(entry, register), seen_edition)
    if entry.withdrawn_on is not None:
        messages.error(request, _("Somebody else has withdrawn the entry. Nothing was saved."))
        return redirect("registers:entry", register=register.key, entry=entry.public_id)
    return _page(
        request, register, entry, form, links, seen=entry.edition, others=others, status=409
    )


def _page(
    request: HttpRequest,
    register: Register,
    entry: Entry | None,
    form: StepForm,
    links: LinksForm,
    *,
    seen: int = 0,
    others: list[history.Change] | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "registers/entry_form.html",
        {
            "register": register,
            "entry": entry,
            "form": form,
            "links": links,
            "bound": [one for one in (form, links) if one.is_bound],
            "introduction": form.step.description,
            "seen": seen,
            "others": others or [],
            "page_data": page_data(form),
        },
        status=status,
    )


def _number(text: str) -> int:
    """The edition that the page showed; nonsense is one that never was."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
