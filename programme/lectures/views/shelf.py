"""Where staff keep the lectures' material and tags."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.models import User
from programme.errors import Refused
from programme.lectures import access, shelf
from programme.models import Lecture, LectureTag
from programme.views.base import the_programme, user_of


class MaterialForm(forms.Form):
    """Something to read or watch."""

    title = forms.CharField(label=_("Title"), max_length=160)
    address = forms.URLField(
        label=_("Web address"), required=False, max_length=200, assume_scheme="https"
    )
    text = forms.CharField(
        label=_("Text"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    in_use = forms.BooleanField(label=_("Shown to participants"), required=False, initial=True)


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
    found = get_object_or_404(Lecture.objects.select_related("unit"), public_id=lecture)
    rows = list(found.unit.materials.all())
    chosen = _chosen(request, {one.public_id: one for one in rows})
    form = MaterialForm(
        request.POST or None,
        initial={name: getattr(chosen, name) for name in MaterialForm.base_fields}
        if chosen
        else None,
    )
    if _saved(
        request,
        form,
        lambda: shelf.put_material(
            lecture_id=found.pk,
            material_id=chosen.pk if chosen else None,
            actor=user,
            **form.cleaned_data,
        ),
    ):
        return redirect("lectures:material", lecture=found.public_id)
    return _page(
        request, "lectures/staff/material.html", form, {"lecture": found, "rows": rows}, chosen
    )


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
        lambda: shelf.save_tag(
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
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as error:
        form.add_error(None, str(error.message))
        return False
    messages.success(request, _now("Saved."))
    return True


def _page(
    request: HttpRequest, template: str, form: forms.Form, context: dict[str, Any], chosen: Any
) -> HttpResponse:
    return render(
        request,
        template,
        {**context, "form": form, "chosen": chosen},
        status=422 if form.errors else 200,
    )
