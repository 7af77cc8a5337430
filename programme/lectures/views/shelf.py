"""Where staff keep the lectures' material and tags."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from core.words import whole
from people.models import User
from programme.errors import Refused
from programme.lectures import access
from programme.lectures import material as keeping
from programme.lectures import tags as keeping_tags
from programme.models import Lecture, LectureTag, Material, MaterialQuestion
from programme.views.base import form_page, saved, the_programme, user_of


class MaterialForm(forms.Form):
    """Something to read or watch."""

    title = forms.CharField(label=_("Title"), max_length=160)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=200,
        help_text=_("A page here, such as /resultat/, or a page on the web, with https://."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "PDF, Word, Excel, PowerPoint or plain text. Kept where only those who take"
            " part can fetch it."
        ),
    )
    text = forms.CharField(
        label=_("Text"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    in_use = forms.BooleanField(label=_("Shown to participants"), required=False, initial=True)


class QuestionForm(forms.Form):
    """A question that material is reviewed with."""

    text = forms.CharField(label=_("Question"), max_length=200)
    in_use = forms.BooleanField(label=_("In use"), required=False, initial=True)


class TagForm(forms.Form):
    """A tag that visitors can choose lectures by."""

    kind = forms.ChoiceField(label=_("What it tells"), choices=LectureTag.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=80)
    in_use = forms.BooleanField(label=_("In use"), required=False, initial=True)


def _maker(request: HttpRequest) -> User:
    user = user_of(request)
    if not access.may_make(user):
        raise Http404
    return user


@login_required
def material(request: HttpRequest, lecture: str) -> HttpResponse:
    """The lecture's material: add, change, take down."""
    user = _maker(request)
    found = get_object_or_404(
        Lecture.objects.select_related("unit", "programme"), public_id=lecture
    )
    rows = list(found.unit.materials.select_related("put_by", "reviewed_by"))
    chosen = _chosen(request, {one.public_id: one for one in rows})
    form = MaterialForm(
        request.POST or None,
        request.FILES or None,
        initial={name: getattr(chosen, name) for name in ("title", "address", "text", "in_use")}
        if chosen
        else None,
    )
    if _saved(request, form, lambda: _put(found, chosen, form, user)):
        return redirect("lectures:material", lecture=found.public_id)
    context = {
        "lecture": found,
        "rows": rows,
        "questions": keeping.questions(found.programme),
        "most": keeping.megabytes(found.programme),
    }
    return _page(request, "lectures/staff/material.html", form, context, chosen)


def _put(lecture: Lecture, chosen: Material | None, form: forms.Form, user: User) -> Material:
    given = dict(form.cleaned_data)
    file = given.pop("file")
    return keeping.put_material(
        lecture_id=lecture.pk,
        material_id=chosen.pk if chosen else None,
        file=(file.name, file.file) if file else None,
        actor=user,
        **given,
    )


@login_required
@require_POST
def review(request: HttpRequest, lecture: str, material: str) -> HttpResponse:
    """A colleague answers the questions about the material, and participants see it."""
    user = _maker(request)
    found = get_object_or_404(
        Material.objects.select_related("unit__lecture"),
        unit__lecture__public_id=lecture,
        public_id=material,
    )
    try:
        keeping.review_material(
            lecture_id=found.unit.lecture.pk,
            material_id=found.pk,
            yes={whole(one) or 0 for one in request.POST.getlist("yes")},
            actor=user,
        )
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _now("Participants see it now."))
    return redirect("lectures:material", lecture=lecture)


@login_required
@require_safe
def file(request: HttpRequest, lecture: str, material: str) -> HttpResponseBase:
    """The file, for those who may open the lecture; before the review for those who make it."""
    user = user_of(request)
    found = get_object_or_404(access.lectures_for(user), public_id=lecture)
    rows = found.unit.materials.all() if access.may_read(user) else found.unit.materials.shown()
    one = get_object_or_404(rows.exclude(path=""), public_id=material)
    try:
        stream = storages["private"].open(one.path)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        stream, as_attachment=True, filename=one.file_name, content_type=one.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
def questions(request: HttpRequest) -> HttpResponse:
    """What material is reviewed with: add, reword, take out of use."""
    user = _maker(request)
    programme = the_programme()
    rows = list(MaterialQuestion.objects.filter(programme=programme))
    chosen = _chosen(request, {str(one.pk): one for one in rows})
    form = QuestionForm(
        request.POST or None,
        initial={name: getattr(chosen, name) for name in QuestionForm.base_fields}
        if chosen
        else None,
    )
    if _saved(
        request,
        form,
        lambda: keeping.save_question(
            programme=programme,
            question_id=chosen.pk if chosen else None,
            actor=user,
            **form.cleaned_data,
        ),
    ):
        return redirect("lectures:questions")
    return _page(request, "lectures/staff/questions.html", form, {"rows": rows}, chosen)


@login_required
def tags(request: HttpRequest) -> HttpResponse:
    """The tags of all lectures: add, rename, take out of use."""
    user = _maker(request)
    programme = the_programme()
    rows = list(LectureTag.objects.filter(programme=programme))
    chosen = _chosen(request, {str(one.pk): one for one in rows})
    form = TagForm(
        request.POST or None,
        initial={name: getattr(chosen, name) for name in TagForm.base_fields} if chosen else None,
    )
    if _saved(
        request,
        form,
        lambda: keeping_tags.save_tag(
            programme=programme,
            tag_id=chosen.pk if chosen else None,
            actor=user,
            **form.cleaned_data,
        ),
    ):
        return redirect("lectures:tags")
    return _page(request, "lectures/staff/tags.html", form, {"rows": rows}, chosen)


def _chosen(request: HttpRequest, rows: dict[str, Any]) -> Any:
    """The row that the address names for changing; nothing to add a new one."""
    name = request.GET.get("andra", "")
    if name and name not in rows:
        raise Http404
    return rows.get(name)


def _saved(request: HttpRequest, form: forms.Form, act: Callable[[], object]) -> bool:
    """Do what the form that was sent says."""
    return request.method == "POST" and saved(
        request, form, lambda _clean: act(), said=_now("Saved.")
    )


def _page(
    request: HttpRequest, template: str, form: forms.Form, context: dict[str, Any], chosen: Any
) -> HttpResponse:
    return form_page(request, template, form, **context, chosen=chosen)
