"""A meeting's papers: put up by the office, read by the members."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.reads import record_reading
from cms.documents.forms import EXTENSIONS, largest
from cms.documents.meetings import PaperFacts, put_up, readable
from cms.documents.serving import handed_out
from cms.models.document import RegisteredDocument
from forms_app.files import FileRefused, check_file
from programme.governance.forms import capital, day
from programme.governance.meeting_views import back_to, meeting_of
from programme.governance.pages import answer_form, manager, reader

KINDS = (
    RegisteredDocument.Kind.MINUTES,
    RegisteredDocument.Kind.DECISION,
    RegisteredDocument.Kind.REPORT,
    RegisteredDocument.Kind.OTHER,
)


class PaperForm(forms.Form):
    """A file, and what it is."""

    title = forms.CharField(label=_("Title"), max_length=160)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=lambda: capital(KINDS),
        widget=forms.RadioSelect,
        initial=RegisteredDocument.Kind.MINUTES,
    )
    dated_on = day(label=_("Date of the document"), initial=timezone.localdate)
    file = forms.FileField(
        label=_("File"),
        help_text=_("Members read it. The public does not, until it has been published."),
    )

    def clean_file(self) -> Any:
        """The file, if its bytes are what its name says."""
        file = self.cleaned_data["file"]
        try:
            return check_file(file.name or "", file, extensions=EXTENSIONS, megabytes=largest())
        except FileRefused as error:
            raise ValidationError(str(error.message)) from error


@login_required
def paper_new(request: HttpRequest, meeting: str) -> HttpResponse:
    """Put up a paper of the meeting."""
    user, programme = manager(request)
    found = meeting_of(programme, meeting)
    back = back_to(found)
    form = PaperForm(request.POST or None, request.FILES or None, initial=_suggested(back[0]))

    def act() -> object:
        given = dict(form.cleaned_data)
        file = given.pop("file")
        return put_up(meeting=found, facts=PaperFacts(**given), file=file, actor=user)

    return answer_form(
        request,
        form,
        act,
        title=_now("Put up minutes or another document"),
        said=_now("The document is put up. Members read it on the meeting's page."),
        back=back,
    )


def _suggested(words: str) -> dict[str, str]:
    return {"title": _now("Minutes, %(meeting)s") % {"meeting": words[:1].lower() + words[1:]}}


@login_required
@require_safe
def paper(request: HttpRequest, document: str) -> HttpResponseBase:
    """The newest file of a meeting's paper; that it was opened is noted."""
    _user, programme = reader(request)
    found = get_object_or_404(readable(programme), public_id=document)
    version = get_object_or_404(found.versions.order_by("-number")[:1])
    record_reading("document.read_meeting", found.public_id)
    return handed_out(request, version, public=False)
