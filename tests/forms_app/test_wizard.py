"""The wizard: nothing typed is lost, nothing is mixed up, nothing is sent twice."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from forms_app import actions
from forms_app.models import Draft, StoredFile, Submission

from . import builders
from .conftest import Room
from .urls import TestWizard

pytestmark = pytest.mark.urls("tests.forms_app.urls")


@pytest.fixture
def client(room: Room) -> Client:
    """Alice's browser."""
    return browser(room)


def browser(room: Room) -> Client:
    """One more of Alice's browsers."""
    made = Client()
    made.force_login(room.alice)
    return made


@pytest.fixture(autouse=True)
def _fresh_wizard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TestWizard, "finished", [])


def begin(room: Room) -> Draft:
    return actions.start_draft(owner=room.alice, version=room.version)


def url(draft: Draft, step: str) -> str:
    return f"/prov/{draft.public_id}/{step}/"


def fill(client: Client, room: Room, draft: Draft, **more: Any) -> None:
    """Answer everything as far as the review page."""
    who = {"person": room.anna.public_id, "manager": "no"}
    assert client.post(url(draft, "who"), who).status_code == 302
    response = client.post(url(draft, "more"), {"start": "2026-03-01", **more})
    assert response["Location"] == url(draft, "granska")


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_step_is_saved_and_leads_to_the_next_that_is_asked(room: Room, client: Client) -> None:
    draft = begin(room)
    page = client.get(url(draft, "who"))
    assert "Anna Testsson, North" in text(page)
    assert "Sven" not in text(page)
    response = client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "yes"})
    assert response["Location"] == url(draft, "leading")
    response = client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "no"})
    assert response["Location"] == url(draft, "more")


def test_going_back_keeps_what_is_typed_even_when_it_is_wrong(room: Room, client: Client) -> None:
    draft = begin(room)
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "no"})
    response = client.post(
        url(draft, "more"), {"start": "någon gång i maj", "wizard_goto_step": "who"}
    )
    assert response["Location"] == url(draft, "who")
    back_again = client.get(url(draft, "more"))
    assert "någon gång i maj" in text(back_again)
    assert "govuk-error-summary" not in text(back_again)


def test_a_wrong_answer_is_shown_with_its_error_and_saved(room: Room, client: Client) -> None:
    draft = begin(room)
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "no"})
    response = client.post(url(draft, "more"), {"start": "maj"})
    assert response.status_code == 422
    assert 'value="maj"' in text(response)
    assert "govuk-error-summary" in text(response)
    draft.refresh_from_db()
    assert draft.data["more"]["start"] == "maj"


def test_looking_and_refreshing_write_nothing(room: Room, client: Client) -> None:
    draft = begin(room)
    fill(client, room, draft)
    draft.refresh_from_db()
    before = (draft.data, draft.current_step, draft.updated_at)
    for step in ("who", "more", "granska", "who"):
        assert client.get(url(draft, step)).status_code == 200
    draft.refresh_from_db()
    assert (draft.data, draft.current_step, draft.updated_at) == before


def test_two_tabs_never_mix(room: Room, client: Client) -> None:
    first, second = begin(room), begin(room)
    client.post(url(first, "who"), {"person": room.anna.public_id, "manager": "yes"})
    client.post(url(second, "who"), {"person": room.anna.public_id, "manager": "no"})
    client.post(url(first, "leading"), {"staff": "12"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.data["leading"] == {"staff": "12", "why_many": ""}
    assert "leading" not in second.data
    assert client.session.get("wizard_test_wizard") is None


def test_two_tabs_on_one_draft_save_their_own_steps(room: Room, client: Client) -> None:
    draft = begin(room)
    fill(client, room, draft)
    browser(room).post(url(draft, "more"), {"mail": "a@example.org"})
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "yes"})
    draft.refresh_from_db()
    assert draft.data["more"]["mail"] == "a@example.org"
    assert draft.data["who"]["manager"] == "yes"


