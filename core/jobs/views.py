"""The owner's own jobs; for everyone else they do not exist."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.jobs.work import ask_to_stop, stalled
from core.models import Job
from core.pages import paginate

COLOURS = {
    Job.State.WAITING: "grey",
    Job.State.RUNNING: "teal",
    Job.State.DONE: "green",
    Job.State.STOPPED: "amber",
    Job.State.FAILED: "red",
}


def _owner(request: HttpRequest) -> str:
    return f"user:{request.user.pk}"


@login_required
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """What I have started, the latest first."""
    found = Job.objects.filter(owner=_owner(request))
    page = paginate(request.GET.get("page"), found)
    rows = [(job, COLOURS[Job.State(job.state)]) for job in page.object_list]
    return render(request, "jobs/list.html", {"page": page, "rows": rows})


@login_required
@require_safe
def job_page(request: HttpRequest, job: str) -> HttpResponse:
    """How far it has come; with `del` in the address only the part that changes."""
    found = get_object_or_404(Job, public_id=job, owner=_owner(request))
    part = "del" in request.GET
    response = render(
        request,
        "jobs/part.html" if part else "jobs/job.html",
        {
            "job": found,
            # Without script a page reloads only when the reader has asked for it.
            "refreshes": "uppdatera" in request.GET,
            "colour": COLOURS[Job.State(found.state)],
            "silent": stalled(found, timezone.now()),
        },
    )
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def stop(request: HttpRequest, job: str) -> HttpResponse:
    """Ask the work to stop."""
    found = get_object_or_404(Job, public_id=job, owner=_owner(request))
    if ask_to_stop(job_id=found.pk, owner=found.owner):
        messages.success(request, _("The work stops after the part it is at. That part is kept."))
    else:
        messages.info(request, _("The work has already ended."))
    return redirect("jobs:job", job=job)
