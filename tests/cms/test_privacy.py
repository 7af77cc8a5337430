"""What is private is private to accounts; nobody opens it with a password that many share."""

from typing import Any, cast

import pytest
from django.forms import ChoiceField, ModelForm
from pytest_django import Settings
from wagtail.admin.forms.collections import CollectionViewRestrictionForm
from wagtail.admin.forms.pages import PageViewRestrictionForm
from wagtail.models import Page

pytestmark = pytest.mark.django_db


def forms() -> list["ModelForm[Any]"]:
    """The editor's two forms, with all that a page of ours allows."""
    return [
        PageViewRestrictionForm(private_page_options=Page.private_page_options),
        CollectionViewRestrictionForm(),
    ]


def offered(form: "ModelForm[Any]") -> list[str]:
    """Ways to make something private, by their keys."""
    choices: Any = cast(ChoiceField, form.fields["restriction_type"]).choices
    return sorted(value for value, _words in choices)


def test_the_editor_offers_no_shared_password() -> None:
    for form in forms():
        assert offered(form) == ["groups", "login", "none"]
        assert "password" not in form.fields


def test_without_the_setting_it_would(settings: Settings) -> None:
    settings.WAGTAIL_PRIVATE_PAGE_OPTIONS = {}
    settings.WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {}
    for form in forms():
        assert "password" in form.fields
        assert "password" in offered(form)