def test_another_device_goes_on_where_the_first_one_stopped(room: Room, client: Client) -> None:
    draft = begin(room)
    client.post(
        url(draft, "who"),
        {"person": room.anna.public_id, "manager": "no", "save-exit": "1"},
    )
    page = browser(room).get(url(draft, "more"))
    assert page.status_code == 200


def test_nobody_passes_a_step_that_is_not_complete(room: Room, client: Client) -> None:
    draft = begin(room)
    assert client.get(url(draft, "more"))["Location"] == url(draft, "who")
    assert client.get(url(draft, "granska"))["Location"] == url(draft, "who")
    assert client.post(url(draft, "granska"))["Location"] == url(draft, "granska")
    assert not Submission.objects.exists()


def test_someone_elses_draft_is_not_found(room: Room, client: Client) -> None:
    draft = begin(room)
    other = Client()
    other.force_login(room.bob)
    assert other.get(url(draft, "who")).status_code == 404
    assert other.post(url(draft, "who"), {"manager": "no"}).status_code == 404
    assert Client().get(url(draft, "who")).status_code == 302
    assert client.get(url(draft, "who")).status_code == 200


def test_a_foreign_person_is_a_clear_error(room: Room, client: Client) -> None:
    draft = begin(room)
    response = client.post(url(draft, "who"), {"person": room.sven.public_id, "manager": "no"})
    assert response.status_code == 422
    assert "Sven" not in text(response)


def test_sending_makes_one_submission_and_then_only_the_receipt(room: Room, client: Client) -> None:
    draft = begin(room)
    fill(client, room, draft)
    review = text(client.get(url(draft, "granska")))
    assert "Anna Testsson" in review
    assert f"{url(draft, 'who')}?till=granska" in review
    first = client.post(url(draft, "granska"))
    second = client.post(url(draft, "granska"))
    submission = Submission.objects.get()
    assert first["Location"] == second["Location"] == f"/kvitto/{submission.public_id}/"
    assert TestWizard.finished == [submission.public_id]
    for step in ("who", "more", "granska"):
        assert client.get(url(draft, step))["Location"] == first["Location"]
    late = client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "yes"})
    assert late["Location"] == first["Location"]
    draft.refresh_from_db()
    assert draft.data == {}


def test_answers_of_a_step_that_became_hidden_are_not_sent(room: Room, client: Client) -> None:
    draft = begin(room)
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "yes"})
    client.post(url(draft, "leading"), {"staff": "12"})
    fill(client, room, draft)
    client.post(url(draft, "granska"))
    assert "staff" not in Submission.objects.get().answers


def test_the_room_has_its_own_say_about_a_step(room: Room, client: Client) -> None:
    draft = begin(room)
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "yes"})
    response = client.post(url(draft, "leading"), {"staff": "999", "why_many": "x"})
    assert response.status_code == 422
    assert "För många." in text(response)
    assert client.get(url(draft, "more"))["Location"] == url(draft, "leading")


def test_an_ending_that_refuses_keeps_everything(
    room: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin(room)
    fill(client, room, draft)
    monkeypatch.setattr(TestWizard, "refuse", True)
    response = client.post(url(draft, "granska"))
    assert response.status_code == 422
    assert "Omgången är full." in text(response)
    assert not Submission.objects.exists()
    draft.refresh_from_db()
    assert draft.data["more"]["start"] == "2026-03-01"


def test_changing_from_the_review_leads_back_to_it(room: Room, client: Client) -> None:
    draft = begin(room)
    fill(client, room, draft)
    who = {"person": room.anna.public_id, "manager": "no"}
    response = client.post(f"{url(draft, 'who')}?till=granska", who)
    assert response["Location"] == url(draft, "granska")
    # A change that opens a new step leads there by way of the review page.
    client.post(f"{url(draft, 'who')}?till=granska", {**who, "manager": "yes"})
    assert client.get(url(draft, "granska"))["Location"] == url(draft, "leading")


def test_a_file_is_kept_when_the_step_has_errors_and_can_be_removed(
    room: Room, client: Client
) -> None:
    draft = begin(room)
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "no"})
    upload = SimpleUploadedFile("../../Min plan.txt", b"hej")
    response = client.post(url(draft, "more"), {"start": "maj", "paper": upload})
    assert response.status_code == 422
    stored = StoredFile.objects.get()
    assert stored.name == "Min plan.txt"
    assert stored.name in text(response)
    page = client.get(url(draft, "more"))
    assert stored.public_id in text(page)
    removed = client.post(url(draft, "more"), {"paper": stored.public_id, "remove-file": "paper"})
    assert removed["Location"] == url(draft, "more")
    assert not StoredFile.objects.exists()


