"""What is private is private to accounts; nobody opens it with a password that many share."""

from typing import Any, cast

import pytest
from django.db import transaction
from django.forms import ChoiceField, ModelForm
from django.test import Client
from django.urls import resolve, reverse
from pytest_django import Settings
from wagtail.admin.forms.collections import CollectionViewRestrictionForm
from wagtail.admin.forms.pages import PageViewRestrictionForm
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site
from wagtail.views import authenticate_with_password

from audit.operations import operation
from cms import public_urls, signing_in
from cms.models import StandardPage

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


SHARED = "många-vet-det"
WORDS = "Bara för den som har lösenordet"


def a_private_page() -> tuple[Page, PageViewRestriction]:
    """A page with a shared password, as one written into the database would be."""
    page = Site.objects.get(is_default_site=True).root_page.add_child(
        instance=StandardPage(title="Hemlig", slug="hemlig", lead=WORDS)
    )
    page.save_revision().publish()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password=SHARED
    )
    return page, restriction


def tried(page: Page, address: str) -> tuple[int, str]:
    """The answer to the right password, and what the page says afterwards."""
    client = Client()
    answer = client.post(address, {"password": SHARED, "return_url": page.url})
    return answer.status_code, client.get(page.url).content.decode()


@pytest.mark.usefixtures("site")
def test_a_shared_password_in_the_database_opens_no_page() -> None:
    with transaction.atomic(), operation("test.private"):
        page, restriction = a_private_page()
    for prefix in ("", "/en"):
        address = f"{prefix}/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
        assert Client().get(address).status_code == 404
        status, after = tried(page, address)
        assert status == 404
        assert WORDS not in after


@pytest.mark.usefixtures("site")
def test_nor_any_of_the_editors_files() -> None:
    with transaction.atomic(), operation("test.private"):
        restriction = CollectionViewRestriction.objects.create(
            collection=Collection.get_first_root_node(),
            restriction_type=CollectionViewRestriction.PASSWORD,
            password=SHARED,
        )
    address = f"/dokument/authenticate_with_password/{restriction.pk}/"
    assert Client().get(address).status_code == 404
    given = {"password": SHARED, "return_url": "/"}
    assert Client().post(address, given).status_code == 404


@pytest.mark.usefixtures("site")
def test_wagtails_own_view_would_open_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    with transaction.atomic(), operation("test.private"):
        page, restriction = a_private_page()
    found = resolve(f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/")
    assert found.func is signing_in.no_shared_password
    pattern = next(one for one in public_urls.urlpatterns if one.name == public_urls.PASSWORD)
    monkeypatch.setattr(pattern, "callback", authenticate_with_password)
    status, after = tried(page, reverse(public_urls.PASSWORD, args=[restriction.pk, page.pk]))
    assert status == 302
    assert WORDS in after
