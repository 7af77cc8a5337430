"""Kept pages: handed out to everyone alike, and never a moment after something has changed."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Model
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from audit.operations import operation
from cms.models import (
    HomePage,
    NewsIndexPage,
    NewsPage,
    StandardPage,
)
from cms.pagecache import generation, middleware
from cms.pagecache import writes as writing
from programme.models import (
    Category,
    Lecture,
    LectureQuestion,
    Recording,
    Registration,
    SeatPlan,
    Setting,
    Viewing,
    Wave,
)
from tests.cms import people
from tests.cms.kept import Change, queries, read
from tests.cms.kinds import put_up_every_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_kept")]


def page(title: str, slug: str, parent: Page | None = None) -> StandardPage:
    made = StandardPage(title=title, slug=slug)
    (parent or HomePage.objects.get(locale__language_code="sv")).add_child(instance=made)
    made.save_revision().publish()
    return made


def test_the_second_visitor_costs_nothing() -> None:
    assert queries(Client(), "/nyheter/") > 0
    assert queries(Client(), "/nyheter/") == 0


def test_each_language_has_its_own() -> None:
    swedish, english = read(Client()), read(Client(), "/en/")
    assert (read(Client()), read(Client(), "/en/")) == (swedish, english)
    assert 'lang="sv"' in swedish
    assert '<html lang="en"' in english


def test_a_browser_that_has_the_page_is_told_so() -> None:
    first = Client().get("/")
    again = Client().get("/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert Client().get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_what_is_kept_says_nothing_of_who_asked() -> None:
    Client().get("/")
    kept = Client().get("/")
    assert not kept.cookies
    assert "Cookie" not in kept.get("Vary", "")
    assert b"csrfmiddlewaretoken" not in kept.content
    assert kept["Content-Security-Policy"]
    assert kept["X-Frame-Options"]
    assert int(kept["Content-Length"]) == len(kept.content)


def test_a_signed_in_visitor_is_never_shown_what_is_kept_and_leaves_nothing() -> None:
    with operation("test.user"):
        user = people.writer()
    signed_in = Client()
    signed_in.force_login(user)
    for _time in range(2):
        answer = signed_in.get("/nyheter/")
        assert user.get_full_name() in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"
    assert user.get_full_name() not in read(Client(), "/nyheter/")


def test_a_page_with_a_form_is_never_kept() -> None:
    tokens = {Client().get("/kontakt/").cookies["csrftoken"].value for _time in range(2)}
    assert len(tokens) == 2


@pytest.mark.parametrize("path", ["/nyheter/?for=citizens", "/sok/?q=utbildning"])
def test_an_address_with_choices_is_made_for_each(path: str) -> None:
    queries(Client(), path)
    assert queries(Client(), path) > 0


def test_a_page_behind_a_password_is_never_kept(change: Change) -> None:
    secret = page("Hemligt", "hemligt")
    assert "Hemligt" in read(Client(), "/hemligt/")
    change(
        lambda: PageViewRestriction.objects.create(
            page=secret, restriction_type=PageViewRestriction.PASSWORD, password="sesam"
        )
    )
    for _time in range(2):
        assert "Hemligt</h1>" not in read(Client(), "/hemligt/")
    assert "Hemligt" not in read(Client(), "/sitemap.xml")


def test_without_the_check_a_signed_in_page_would_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the guards are what keeps names out."""
    kept = middleware.PublicPagesMiddleware
    monkeypatch.setattr(middleware, "is_for_everyone", lambda meta: True)
    monkeypatch.setattr(kept, "_may_be_kept", staticmethod(lambda request, response: True))
    with operation("test.user"):
        user = people.writer()
    client = Client()
    client.force_login(user)
    client.get("/nyheter/")
    assert user.get_full_name() in read(Client(), "/nyheter/")


# What changes the pages


def test_publishing(change: Change) -> None:
    client = Client()
    home = HomePage.objects.get(locale__language_code="sv")
    assert "Nya ord" not in read(client)
    home.hero_title = "Nya ord"
    change(lambda: home.save_revision().publish())
    assert "Nya ord" in read(client)


