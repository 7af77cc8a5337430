"""Exporting a workflow to a file, and taking one in: first a dry run, then the draft."""

from __future__ import annotations

import base64
import binascii
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core import exchange
from people.models import User
from workflows.carrying import WORKFLOW
from workflows.editor.base import may_build
from workflows.editor.forms import ImportForm
from workflows.models import WorkflowDefinition


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft with its test cases as a file."""
    if not may_build(request.user):
        raise Http404
    definition = get_object_or_404(WorkflowDefinition, pk=pk)
    response = HttpResponse(
        exchange.write(WORKFLOW.key, definition.key), content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="arbetsflode-{definition.key}.json"'
    return response


class ImportView(WagtailAdminTemplateMixin, TemplateView):
    """Choose a file, read what it would change, then take it in."""

    page_title = gettext_lazy("Import a workflow")
    header_icon = "upload"
    template_name = "workflows/cms/import.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only those who may build know of the page."""
        if not may_build(request.user):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """All workflows, this page."""
        listing = reverse("wagtailsnippets_workflows_workflowdefinition:list")
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": listing, "label": _("Workflows")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, until a file has been read."""
        return {"form": ImportForm(), **super().get_context_data(**kwargs), **kwargs}

    def post(self, request: HttpRequest) -> HttpResponse:
        """The dry run of a chosen file; or the file of the dry run, taken in."""
        if "content" in request.POST:
            return self._take_in(request)
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form=form, status=422)
        data = form.cleaned_data["file"]
        try:
            preview = exchange.preview(exchange.read(data, only=WORKFLOW.key))
        except exchange.Refused as refused:
            return self._page(problems=refused.problems, status=422)
        if preview.problems:
            return self._page(preview=preview, problems=preview.problems, status=422)
        return self._page(preview=preview, carried=base64.b64encode(data).decode())

    def _take_in(self, request: HttpRequest) -> HttpResponse:
        """Everything is checked again: what the form carries may be anything."""
        try:
            data = base64.b64decode(request.POST["content"], validate=True)
            envelope = exchange.read(data, only=WORKFLOW.key)
            definition = exchange.apply(envelope, actor=cast(User, request.user))
        except (binascii.Error, ValueError):
            return self._page(problems=[_("The file cannot be read. Choose it again.")], status=422)
        except exchange.Refused as refused:
            return self._page(problems=refused.problems, status=422)
        messages.success(
            request, _("The workflow is now a draft here. Nothing changes until you publish it.")
        )
        return redirect("workflows_publish", pk=definition.pk)

    def _page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(
            self.get_context_data(**context), status=status
        )
        return response
