"""The contact page: a message that is kept, told, limited, answered and erased."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from audit.operations import operation
from cms.contact import actions
from cms.models import ContactMessage, ContactPage
from people.access import NotAllowed
from people.models import Organisation, User
from tests.cms import people
from tests.people import builders
from workflows.mailing.actions import word
from workflows.mailing.words import as_sent
from workflows.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
SENT = {"subject": "accessibility", "text": "Kartan går inte att läsa.", "email": "a@example.org"}


def office() -> User:
    with operation("test.user"):
        user = builders.account("handlaggare")
        builders.holds(user, "administrator", Organisation.objects.get(parent=None))
    return user


def send(client: Client | None = None, **changed: str) -> ContactMessage | None:
    (client or Client()).post("/kontakt/", {**SENT, **changed})
    return ContactMessage.objects.first()


def test_what_a_visitor_writes_is_kept_and_answered_with_a_receipt() -> None:
    answer = Client().post("/kontakt/", SENT, follow=True)
    message = ContactMessage.objects.get()
    assert answer.redirect_chain[0][1] == 302
    html = answer.content.decode()
    assert message.public_id in html
    # The receipt can be sent on, so it holds nothing of the message.
    assert "Kartan" not in html
    assert "a@example.org" not in html


def test_the_form_works_with_the_token_that_the_page_gave() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/kontakt/", SENT).status_code == 403
    token = client.get("/kontakt/").cookies["csrftoken"].value
    assert client.post("/kontakt/", {**SENT, "csrfmiddlewaretoken": token}).status_code == 302


def test_an_empty_message_is_refused_and_nothing_is_lost() -> None:
    answer = Client().post("/kontakt/", {"subject": "question", "text": "", "name": "Asta"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Skriv ditt meddelande." in html
    assert 'value="Asta"' in html
    assert not ContactMessage.objects.exists()


def test_the_staff_is_told_without_a_word_of_the_message() -> None:
    user = office()
    message = send()
    assert message is not None
    told = Message.objects.get(recipient=user)
    assert message.public_id in told.link
    for words in (told.subject, told.body, told.link):
        assert "Kartan" not in words
        assert "a@example.org" not in words


def test_many_messages_from_one_place_are_refused_with_the_text_kept() -> None:
    with operation("test.limit"):
        ContactPage.objects.update(most_an_hour=2)
    for _time in range(2):
        send()
    refused = Client().post("/kontakt/", SENT)
    assert refused.status_code == 422
    assert "Kartan går inte att läsa." in refused.content.decode()
    assert ContactMessage.objects.count() == 2
    with operation("test.limit"):
        ContactPage.objects.update(most_an_hour=3)
    send()
    assert ContactMessage.objects.count() == 3


def test_script_in_every_field_is_only_text() -> None:
    evil = "<script>alert(1)</script>"
    message = send(text=evil, name=evil, email="")
    assert message is not None
    client = Client()
    client.force_login(office())
    html = client.get(f"/arbete/meddelanden/{message.public_id}/").content.decode()
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;") == 2


def test_only_those_who_answer_read() -> None:
    message = send()
    assert message is not None
    client = Client()
    for user, status in ((office(), 200), (_stranger(), 404)):
        client.force_login(user)
        assert client.get("/arbete/meddelanden/").status_code == status
        assert client.get(f"/arbete/meddelanden/{message.public_id}/").status_code == status
    with pytest.raises(NotAllowed):
        actions.mark_answered(message_id=message.pk, actor=_stranger("till"))


def _stranger(key: str = "annan") -> User:
    with operation("test.user"):
        return people.approver(key)


def test_the_first_answer_stands() -> None:
    message = send()
    assert message is not None
    first = office()
    client = Client()
    client.force_login(first)
    client.post(f"/arbete/meddelanden/{message.public_id}/")
    with operation("test.user"):
        second = people.writer()
    actions.mark_answered(message_id=message.pk, actor=second)
    message.refresh_from_db()
    assert message.answered_by == first


def test_what_is_written_never_enters_the_history_and_is_erased_in_time() -> None:
    message = send(name="Asta")
    assert message is not None
    fields = {field.name for field in ContactMessage.history.model._meta.fields}
    assert not fields & {"text", "name", "email"}
    day = message.keep_until
    assert actions.erase_due(today=day) == 0
    assert actions.erase_due(today=day + datetime.timedelta(days=1)) == 1
    message.refresh_from_db()
    assert (message.text, message.name, message.email) == ("", "", "")
    assert message.erased_at is not None
    assert message.received_at.date() <= timezone.now().date()
    assert actions.erase_due(today=day + datetime.timedelta(days=1)) == 0


def test_staff_word_the_message_about_it() -> None:
    """With what it is about, and never with what was written or by whom."""
    user = office()
    word(
        kind="contact.received",
        subject="Nytt: {about}",
        body="Titta på {about} i dag.",
        reason="Test",
        actor=user,
    )
    assert send(name="Asta") is not None
    message = Message.objects.get(recipient=user)
    assert "Asta" not in f"{message.subject}{message.body}{message.values}"
    assert "Kartan" not in f"{message.subject}{message.body}{message.values}"
    words = as_sent(message)
    about = str(ContactMessage.Subject.ACCESSIBILITY.label)
    assert words.subject == f"Nytt: {about}"
    assert words.body == f"Titta på {about} i dag."


def test_without_words_of_staff_the_first_ones_are_sent() -> None:
    """The control: it is staff's words that change the message."""
    user = office()
    send()
    message = Message.objects.get(recipient=user)
    assert as_sent(message).subject == "Ett meddelande har kommit in från sidan Kontakt"
