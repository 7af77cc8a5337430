"""The editors' pages of how long documents are kept."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.widgets import AdminDateInput

from cms.documents import keeping
from cms.documents.desk import publisher
from cms.documents.errors import Refused
from cms.models.document import RegisteredDocument
from core.days import DayField
from core.pages import paginate


class KeepingForm(forms.Form):
    """How long, and why."""

    retention = forms.ChoiceField(
        label=_("How long it is kept"), choices=RegisteredDocument.Retention.choices
    )
    keep_until = DayField(label=_("kept until"), required=False, widget=AdminDateInput)
    reason = forms.CharField(label=_("Why"), max_length=300)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every document with the last day that it is kept."""
    publisher(request)
    terms = keeping.terms_today()
    rows = RegisteredDocument.objects.order_by("title", "pk")
    page = paginate(request.GET.get("p"), rows)
    context = {
        "page": page,
        "rows": [(row, keeping.last_day(row, terms)) for row in page.object_list],
        "terms": terms,
    }
    return render(request, "cms/documents/desk/keeping_all.html", context)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: what holds, what was decided before, and a new decision."""
    user = publisher(request)
    document: RegisteredDocument = get_object_or_404(RegisteredDocument, pk=pk)
    current = {"retention": document.retention, "keep_until": document.keep_until}
    form = KeepingForm(request.POST or None, initial=current)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.decide(document_id=pk, actor=user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.message))
        else:
            messages.success(request, gettext("It is decided how long the document is kept."))
            return redirect("document_keeping", pk=pk)
    terms = keeping.terms_today()
    context = {
        "document": document,
        "form": form,
        "terms": terms,
        "last_day": keeping.last_day(document, terms),
        "decisions": keeping.decisions(document),
    }
    status = 422 if form.errors else 200
    return render(request, "cms/documents/desk/keeping.html", context, status=status)