def test_a_refused_file_keeps_the_one_that_was_there(room: Room, client: Client) -> None:
    draft = begin(room)
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "no"})
    client.post(url(draft, "more"), {"paper": SimpleUploadedFile("a.txt", b"hej")})
    first = StoredFile.objects.get()
    response = client.post(
        url(draft, "more"),
        {"paper": SimpleUploadedFile("b.exe", b"MZ")},
    )
    assert response.status_code == 422
    assert StoredFile.objects.get() == first
    client.post(url(draft, "more"), {"paper": SimpleUploadedFile("c.txt", b"ny")})
    assert StoredFile.objects.get().name == "c.txt"


def test_files_follow_the_submission(room: Room, client: Client) -> None:
    draft = begin(room)
    fill(client, room, draft, paper=SimpleUploadedFile("a.txt", b"hej"))
    client.post(url(draft, "granska"))
    stored = StoredFile.objects.get()
    assert stored.submission == Submission.objects.get()
    assert Submission.objects.get().answers["paper"] == stored.public_id


def test_only_asked_fields_open_when_an_answer_is_completed(
    room: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin(room)
    fill(client, room, draft, mail="old@example.org")
    client.post(url(draft, "granska"))
    before = Submission.objects.get()
    again = actions.start_draft(owner=room.alice, version=room.version, replaces=before)
    monkeypatch.setattr(TestWizard, "opened", frozenset({"mail"}))
    client.post(url(again, "more"), {"mail": "new@example.org", "start": "2026-05-05"})
    client.post(url(again, "granska"))
    after = Submission.objects.get(replaces=before)
    assert after.answers["mail"] == "new@example.org"
    assert after.answers["start"] == "2026-03-01"


def test_the_page_gets_the_conditions_and_only_the_answers_they_ask_about(
    room: Room, client: Client
) -> None:
    draft = begin(room)
    client.post(url(draft, "who"), {"person": room.anna.public_id, "manager": "yes"})
    page = text(client.get(url(draft, "leading")))
    told = page.partition('id="questions-data"')[2].partition("</script>")[0]
    assert '"field": "staff"' in told
    assert room.anna.public_id not in told
    # Where nothing depends on an answer, there is nothing to evaluate.
    assert "questions-data" not in text(client.get(url(draft, "who")))


def test_nul_and_other_odd_characters_do_not_break_saving(room: Room, client: Client) -> None:
    draft = begin(room)
    client.post(
        url(draft, "who"),
        {"person": "a\x00b", "manager": "\x00\ud83d".encode("utf-8", "surrogatepass")},
    )
    draft.refresh_from_db()
    assert draft.data["who"]["person"] == "a\ufffdb"


def test_the_price_of_a_step_does_not_grow_with_the_list_of_persons(
    room: Room, client: Client
) -> None:
    draft = begin(room)

    def price() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(draft, "who")).status_code == 200
        return len(captured)

    price()
    few = price()
    with transaction.atomic(), operation("test.setup"):
        for number in range(30):
            builders.person(f"Person{number}", room.north, protected=number % 3 == 0)
    assert price() == few