def test_without_a_new_generation_the_old_words_would_stay(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    read(client)
    monkeypatch.setattr("cms.pagecache.signals.renew_on_commit", lambda: None)
    home = HomePage.objects.get(locale__language_code="sv")
    home.hero_title = "Nya ord"
    change(lambda: home.save_revision().publish())
    assert "Nya ord" not in read(client)


def test_a_draft_changes_nothing(change: Change) -> None:
    client = Client()
    read(client)
    home = HomePage.objects.get(locale__language_code="sv")
    home.hero_title = "Utkast"
    change(lambda: home.save_revision())
    assert queries(client, "/") == 0


def test_unpublishing(change: Change) -> None:
    client, made = Client(), page("Tillfällig", "tillfallig")
    assert client.get("/tillfallig/").status_code == 200
    change(made.unpublish)
    assert client.get("/tillfallig/").status_code == 404


def test_moving(change: Change) -> None:
    client, made = Client(), page("Flyttas", "flyttas")
    assert client.get("/flyttas/").status_code == 200
    change(lambda: made.move(Page.objects.get(slug="resultat"), pos="last-child"))
    assert client.get("/resultat/flyttas/").status_code == 200
    # Who has the old address is led to the new one.
    assert client.get("/flyttas/").status_code == 301


def test_a_new_address(change: Change) -> None:
    client, made = Client(), page("Döps om", "dops-om")
    assert client.get("/dops-om/").status_code == 200
    made.slug = "nytt-namn"
    change(lambda: made.save_revision().publish())
    assert client.get("/dops-om/").status_code == 301
    assert client.get("/nytt-namn/").status_code == 200


def test_deleting(change: Change) -> None:
    client, made = Client(), page("Tas bort", "tas-bort")
    assert client.get("/tas-bort/").status_code == 200
    change(made.delete)
    assert client.get("/tas-bort/").status_code == 404


def test_scheduled_publishing_and_expiry(change: Change) -> None:
    client = Client()
    index = NewsIndexPage.objects.get(locale__language_code="sv")
    now = timezone.now()
    news = NewsPage(
        title="Kommer snart",
        slug="kommer-snart",
        live=False,
        go_live_at=now + datetime.timedelta(hours=1),
        expire_at=now + datetime.timedelta(hours=2),
    )

    def plan() -> None:
        index.add_child(instance=news)
        news.save_revision().publish()

    change(plan)
    assert "Kommer snart" not in read(client, "/nyheter/")
    with time_machine.travel(now + datetime.timedelta(minutes=61), tick=True):
        change(lambda: call_command("publish_scheduled", verbosity=0))
        assert "Kommer snart" in read(client, "/nyheter/")
    with time_machine.travel(now + datetime.timedelta(minutes=121), tick=True):
        change(lambda: call_command("publish_scheduled", verbosity=0))
        assert "Kommer snart" not in read(client, "/nyheter/")


def test_figures_and_settings(change: Change) -> None:
    client = Client()
    assert "28\xa0520" in read(client)
    category = Category.objects.get(key="chef")
    category.planned_persons += 10
    change(category.save)
    assert "28\xa0700" in read(client)
    before = generation.current()
    setting = Setting.objects.first()
    assert setting is not None
    change(setting.save)
    assert generation.current() != before


@pytest.mark.parametrize("model", [Lecture, LectureQuestion, Recording, Registration, SeatPlan])
def test_what_a_lecture_shows(model: type[Model], change: Change) -> None:
    """However many rows at once: by ``update``, ``bulk_create`` or SQL of our own."""
    before = generation.current()
    change(lambda: model.objects.update(public_id=F("public_id")))  # type: ignore[attr-defined]
    assert generation.current() != before


def test_what_no_page_shows_renews_nothing(change: Change) -> None:
    """The control."""
    before = generation.current()
    change(lambda: Viewing.objects.all().delete())
    assert generation.current() == before


@pytest.mark.parametrize(
    ("statement", "writes"),
    [
        ('UPDATE "programme_wave" SET number = 1', True),
        ("insert into programme_registration (state) values ('x')", True),
        ('WITH a AS (SELECT 1) DELETE FROM ONLY "programme_place"', True),
        ("UPDATE \"programme_viewing\" SET a = 'programme_wave'", False),
        (
            'WITH a AS (SELECT 1) SELECT * FROM "programme_wave" FOR UPDATE OF "programme_wave"',
            False,
        ),
    ],
)
def test_which_statements_count(statement: str, writes: bool) -> None:
    assert writing.writes_to_shown(statement) is writes


# Pages and what belongs to them, which the signals hear; and rows that no page's words come from.
HEARD = ("wagtailcore_", "wagtailsearch_", "cms_", "taggit_", "django_", "wagtailembeds_")


def test_every_table_that_public_pages_read_is_listened_to(site: None) -> None:
    put_up_every_kind()
    generation.renew()
    read_from: set[str] = set()
    for one in Page.objects.live().filter(depth__gt=1):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(one.get_url()).status_code == 200
        for query in captured:
            read_from |= set(re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"]))
    assert {name for name in read_from if not name.startswith(HEARD)} - writing.watched() == set()
    assert len(read_from) > 25
    assert {"programme_module", "programme_guestlist"} <= read_from


def test_many_writes_renew_once(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(generation, "renew", lambda: asked.append(1))

    def many() -> None:
        for _turn in range(5):
            Wave.objects.update(number=F("number"))

    change(many)
    assert len(asked) == 1
    change(many)
    assert len(asked) == 2


def test_a_page_made_while_something_changed_is_not_handed_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client()
    made = NewsIndexPage.serve

    def slow(self: NewsIndexPage, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = made(self, request, *args, **kwargs)
        generation.renew()  # somebody publishes meanwhile
        return answer

    monkeypatch.setattr(NewsIndexPage, "serve", slow)
    queries(client, "/nyheter/")
    monkeypatch.setattr(NewsIndexPage, "serve", made)
    assert queries(client, "/nyheter/") > 0


def test_a_lost_generation_is_a_new_one() -> None:
    first = generation.current()
    cache.clear()
    assert generation.current() != first
