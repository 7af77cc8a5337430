"""Frozen versions: making one, reading one, and what differs between two."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programme.errors import Refused
from programme.models import Register, RegisterVersion
from programme.registers import actions, rules, words
from programme.registers.forms import FreezeForm
from programme.registers.rules import Content
from programme.registers.views.base import definable, put, seen

#: What stands in the address for the register as it is now.
NOW = "nu"


@login_required
def freeze(request: HttpRequest, register: str) -> HttpResponse:
    """Freeze the register as it stands."""
    user, found = definable(request, register)
    newest = found.versions.defer("content").first()
    number = newest.number if newest else 0
    form = FreezeForm(request.POST or None, initial={"seen": number})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.freeze(register_id=found.pk, actor=user, **form.cleaned_data)
        except Refused as error:
            put(form, error)
        else:
            messages.success(request, _("Version %(n)s is frozen.") % {"n": made.number})
            return redirect("registers:version", register=found.key, number=made.number)
    return render(
        request,
        "registers/form.html",
        {
            "register": found,
            "form": form,
            "title": _("Freeze version %(n)s") % {"n": number + 1},
            "button": _("Freeze"),
            "intro": _(
                "The text and all entries in force are kept as they are now and can never be"
                " changed. You go on changing the register itself."
            ),
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_safe
def version(request: HttpRequest, register: str, number: int) -> HttpResponse:
    """One frozen version, as it was decided."""
    _user, found = seen(request, register)
    frozen = get_object_or_404(found.versions.all(), number=number)
    content = Content.from_plain(frozen.content)
    return render(
        request,
        "registers/version.html",
        {
            "register": found,
            "version": frozen,
            "content": content,
            "columns": list(content.columns.values()),
            "lines": [
                (one.number, [(label, one.cells[key]) for key, label in content.columns.items()])
                for one in content.lines
            ],
        },
    )


@login_required
@require_safe
def compare(request: HttpRequest, register: str) -> HttpResponse:
    """Two versions, or a version and now, side by side."""
    _user, found = seen(request, register)
    versions = {str(one.number): one for one in found.versions.all()}
    if not versions:
        raise Http404
    newest = max(versions, key=int)
    older = str(int(newest) - 1)
    before = request.GET.get("fran", older if older in versions else newest)
    after = request.GET.get("till", newest if older in versions else NOW)
    if before not in versions or (after != NOW and after not in versions):
        raise Http404
    comparison = rules.compare(
        Content.from_plain(versions[before].content), _content(found, versions.get(after))
    )
    return render(
        request,
        "registers/compare.html",
        {
            "register": found,
            "versions": list(versions.values()),
            "before": before,
            "after": after,
            "now": NOW,
            "left": _("version %(n)s") % {"n": before},
            "right": _("how it stands now") if after == NOW else _("version %(n)s") % {"n": after},
            "comparison": comparison,
        },
    )


def _content(register: Register, frozen: RegisterVersion | None) -> Content:
    if frozen is None:
        return words.content_of(register)
    return Content.from_plain(frozen.content)
