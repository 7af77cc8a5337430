"""The public pages: what the law and the regulation ask for is there, and stays there."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Site

from audit.operations import operation
from cms import addresses
from cms.figures import coming_waves, progress
from cms.models import AccessibilityPage, HomePage, ProjectPage
from cms.setup import load_site
from people.models import Organisation, User
from programme.models import Category, Programme, Quota, Wave

pytestmark = pytest.mark.django_db
PATHS = ["/", *(f"/{slug}/" for slug in addresses.FIXED)]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_carries_the_emblem_and_the_links_of_the_law(
    client: Client, site: None, path: str
) -> None:
    page = client.get(path)
    assert page.status_code == 200
    html = page.content.decode()
    assert 'alt="Medfinansieras av Europeiska unionen"' in html
    assert 'href="/tillganglighet/"' in html
    assert 'href="/personuppgifter/"' in html
    assert "25-021-S02" in html


def test_loading_the_site_again_changes_nothing_that_an_editor_wrote(site: None) -> None:
    home = HomePage.objects.get(locale__language_code="sv")
    with operation("test.edit"):
        home.hero_title = "Våra egna ord"
        home.save_revision().publish()
    before = Page.objects.count()
    load_site()
    assert Page.objects.count() == before
    assert HomePage.objects.get(locale__language_code="sv").hero_title == "Våra egna ord"
    assert Site.objects.get().root_page_id == home.pk


def test_wagtails_own_first_page_is_gone(site: None) -> None:
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_figures_come_from_the_rows(client: Client, site: None) -> None:
    planned = progress()
    assert planned is not None
    assert (planned.planned_persons, planned.planned_hours, planned.districts) == (1140, 28520, 11)
    assert "28\xa0520" in client.get("/").content.decode()
    with operation("test.change"):
        Category.objects.filter(key="chef").update(planned_persons=150)
    changed = progress()
    assert changed is not None
    assert changed.planned_persons == 1150
    assert "1\xa0150" in client.get("/").content.decode()


def test_the_listing_is_the_programmes_own(client: Client, site: None) -> None:
    html = client.get("/om-projektet/").content.decode()
    for value in ("25-021-S02", "2021SE05SFPR", "SE11", "A1A", "141", "40\xa0%", "ESF+"):
        assert value in html
    for number in range(1, 9):
        assert f">I{number}<" in html
    with operation("test.change"):
        Programme.objects.update(union_rate_percent=Decimal("42.50"))
    assert "42,50\xa0%" in client.get("/om-projektet/").content.decode()


def test_the_statement_has_every_field_of_the_law(client: Client, site: None) -> None:
    statement = AccessibilityPage.objects.get(locale__language_code="sv")
    html = client.get("/tillganglighet/").content.decode()
    assert statement.actor in html
    assert statement.service in html
    assert "delvis förenlig" in html
    assert statement.assessed_on.isoformat() in html
    assert statement.updated_on.isoformat() in html
    assert "https://www.digg.se/tdosanmalan" in html
    assert "2018:1937" in html
    assert "12 §" not in html
    with operation("test.edit"):
        statement.burden = "<p>Kartan på sidan 3.</p>"
        statement.save_revision().publish()
    assert "12 §" in client.get("/tillganglighet/").content.decode()


def test_waves_show_who_may_nominate_and_until_when(client: Client, site: None) -> None:
    today = timezone.localdate()
    with operation("test.wave"):
        Wave.objects.update(
            opens_on=today - datetime.timedelta(9), closes_on=today - datetime.timedelta(1)
        )
        wave = Wave.objects.order_by("pk").first()
        assert wave is not None
        Wave.objects.filter(pk=wave.pk).update(closes_on=today)
    shown = coming_waves()
    assert [line.name for line in shown] == [wave.name]
    assert shown[0].is_open
    assert today.isoformat() in client.get("/").content.decode()


def test_the_price_of_the_first_page_does_not_grow(client: Client, site: None) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/")
        return len(captured)

    today = timezone.localdate()
    wave = Wave.objects.order_by("pk").first()
    assert wave is not None
    with operation("test.open"):
        Wave.objects.filter(pk=wave.pk).update(opens_on=today, closes_on=today)
    queries()
    few = queries()
    category = Category.objects.first()
    assert category is not None
    with operation("test.more"):
        for organisation in Organisation.objects.all()[:30]:
            Quota.objects.get_or_create(
                wave=wave, organisation=organisation, category=category, defaults={"places": 1}
            )
    assert queries() == few


def test_an_address_that_every_page_links_to_cannot_change(site: None) -> None:
    page = ProjectPage.objects.get(locale__language_code="sv")
    page.slug = "nagot-annat"
    with pytest.raises(Exception, match="länkar"):
        page.full_clean()


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_page_that_every_page_links_to_stays(client: Client, site: None, action: str) -> None:
    client.force_login(_superuser())
    page = AccessibilityPage.objects.get(locale__language_code="sv")
    client.post(f"/cms/pages/{page.pk}/{action}/")
    assert client.get("/tillganglighet/").status_code == 200


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_without_the_guard_it_would_go(
    client: Client, site: None, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AccessibilityPage, "is_fixed", False)
    client.force_login(_superuser())
    page = AccessibilityPage.objects.get(locale__language_code="sv")
    client.post(f"/cms/pages/{page.pk}/{action}/")
    assert client.get("/tillganglighet/").status_code == 404


def test_the_editors_tool_asks_our_own_sign_in(client: Client, site: None) -> None:
    answer = client.get("/cms/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/logga-in/")


def test_an_editor_sees_the_tool(client: Client, site: None) -> None:
    client.force_login(_superuser())
    assert client.get("/cms/").status_code == 200
    page = HomePage.objects.get(locale__language_code="sv")
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == 200


def _superuser() -> User:
    with operation("test.user"):
        return User.objects.create_superuser("rot@example.org", "langt-losenord-som-ingen-vet")


@pytest.mark.parametrize(("path", "documents"), [("/", "/handlingar/"), ("/en/", "/en/documents/")])
def test_the_foot_leads_to_the_documents(
    client: Client, site: None, path: str, documents: str
) -> None:
    foot = client.get(path).content.decode().split("<footer")[1]
    assert f'href="{documents}"' in foot
