"""Files of answers, an answer on paper, and links back to a draft."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from forms_app import access, answers, printing, resume
from forms_app.models import StoredFile, Submission
from forms_app.promises import keeping
from forms_app.schema import FormSchema
from people.models import User


@require_safe
@login_required
def download(request: HttpRequest, public_id: str) -> FileResponse:
    """Hand over one file, never to be shown as a page of ours."""
    stored = get_object_or_404(StoredFile.objects.select_related("submission"), public_id=public_id)
    if not isinstance(request.user, User) or not access.may_see_file(request.user, stored):
        raise Http404
    if stored.erased_at is not None:
        raise Http404
    try:
        content = storages["private"].open(stored.path)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _read(request: HttpRequest, public_id: str) -> tuple[Submission, User]:
    """The answer and who reads it, which is noted; 404 for those who may not see it."""
    submission = get_object_or_404(
        Submission.objects.select_related("version__definition", "submitted_by"),
        public_id=public_id,
    )
    user = request.user
    if not isinstance(user, User) or not access.may_see_submission(user, submission):
        raise Http404
    record_reading("form.printout", submission.public_id)
    return submission, user


@require_safe
@login_required
@never_cache
def printout(request: HttpRequest, public_id: str) -> HttpResponse:
    """An answer with the questions as they were put, by the version it was given to."""
    submission, user = _read(request, public_id)
    schema = FormSchema.from_plain(submission.version.schema)
    return render(
        request,
        "forms_app/printout.html",
        {
            "submission": submission,
            "version": submission.version,
            "schema": schema,
            "groups": answers.in_words(submission, user),
            "keeping": keeping(schema),
        },
    )


@require_safe
@login_required
@never_cache
def printout_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same as a PDF to keep."""
    submission, user = _read(request, public_id)
    made = printing.printed(submission, user, at=timezone.now())
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="svar-{submission.public_id}.pdf"'},
    )


@require_safe
@login_required
@never_cache
def resume_draft(request: HttpRequest, token: str) -> HttpResponse:
    """Lead the owner of a draft back to it; a POST is never needed, nothing is changed."""
    try:
        link = resume.read(token)
    except resume.LinkExpired:
        said = _("The link has expired. It worked for %(days)s days.") % {"days": resume.LASTS.days}
        return _no_link(request, said, 410)
    except resume.LinkBroken:
        said = _("The link is not whole. Copy all of it from the message and try again.")
        return _no_link(request, said, 400)
    if link.owner != request.user.pk:
        raise Http404
    address = resume.address_of(link)
    if address is None:
        return _no_link(request, _("The draft is no longer there. It has been deleted."), 410)
    return redirect(address)


def _no_link(request: HttpRequest, said: str, status: int) -> HttpResponse:
    return render(request, "forms_app/no_link.html", {"said": said}, status=status)
