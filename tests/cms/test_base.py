"""The frame of every page: the emblem, the menu, and what it may cost."""

import pytest
from django.conf import settings as project_settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from audit.operations import operation
from cms.menu import menu
from cms.project import project_line
from config.context import navigation
from people.models import Capability, Organisation, Role, RoleAssignment, User

pytestmark = pytest.mark.django_db
STANDALONE = ["400.html", "404.html", "403.html", "403_csrf.html", "500.html"]


def _request(user: User | AnonymousUser, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    return request


def _user(*capabilities: str) -> User:
    with operation("test.user"):
        user = User.objects.create_user("a@example.org", first_name="Sara", last_name="Holm")
        if capabilities:
            role = Role.objects.create(key="prov", name="Prov", capabilities=list(capabilities))
            RoleAssignment.objects.create(
                user=user,
                role=role,
                organisation=Organisation.objects.get(parent=None),
                valid_from="2026-01-01",
            )
    return user


def _labels(user: User | AnonymousUser) -> list[str]:
    return [link.label for link in navigation(_request(user))]


@pytest.mark.parametrize("name", STANDALONE)
def test_pages_of_errors_stand_alone(name: str) -> None:
    # The page for a failure inside must not need the context processors, which may have failed.
    html = render_to_string(name)
    assert 'alt="Medfinansieras av Europeiska unionen"' in html
    assert 'href="/tillganglighet/"' in html
    assert "<h1" in html


def test_what_stands_outside_the_frame_carries_the_statement_itself() -> None:
    bare = []
    for path in sorted((project_settings.BASE_DIR / "templates").rglob("*.html")):
        source = path.read_text()
        # A page of its own: only the frame, and letters, which have no use for a menu.
        if "<html" in source and path.name != "base.html":
            bare += [] if "Union" in source or "union" in source else [str(path)]
    assert bare == []


def test_anonymous_visitors_cost_nothing(
    site: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project_line()
    menu("sv")
    with django_assert_num_queries(0):
        render_to_string("404.html", request=_request(AnonymousUser()))


def test_the_menu_shows_what_the_roles_open(site: None) -> None:
    assert _labels(AnonymousUser())[:3] == ["Om projektet", "För chefer", "För deltagare"]
    user = _user(Capability.NOMINATE, Capability.AUDIT)
    labels = _labels(user)
    assert labels[:2] == ["Mitt arbete", "Nomineringar"]
    assert "Revision" in labels
    assert "Administration" not in labels


def test_someone_without_a_role_sees_no_tool(site: None) -> None:
    assert _labels(_user()) == ["Mitt arbete"]


def test_the_bar_says_who_is_signed_in_and_signs_out_by_post(client: Client, site: None) -> None:
    client.force_login(_user(Capability.SEE_TOTALS))
    html = client.get("/om-projektet/").content.decode()
    assert "Sara Holm" in html
    assert '<form method="post" action="/logga-ut/">' in html


def test_the_demonstration_says_that_it_is_one(
    client: Client, site: None, settings: Settings
) -> None:
    settings.DEMO = True
    assert "Personer, ärenden och siffror är påhittade" in client.get("/").content.decode()
    settings.DEMO = False
    assert "påhittade" not in client.get("/").content.decode()


def test_the_foot_follows_the_programme(site: None) -> None:
    cache.clear()
    line = project_line()
    assert line is not None
    assert line.record_number == "25-021-S02"
    assert len(line.organisations) == 2
