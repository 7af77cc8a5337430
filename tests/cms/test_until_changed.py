"""What is asked once until the public pages change."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import NewsPage
from cms.pagecache import generation, renew
from cms.pagecache.generation import until_changed


def test_an_answer_is_kept_until_a_change_and_nothing_is_not_kept() -> None:
    asked: list[str] = []

    @until_changed
    def length(word: str) -> int | None:
        asked.append(word)
        return len(word) or None

    assert [length("ett"), length("ett"), length("två")] == [3, 3, 3]
    assert asked == ["ett", "två"]
    assert [length(""), length("")] == [None, None]
    assert asked == ["ett", "två", "", ""]

    renew()

    assert length("ett") == 3
    assert asked[4:] == ["ett"]


def test_what_a_change_overtakes_is_not_handed_out_afterwards() -> None:
    asked: list[str] = []

    @until_changed
    def state(_word: str) -> str:
        asked.append("")
        if len(asked) == 1:
            renew()  # somebody publishes while this is being asked
            return "before"
        return "after"

    assert state("page") == "before"
    assert state("page") == "after"


def test_the_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "MOST_ANSWERS", 3)
    same: until_changed[int, int] = until_changed(lambda number: number)

    for number in range(10):
        same(number)

    assert len(same._kept) <= 3


@pytest.mark.django_db
def test_a_page_made_anew_asks_only_for_itself_and_is_as_it_is_now(site: None) -> None:
    page = NewsPage.objects.filter(locale__language_code="sv")[0]
    path = page.get_url()
    Client().get(path)

    # Past everything that tells of changes: where it lies is kept, what it says is not.
    NewsPage.objects.filter(pk=page.pk).update(lead="Alldeles nytt.")
    with CaptureQueriesContext(connection) as queries:
        text = Client().get(path).content.decode()

    assert "Alldeles nytt." in text
    assert len([each for each in queries if "cms_newspage" in each["sql"]]) == 1
    assert len(queries) == 1
