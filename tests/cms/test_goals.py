"""A page tells which goals outside the project it works towards, and is found by them (R-246)."""

import pytest
from django.test import Client
from django.utils import translation

from audit.operations import operation
from cms.fields import Goal, goals_of
from cms.models import HomePage, NewsPage, ProjectPage, StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def read(path: str, **query: str) -> str:
    answer = Client().get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "language"), [("/om-projektet/", "sv"), ("/en/about-the-project/", "en")]
)
def test_the_page_about_the_project_names_every_goal_of_the_application(
    path: str, language: str
) -> None:
    html = read(path)
    with translation.override(language):
        assert [str(goal.label) for goal in Goal if str(goal.label) not in html] == []
    assert len(Goal) == 7


def test_an_editor_ticks_goals_and_the_page_is_found_by_them() -> None:
    home = HomePage.objects.get(locale__language_code="sv")
    with operation("test.page"):
        page = StandardPage(title="Granatäpplen", goals=["agenda-5"], locale=home.locale)
        home.add_child(instance=page)
        page.save_revision().publish()
    assert "Bidrar till" in read(str(page.url))
    assert "mål 5: jämställdhet" in read(str(page.url))
    assert "mål 4" not in read(str(page.url))
    assert ">Granatäpplen</a>" in read("/sok/", q="Agenda jämställdhet")
    # The control: a goal that is not ticked.
    assert ">Granatäpplen</a>" not in read("/sok/", q="Agenda ekonomisk tillväxt")


def test_a_page_without_goals_says_nothing_of_them() -> None:
    assert "Bidrar till" not in read(str(NewsPage.objects.live()[0].url))


def test_what_is_no_goal_is_left_out() -> None:
    assert goals_of(["agenda-17", "agenda-1"]) == goals_of(["agenda-1"])
    field = ProjectPage._meta.get_field("goals")
    assert "agenda-17" not in dict(field.formfield().choices)
