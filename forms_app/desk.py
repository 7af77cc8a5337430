"""More pages in the editor: compare and restore versions, opening, export and import."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput

from core import exchange
from forms_app import access, opening, queries, shelf
from forms_app.changes import changes
from forms_app.editor import DefinitionView, edit_url
from forms_app.exchange import KIND
from forms_app.models import FormDefinition, FormOpening, FormVersion
from forms_app.schema import FormSchema
from people.models import User


class CompareView(DefinitionView):
    """The difference in words between any two versions."""

    page_title = gettext_lazy("Compare versions")
    template_name = "forms_app/cms/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The two versions asked for; the oldest is always «from»."""
        numbers = sorted({self._number("fran"), self._number("till")})
        found = list(self.definition.versions.filter(number__in=numbers).order_by("number"))
        chosen = len(found) == 2
        return {
            **super().get_context_data(**kwargs),
            "old": found[0] if chosen else None,
            "new": found[1] if chosen else None,
            "changes": changes(_schema(found[0]), _schema(found[1])) if chosen else [],
        }

    def _number(self, name: str) -> int:
        text = self.request.GET.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 7 else 0


class RestoreView(DefinitionView):
    """Asks before an older version takes the place of what is being built."""

    page_title = gettext_lazy("Restore an older version")
    template_name = "forms_app/cms/restore.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would be different in the form under construction."""
        from forms_app.building import schema_of

        version = self._version()
        return {
            **super().get_context_data(**kwargs),
            "version": version,
            "changes": changes(schema_of(self.definition), _schema(version)),
        }

    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Restore it as a draft."""
        assert isinstance(request.user, User)
        shelf.restore_version(version=self._version(), actor=request.user)
        messages.success(
            request,
            _("Version %(number)s is taken back as a draft. Publish it when it is right.")
            % {"number": number},
        )
        return redirect(edit_url(self.definition))

    def _version(self) -> FormVersion:
        return get_object_or_404(
            FormVersion, definition=self.definition, number=self.kwargs["number"]
        )


class OpeningForm(forms.ModelForm):  # type: ignore[type-arg]
    """When the form is open, and how many answers it takes."""

    class Meta:
        model = FormOpening
        fields = ["paused_words", "opens_at", "closes_at", "answer_limit", "answers_per_person"]
        widgets = {"opens_at": AdminDateTimeInput, "closes_at": AdminDateTimeInput}


class OpeningView(DefinitionView):
    """Decided here and in force at once, without publishing."""

    page_title = gettext_lazy("Opening and limits")
    template_name = "forms_app/cms/opening.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The terms, and how the form stands just now."""
        context = super().get_context_data(**kwargs)
        assert isinstance(self.request.user, User)
        return {
            **context,
            "form": kwargs.get("form") or OpeningForm(instance=self._opening()),
            "standing": opening.standing_of(self.definition, self.request.user),
            "answers": queries.answers_of(self.definition),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide, or show what is wrong."""
        assert isinstance(request.user, User)
        form = OpeningForm(request.POST, instance=self._opening())
        if form.is_valid():
            try:
                shelf.set_opening(
                    definition=self.definition, terms=form.cleaned_data, actor=request.user
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Saved. It is in force now."))
                return redirect("forms_app_opening", pk=pk)
        response: HttpResponse = self.render_to_response(
            self.get_context_data(form=form), status=422
        )
        return response

    def _opening(self) -> FormOpening:
        found = FormOpening.objects.filter(definition=self.definition).first()
        return found or FormOpening(definition=self.definition)


class ExportView(DefinitionView):
    """The form as a file for another installation."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it is saved, published or not."""
        key = self.definition.key
        return HttpResponse(
            exchange.write(KIND, key),
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="formular-{key}.json"'},
        )


class ImportForm(forms.Form):
    """The file, or on the second page what was read from it."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    text = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=exchange.MAX_BYTES, strip=False
    )
    confirmed = forms.BooleanField(required=False)


class ImportView(WagtailAdminTemplateMixin, TemplateView):
    """A file becomes a draft: first shown in words, then taken in, all of it or nothing."""

    page_title = gettext_lazy("Import a form")
    header_icon = "download"
    template_name = "forms_app/cms/import.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse those who may not build, as the rest of the editor does."""
        if not isinstance(request.user, User) or not access.may_build(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """All forms, this page."""
        viewset = FormDefinition.snippet_viewset  # type: ignore[attr-defined]
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse(viewset.get_url_name("list")), "label": _("Forms")},
            {"url": "", "label": str(self.page_title)},
        ]

    def post(self, request: HttpRequest) -> HttpResponse:
        """The dry run first; the second time, with its button, it is taken in."""
        assert isinstance(request.user, User)
        form = ImportForm(request.POST, request.FILES)
        data = _sent(form) if form.is_valid() else b""
        if not data:
            return self._page(problems=[_("Choose a file.")], status=422)
        try:
            envelope = exchange.read(data, only=KIND)
            shown = exchange.preview(envelope)
            if shown.problems:
                return self._page(problems=shown.problems, status=422)
            if not form.cleaned_data["confirmed"]:
                return self._page(preview=shown, text=data.decode())
            made = exchange.apply(envelope, actor=request.user)
        except exchange.Refused as error:
            return self._page(problems=error.problems, status=422)
        messages.success(
            request,
            _("«%(name)s» is taken in as a draft. Publish it when it is right.")
            % {"name": made.name},
        )
        return redirect(edit_url(made))

    def _page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(
            {**self.get_context_data(), **context}, status=status
        )
        return response


def _sent(form: ImportForm) -> bytes:
    upload = form.cleaned_data["file"]
    if upload is None:
        return str(form.cleaned_data["text"]).encode()
    return bytes(upload.read(exchange.MAX_BYTES + 1))


def _schema(version: FormVersion) -> FormSchema:
    return FormSchema.from_plain(version.schema)
