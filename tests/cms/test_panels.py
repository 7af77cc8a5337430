"""What other parts add to the public pages: cards on the first page, feeds in the head, pages."""

import pytest
from django.test import Client

from audit.operations import operation
from cms import feeds, panels, plan
from cms.models import SectionPage
from cms.panels import Panel
from cms.setup import load_site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture(autouse=True)
def _own_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_makers", {})
    monkeypatch.setattr(feeds, "_feeds", dict(feeds._feeds))
    monkeypatch.setattr(plan, "_plan", list(plan._plan))


def test_a_card_with_something_to_show_is_on_the_first_page() -> None:
    card = Panel("components/empty.html", {"title": "x"})
    panels.register("later", lambda request: card, order=2)
    panels.register("none", lambda request: None, order=1)
    assert panels.shown(None) == [card]  # type: ignore[arg-type]
    html = Client().get("/").content.decode()
    assert html.count('class="empty"') == 1


def test_another_feed_is_in_the_head_of_every_page() -> None:
    feeds.register_feed("cms:events", "Kalender")
    assert 'title="Kalender" href="/handelser.ics"' in Client().get("/nyheter/").content.decode()


def test_another_part_adds_a_page_with_words_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    plan.add(plan.Planned("nytt-avsnitt", SectionPage))
    plan.add(plan.Planned("nytt-avsnitt", SectionPage))
    monkeypatch.setattr("cms.setup._words", lambda slug, file: {"slug": slug, "title": "Nytt"})
    with operation("test.load"):
        load_site()
        load_site()
    assert SectionPage.objects.filter(slug="nytt-avsnitt").count() == 1
    assert Client().get("/nytt-avsnitt/").status_code == 200
