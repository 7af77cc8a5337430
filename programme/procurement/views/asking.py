"""Questions and answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programme.errors import Refused
from programme.procurement import access
from programme.procurement.actions import asking
from programme.procurement.forms import AnswerForm, QuestionForm
from programme.procurement.views.base import form_page, reader
from programme.views.base import say_refused


@login_required
def question(request: HttpRequest, procurement: str) -> HttpResponse:
    """Register a question that has come in."""
    user, found = reader(request, procurement, *access.TELLS)
    form = QuestionForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: asking.register(procurement_id=found.pk, actor=user, **form.cleaned_data),
        title=_("Register a question"),
        procurement=found,
        said=_("The question is registered. It is shown when its answer is published."),
    )


@login_required
def answer(request: HttpRequest, procurement: str, question: str) -> HttpResponse:
    """Write an answer."""
    user, found = reader(request, procurement, *access.TELLS)
    asked = get_object_or_404(found.questions, public_id=question)
    form = AnswerForm(request.POST or None, initial={"answer": asked.answer})
    return form_page(
        request,
        form,
        lambda: asking.answer(question_id=asked.pk, text=form.cleaned_data["answer"], actor=user),
        title=_("Answer the question"),
        procurement=found,
        said=_("The answer is saved. Nobody sees it until you publish the answers."),
        intro=asked.text,
    )


@login_required
@require_POST
def publish(request: HttpRequest, procurement: str) -> HttpResponse:
    """Publish every answer at once."""
    user, found = reader(request, procurement, *access.TELLS)
    try:
        published = asking.publish_answers(procurement_id=found.pk, actor=user)
    except Refused as error:
        say_refused(request, error)
    else:
        count = len(published)
        messages.success(
            request,
            ngettext(
                "%(count)s answer is published to everybody at the same moment.",
                "%(count)s answers are published to everybody at the same moment.",
                count,
            )
            % {"count": count},
        )
    return redirect("procurement:case", procurement=found.public_id)
