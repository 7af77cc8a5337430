"""Case types in the editor: the list, the form, and the page that takes one into use."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages as wagtail_messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from core import exchange
from core.editor import KeyPanel
from people.access import held_by
from people.models import Capability
from programme.case_types import actions
from programme.case_types.checks import facts_of
from programme.case_types.exchange import KIND
from programme.case_types.forms import CaseTypeForm
from programme.case_types.rules import Place, Problem, problems
from programme.models import CaseType
from programme.views.base import user_of
from workflows.editor import DefinitionPolicy


def next_buttons(case_type: CaseType) -> list[Any]:
    """What one does with a type that has just been saved."""
    steps = [
        (gettext_lazy("Edit"), edit_url(case_type)),
        (gettext_lazy("Check and take into use"), reverse("case_type_check", args=[case_type.pk])),
    ]
    if case_type.workflow_id is None:
        add = reverse("wagtailsnippets_workflows_workflowdefinition:add")
        steps.append((gettext_lazy("Draw a new workflow"), add))
    return [wagtail_messages.button(url, label) for label, url in steps]


class CaseTypeCreateView(CreateView):
    """A new type."""

    def get_success_buttons(self) -> list[Any]:
        """After saving, one goes on with the type or draws its workflow."""
        return next_buttons(self.object)


class CaseTypeEditView(EditView):
    """A type being changed."""

    def get_success_buttons(self) -> list[Any]:
        """After saving, one goes on with the type or draws its workflow."""
        return next_buttons(self.object)


class CaseTypeViewSet(SnippetViewSet):
    """«Case types» in the menu of the editor."""

    model = CaseType
    add_view_class = CaseTypeCreateView
    edit_view_class = CaseTypeEditView
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Case types")
    menu_name = "arendetyper"
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["name", "prefix", "form", "workflow", "in_use"]
    search_fields = ["name", "key"]
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("description"),
                    FieldPanel("prefix"),
                    KeyPanel(
                        "key",
                        help_text=gettext_lazy(
                            "Stands in addresses. Made from the name, and never changed."
                        ),
                    ),
                ],
                heading=gettext_lazy("What it is called"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("form", widget=forms.Select),
                    FieldPanel("workflow", widget=forms.Select),
                ],
                heading=gettext_lazy("What is asked and who decides"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("starters"),
                    FieldPanel("within", widget=forms.Select),
                    FieldPanel("everyone"),
                    FieldPanel("readers"),
                ],
                heading=gettext_lazy("Who starts and who reads"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("belongs_to", widget=forms.RadioSelect),
                    FieldPanel("organisation", widget=forms.Select),
                    FieldPanel("organisation_field"),
                ],
                heading=gettext_lazy("Where the case belongs"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("title_field"),
                    FieldPanel("subtitle_field"),
                    FieldPanel("person_field"),
                ],
                heading=gettext_lazy("What the answers mean"),
            ),
            MultiFieldPanel(
                [FieldPanel("starts_on"), FieldPanel("ends_on")],
                heading=gettext_lazy("When cases are taken"),
            ),
        ],
        base_form_class=CaseTypeForm,
    )

    @property
    def permission_policy(self) -> DefinitionPolicy:
        """Roles decide who makes case types."""
        return DefinitionPolicy(self.model)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseType]:
        """With what the list names, in the same query."""
        return CaseType.objects.select_related("form", "workflow")


def edit_url(case_type: CaseType) -> str:
    """Where the type is edited."""
    return reverse("wagtailsnippets_programme_casetype:edit", args=[case_type.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What is missing and what the type does; takes it into use or out of it."""
    case_type = _built(request, pk)
    if request.method == "POST":
        return _switch(request, case_type)
    found = problems(facts_of(case_type))
    return render(
        request,
        "programme/case_types/check.html",
        {
            "case_type": case_type,
            "problems": [(one.message, _place(one, case_type)) for one in found],
            "edit_url": edit_url(case_type),
            "workflow_add_url": reverse("wagtailsnippets_workflows_workflowdefinition:add"),
            "start_url": reverse("case_types:begin", args=[case_type.key]),
            "cases": case_type.submissions.filter(round=1).count(),
        },
    )


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The type with its form and workflow as a file."""
    case_type = _built(request, pk)
    try:
        content = exchange.write(KIND, case_type.key)
    except LookupError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{case_type.key}.json"'},
    )


class FileForm(forms.Form):
    """A definition file to take in."""

    file = forms.FileField(
        label=gettext_lazy("Definition file"),
        help_text=gettext_lazy("A case type with its form and workflow, downloaded from a portal."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Take in a type from a file; nothing is in use before it has been checked."""
    user = user_of(request)
    if not held_by(user).can(Capability.MANAGE_DEFINITIONS):
        raise Http404
    form = FileForm(request.POST or None, request.FILES or None)
    found: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read(exchange.MAX_BYTES + 1)
            made = exchange.apply(exchange.read(data, only=KIND), actor=user)
        except exchange.Refused as error:
            found = error.problems
        else:
            messages.success(
                request, _("“%(name)s” is here. Check it and take it into use.") % {"name": made}
            )
            return redirect("case_type_check", pk=made.pk)
    return render(
        request,
        "programme/case_types/take_in.html",
        {"form": form, "problems": found},
        status=422 if request.method == "POST" else 200,
    )


def _built(request: HttpRequest, pk: int) -> CaseType:
    """The type, for those who build; for others there is none."""
    if not held_by(user_of(request)).can(Capability.MANAGE_DEFINITIONS):
        raise Http404
    return get_object_or_404(
        CaseType.objects.select_related("form", "workflow", "organisation", "within"), pk=pk
    )


def _switch(request: HttpRequest, case_type: CaseType) -> HttpResponse:
    user = user_of(request)
    if request.POST.get("do") == "retire":
        actions.retire(case_type=case_type, actor=user)
        messages.success(request, _("No new cases are taken. Those that run go on."))
    else:
        try:
            actions.take_into_use(case_type=case_type, actor=user)
        except actions.NotReady as error:
            for message in error.problems:
                messages.error(request, message)
        else:
            messages.success(
                request,
                _("“%(name)s” is in use: those who may start it find it under “New case”.")
                % {"name": case_type.name},
            )
    return redirect("case_type_check", pk=case_type.pk)


def _place(problem: Problem, case_type: CaseType) -> str:
    """The page where the problem is put right."""
    if problem.place is Place.FORM:
        return reverse("forms_app_publish", args=[case_type.form_id])
    if problem.place is Place.WORKFLOW and case_type.workflow_id is not None:
        return reverse("workflows_publish", args=[case_type.workflow_id])
    return edit_url(case_type)
