"""An editor writes and sends in, another approves, and nobody approves their own words."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import TaskState, Workflow

from cms import demo, inbox, moderation
from cms.models import AnotherReadsTask, HomePage, NewsIndexPage, NewsPage
from people.models import User
from tests.clients import signed_in
from tests.cms import people
from tests.people import builders
from workflows import queries, sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture(autouse=True)
def _inside(operation: None) -> None:
    """One operation for the whole test."""


def sent_in(author: User, title: str = "Nytt från Farsta") -> NewsPage:
    """A piece of news that its author has sent in."""
    page = NewsPage(title=title, slug=title.lower().replace(" ", "-"), live=False)
    NewsIndexPage.objects.get(locale__language_code="sv").add_child(instance=page)
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    return NewsPage.objects.get(pk=page.pk)


def state_of(page: NewsPage) -> TaskState:
    found = page.current_workflow_task_state
    assert found is not None
    return found


def approve(client: Client, page: NewsPage) -> int:
    address = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[page.pk, "approve", state_of(page).pk],
    )
    return client.post(address).status_code


def test_every_page_is_published_through_the_workflow() -> None:
    for home in HomePage.objects.all():
        workflow = home.get_workflow()
        assert isinstance(workflow, Workflow)
        assert isinstance(workflow.tasks.first().specific, AnotherReadsTask)


def test_an_editor_cannot_publish_at_all() -> None:
    author = people.writer()
    page = sent_in(author)
    assert not page.permissions_for_user(author).can_publish()
    assert page.permissions_for_user(author).can_edit()


def test_somebody_else_approves_and_the_page_is_out() -> None:
    page = sent_in(people.writer())
    approve(signed_in(people.approver()), page)
    page.refresh_from_db()
    assert page.live
    assert Client().get(page.get_url()).status_code == 200


def test_the_author_cannot_approve_their_own() -> None:
    author = people.both()
    page = sent_in(author)
    approve(signed_in(author), page)
    page.refresh_from_db()
    assert not page.live
    with pytest.raises(PermissionDenied):
        state_of(page).task.specific.on_action(state_of(page), author, "approve")


def test_without_the_guard_they_could(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "has_written", lambda page, user: False)
    author = people.both()
    page = sent_in(author)
    approve(signed_in(author), page)
    page.refresh_from_db()
    assert page.live


def test_whoever_changes_a_page_on_its_way_cannot_approve_it() -> None:
    approver = people.approver()
    page = sent_in(people.writer())
    page.save_revision(user=approver)
    assert moderation.has_written(page, approver)


def test_the_author_cannot_publish_past_the_workflow() -> None:
    author = people.both()
    page = NewsPage.objects.first()
    assert page is not None
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = {
        "title": "Mina egna ord",
        "slug": page.slug,
        "date": "2026-11-01",
        "lead": "x",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    signed_in(author).post(edit, data)
    page.refresh_from_db()
    assert page.title != "Mina egna ord"
    assert page.latest_revision.content["title"] == "Mina egna ord"


def test_what_waits_for_me_is_in_my_work_and_in_the_menu() -> None:
    author, approver = people.writer(), people.approver()
    page = sent_in(author)
    html = signed_in(approver).get("/arbete/").content.decode()
    assert "Nytt från Farsta" in html
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html
    assert "Sidor och handlingar att granska" in html
    assert queries.waiting_count(approver) == 1
    assert queries.waiting_count(author) == 0
    assert "Nytt från Farsta" not in signed_in(author).get("/arbete/").content.decode()


def test_what_i_have_written_does_not_wait_for_me() -> None:
    author = people.both()
    page = sent_in(author)
    assert list(inbox.waiting_for(author)) == []
    approver = people.approver()
    assert len(inbox.waiting_for(approver)) == 1
    page.save_revision(user=approver)
    page.save_revision(user=author)
    assert list(inbox.waiting_for(approver)) == []


def test_the_price_of_the_inbox_does_not_follow_the_rows() -> None:
    author, approver = people.writer(), people.approver()
    client = signed_in(approver)

    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/arbete/").status_code == 200
        return len(captured)

    sent_in(author, "Ett")
    price()
    few = price()
    for number in range(12):
        sent_in(author, f"Fler {number}")
    assert price() == few


def test_two_sources_cannot_share_a_key() -> None:
    class Other(sources.Source):
        key = inbox.ToPublish.key
        name = "x"

    with pytest.raises(ValueError, match="another source"):
        sources.register(Other())


def test_the_demo_shows_a_page_on_its_way_and_makes_it_once() -> None:
    author = builders.account("kommunikator")
    assert author.email == demo.AUTHOR
    for _time in range(2):
        demo.send_in()
    page = NewsPage.objects.get(slug=demo.SLUG)
    assert not page.live
    assert page.current_workflow_state.requested_by == author
