"""The menu: few words, where one is, and no word that leads to a closed door."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from audit.operations import operation
from config import menu
from config.menu import MENU, Link, menu_of
from people.access import forget
from people.models import Capability, Organisation, Person, Role, RoleAssignment, User
from tests.permissions.scene import ACCOUNTS, Scene, built

# What fits on one row of a desk, with the name of whoever is signed in.
MOST_ON_TOP = 7
# What fits on the row under it: letters, and room between the words.
MOST_BELOW = 1040
LETTER, BETWEEN = 8.4, 22


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The demo's accounts, for all tests of this module."""
    with django_db_blocker.unblock(), built() as scene:
        yield scene


def _of(scene: Scene, name: str, path: str = "/") -> list[Link]:
    user = scene.users[name]
    assert user is not None
    forget(user)
    return menu_of(user, path)


def _doors(links: list[Link]) -> list[str]:
    return [each.url for link in links for each in (link.links or (link,))]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACCOUNTS)
def test_nobody_has_more_words_than_fit(scene: Scene, name: str) -> None:
    links = _of(scene, name)
    assert len(links) <= MOST_ON_TOP
    for link in links:
        width = sum(len(each.label) * LETTER + BETWEEN for each in link.links)
        assert width <= MOST_BELOW, [each.label for each in link.links]


@pytest.mark.django_db
def test_whoever_holds_everything_has_no_more_either(scene: Scene) -> None:
    with operation("test.all"):
        user = User.objects.create_user("allt@example.org")
        city = Organisation.objects.get(parent=None)
        role = Role.objects.create(key="allt", name="Allt", capabilities=list(Capability))
        RoleAssignment.objects.create(
            user=user, role=role, organisation=city, valid_from="2026-01-01"
        )
        Person.objects.create(first_name="A", last_name="B", unit=city, user=user)
    links = menu_of(user, "/")
    assert len(_doors(links)) == sum(len(part.entries) for part in MENU)
    assert len(links) <= MOST_ON_TOP


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_word_opens(scene: Scene, name: str) -> None:
    client = Client()
    user = scene.users[name]
    assert user is not None
    client.force_login(user)
    answers = {url: client.get(url).status_code for url in _doors(_of(scene, name))}
    assert {url: code for url, code in answers.items() if code != 200} == {}


@pytest.mark.django_db
def test_a_word_that_leads_to_a_closed_door_would_be_seen(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: shown to everyone, the accounts would be a door that does not open."""
    line = menu.Entry("people:accounts", "Konton", menu.everyone)
    monkeypatch.setattr(menu, "MENU", (menu.Part("Prov", (line,)),))
    client = Client()
    user = scene.users["own participant"]
    assert user is not None
    client.force_login(user)
    assert _doors(_of(scene, "own participant")) == ["/konton/"]
    assert client.get("/konton/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "path", "part", "line"),
    [
        ("administrator", "/grupper/", "Utbildning", "Grupper"),
        ("administrator", "/grupper/placera/", "Utbildning", "Grupper"),
        ("administrator", "/arenden/N-2026-0001/", "Mitt arbete", "Väntar på mig"),
        ("economist", "/timmar/abc/", "Redovisning", "Månader"),
        ("own participant", "/timmar/abc/", "Mina sidor", "Mina timmar"),
        ("own participant", "/mina-sidor/intyg/", "Mina sidor", "Mina intyg"),
        ("auditor", "/revision/lasningar/", "Revision", ""),
    ],
)
def test_the_menu_shows_where_one_is(
    scene: Scene, name: str, path: str, part: str, line: str
) -> None:
    links = _of(scene, name, path)
    assert [link.label for link in links if link.active] == [part]
    below = [each.label for link in links for each in link.links if each.active]
    assert below == ([line] if line else [])


@pytest.mark.django_db
def test_a_part_of_one_line_is_that_line(scene: Scene) -> None:
    assert [link.label for link in _of(scene, "trainer")] == [
        "Mitt arbete",
        "Utbildning",
    ]
    assert [link.label for link in _of(scene, "own participant")] == ["Mitt arbete", "Mina sidor"]
    assert [link.label for link in _of(scene, "own manager")] == [
        "Mitt arbete",
        "Nomineringar",
        "Mina medarbetare",
        "Mina sidor",
    ]


def test_every_line_names_a_page_that_exists() -> None:
    for part in MENU:
        for entry in part.entries:
            assert reverse(entry.page)
