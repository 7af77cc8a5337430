"""Pages in the editor beside the form itself: publish, versions, one version."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from forms_app import access, actions, gate, queries, rules, samples
from forms_app.building import schema_of
from forms_app.changes import changes
from forms_app.models import FormDefinition, FormVersion
from forms_app.schema import FormSchema
from people.models import User


class DefinitionView(WagtailAdminTemplateMixin, TemplateView):
    """A page about one form, for those who may build."""

    header_icon = "form"
    definition: FormDefinition

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse those who may not build, as the rest of the editor does."""
        if not isinstance(request.user, User) or not access.may_build(request.user):
            raise PermissionDenied
        self.definition = get_object_or_404(FormDefinition, pk=kwargs["pk"])
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_page_subtitle(self) -> str:
        """The form's name."""
        return self.definition.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """All forms, this form, this page."""
        viewset = FormDefinition.snippet_viewset  # type: ignore[attr-defined]
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse(viewset.get_url_name("list")), "label": _("Forms")},
            {"url": edit_url(self.definition), "label": self.definition.name},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What every page about a form shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "definition": self.definition, "edit_url": edit_url(self.definition)}


class PublishView(DefinitionView):
    """Shows what stops the form or what will change; a POST publishes."""

    page_title = gettext_lazy("Publish")
    template_name = "forms_app/cms/publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Problems with links to their places, or the differences to the newest version."""
        schema = schema_of(self.definition)
        newest = self.definition.versions.first()
        problems = rules.problems(schema)
        findings = gate.findings(schema, today=timezone.localdate())
        found: list[rules.Problem | gate.Finding] = [
            *problems,
            *([] if problems else samples.problems(self.definition, schema)),
            *(one for one in findings if one.stops),
        ]
        return {
            **super().get_context_data(**kwargs),
            "problems": [(one, self._place(one)) for one in found],
            "advice": [(one, self._place(one)) for one in findings if not one.stops],
            "newest": newest,
            "changes": changes(FormSchema.from_plain(newest.schema), schema) if newest else [],
            "steps": [] if found else queries.readable(schema),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish, unless there are problems."""
        assert isinstance(request.user, User)
        number_before = self.definition.versions.count()
        try:
            version = actions.publish_form(definition=self.definition, actor=request.user)
        except actions.CannotPublish as error:
            messages.error(request, str(error.message))
            response: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
            return response
        if version.number > number_before:
            messages.success(
                request,
                _("Version %(number)s of «%(name)s» is published.")
                % {"number": version.number, "name": self.definition.name},
            )
        else:
            messages.info(request, _("Nothing has changed since the newest version."))
        return redirect("forms_app_versions", pk=self.definition.pk)

    def _place(self, problem: rules.Problem | gate.Finding) -> str:
        """The address of the block, or of the sample, that the problem is about."""
        if isinstance(problem, rules.Problem) and problem.sample is not None:
            return f"{reverse('forms_app_try', args=[self.definition.pk])}?prov={problem.sample}"
        if problem.step is None:
            return edit_url(self.definition)
        block = self.definition.steps[problem.step]
        if problem.field is not None:
            block = block.value["fields"][problem.field]
        return f"{edit_url(self.definition)}#block-{block.id}-section"


class VersionsView(DefinitionView):
    """Every published version: who, when, and how many have answered."""

    page_title = gettext_lazy("Versions")
    template_name = "forms_app/cms/versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The versions, newest first."""
        return {
            **super().get_context_data(**kwargs),
            "versions": queries.versions_of(self.definition),
        }


class VersionView(DefinitionView):
    """One version as it was published, and what changed from the one before."""

    template_name = "forms_app/cms/version.html"

    def get_page_title(self) -> str:
        """Which version it is."""
        return _("Version %(number)s") % {"number": self.kwargs["number"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The frozen questions in words."""
        version = get_object_or_404(
            FormVersion, definition=self.definition, number=self.kwargs["number"]
        )
        before = self.definition.versions.filter(number__lt=version.number).first()
        schema = FormSchema.from_plain(version.schema)
        return {
            **super().get_context_data(**kwargs),
            "version": version,
            "before": before,
            "changes": changes(FormSchema.from_plain(before.schema), schema) if before else [],
            "schema": schema,
            "steps": queries.readable(schema),
        }


def edit_url(definition: FormDefinition) -> str:
    """Where the form is built."""
    viewset = FormDefinition.snippet_viewset  # type: ignore[attr-defined]
    return reverse(viewset.get_url_name("edit"), args=[definition.pk])
