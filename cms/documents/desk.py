"""The publish gate in the editor: what was found, reasons, and the second person's decision."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import record_reading
from cms.documents import actions
from cms.documents.errors import Refused, Stopped
from cms.documents.gate.findings import KINDS, Finding, Passing
from cms.documents.gate.look import findings_of
from cms.documents.queries import waiting_for
from cms.documents.serving import handed_out
from cms.models.document import DocumentVersion, Publication, RegisteredDocument
from people.access import held_by
from people.models import Capability, User


def publisher(request: HttpRequest) -> User:
    """Whoever publishes pages; others do not come in here."""
    user = cast(User, request.user)
    if not held_by(user).can(Capability.MANAGE_CONTENT):
        raise PermissionDenied
    return user


def _document(pk: int) -> RegisteredDocument:
    found: RegisteredDocument = get_object_or_404(
        RegisteredDocument.objects.select_related("procurement", "alternative", "responsible"),
        pk=pk,
    )
    return found


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Everything that waits for a second person, and what was published last."""
    user = publisher(request)
    latest = Publication.objects.exclude(state=Publication.State.WAITING).select_related(
        "version__document", "asked_by", "decided_by"
    )[:20]
    return render(
        request,
        "cms/documents/desk/waiting.html",
        {"waiting": waiting_for(user.pk), "latest": latest},
    )


@require_http_methods(["GET", "POST"])
def gate(request: HttpRequest, pk: int) -> HttpResponse:
    """What the gate finds in the newest version, with the way to ask for publishing."""
    user = publisher(request)
    document = _document(pk)
    newest = document.versions.first()
    if newest is None:
        raise Http404
    newest.document = document
    left: list[str] = []
    if request.method == "POST":
        try:
            actions.ask(version=newest, reasons=_reasons(request), actor=user)
        except Stopped as stopped:
            left = [finding.code for finding in stopped.left]
            messages.error(request, str(stopped.message))
        except Refused as refused:
            messages.error(request, str(refused.message))
            return redirect("document_gate", pk=pk)
        else:
            messages.success(request, _("A colleague can now approve the document."))
            return redirect("document_gate", pk=pk)
    current = newest.publications.filter(state__in=actions.OUT).first()
    return render(
        request,
        "cms/documents/desk/gate.html",
        {
            "document": document,
            "newest": newest,
            "rows": _rows(findings_of(newest), request, left),
            "current": current,
            "own": current is not None and user.pk in (current.asked_by_id, newest.created_by_id),
            "versions": document.versions.select_related("created_by").prefetch_related(
                "publications__asked_by",
                "publications__decided_by",
                "publications__overrides__given_by",
            ),
        },
        status=422 if left else 200,
    )


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person looks, then approves or returns."""
    user = publisher(request)
    publication = get_object_or_404(
        Publication.objects.select_related("version__document__procurement", "asked_by"), pk=pk
    )
    version = publication.version
    if request.method == "POST":
        answer = _decided(request, publication, user)
        if answer is not None:
            return answer
    return render(
        request,
        "cms/documents/desk/decide.html",
        {
            "publication": publication,
            "document": version.document,
            "version": version,
            "rows": _rows(findings_of(version), request, [], second=True),
            "given": publication.overrides.select_related("given_by"),
            "own": user.pk in (publication.asked_by_id, version.created_by_id),
            "open": publication.state == Publication.State.WAITING,
        },
        status=422 if request.method == "POST" else 200,
    )


def _decided(request: HttpRequest, publication: Publication, user: User) -> HttpResponse | None:
    note = request.POST.get("note", "")
    try:
        if request.POST.get("do") == "approve":
            actions.approve(
                publication_id=publication.pk, reasons=_reasons(request), actor=user, note=note
            )
            messages.success(request, _("The document is public."))
        else:
            actions.give_back(publication_id=publication.pk, note=note, actor=user)
            messages.success(request, _("The document is returned, with your words."))
    except Refused as refused:
        messages.error(request, str(refused.message))
        return None
    return redirect("document_gate", pk=publication.version.document_id)


@require_http_methods(["POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what is public back."""
    user = publisher(request)
    publication = get_object_or_404(Publication.objects.select_related("version"), pk=pk)
    try:
        actions.withdraw(publication_id=pk, reason=request.POST.get("reason", ""), actor=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The document is no longer public."))
    return redirect("document_gate", pk=publication.version.document_id)


@require_safe
def file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A version for those who work with it; the reading is noted while it is not public.

    What is secret until the award decision is for nobody here: those who publish are
    not the two who open tenders.
    """
    publisher(request)
    version: DocumentVersion = get_object_or_404(
        DocumentVersion.objects.select_related("document__procurement"), document=pk, number=number
    )
    if version.document.is_secret:
        raise PermissionDenied
    if not version.publications.filter(state=Publication.State.PUBLISHED).exists():
        record_reading("document.read_unpublished", version.document.public_id)
    return handed_out(request, version, public=False)


def _reasons(request: HttpRequest) -> dict[str, str]:
    return {code: request.POST.get(f"reason-{code}", "")[:300] for code in KINDS}


def _rows(
    findings: list[Finding], request: HttpRequest, left: list[str], *, second: bool = False
) -> list[dict[str, Any]]:
    """The findings as the page shows them."""
    takes = (
        (Passing.TWO_REASONS,)
        if second
        else (Passing.ALTERNATIVE, Passing.REASON, Passing.TWO_REASONS)
    )
    return [
        {
            "code": finding.code,
            "kind": finding.kind,
            "places": finding.places,
            "asks": finding.kind.passing in takes,
            "never": finding.kind.passing is Passing.NEVER,
            "told": finding.kind.passing is Passing.TOLD,
            "alternative": finding.kind.passing is Passing.ALTERNATIVE,
            "two": finding.kind.passing is Passing.TWO_REASONS,
            "left": finding.code in left,
            "reason": request.POST.get(f"reason-{finding.code}", ""),
        }
        for finding in findings
    ]
