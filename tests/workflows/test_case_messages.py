"""What was sent about a case: read by whoever sees the case, and by nobody else."""

import datetime
import hashlib

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.models import Person
from tests.workflows.builders import World, answer, case_in, person_of
from workflows import access
from workflows.models import Case, Message, MessageText


def page_of(world: World, case: Case, who: str, **query: str) -> str:
    client = Client()
    client.force_login(world[who])
    answer = client.get(reverse("workflows:case_messages", args=[case.reference]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.SENT,
        sent_at=timezone.now(),
        body_digest=hashlib.sha256(message.body.encode()).hexdigest(),
    )
    message.refresh_from_db()
    return message


def test_the_message_is_read_with_its_reader_and_its_words(world: World) -> None:
    case = case_in(world)
    message = sent(case.messages.get())
    page = page_of(world, case, "auditor")
    assert "Avdelning Person" in page
    assert message.subject in page
    assert message.body.splitlines()[0] in page
    # Neither where it was sent nor the link that leads to deciding.
    assert message.address not in page
    assert "/arbete/fran-mejl/" not in page


@pytest.mark.parametrize(
    ("who", "expected"),
    [("chef", 200), ("avdelning", 200), ("auditor", 200), ("norra_chef", 404), ("nobody", 404)],
)
def test_whoever_does_not_see_the_case_reads_nothing(world: World, who: str, expected: int) -> None:
    address = reverse("workflows:case_messages", args=[case_in(world).reference])
    client = Client()
    assert client.get(address).status_code == 302
    client.force_login(world[who])
    assert client.get(address).status_code == expected


def test_without_the_scope_a_stranger_would_read_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_in(world)
    monkeypatch.setattr(access, "visible", lambda user: Q())
    assert case.messages.get().subject in page_of(world, case, "nobody")


def test_an_erased_text_leaves_its_digest(world: World) -> None:
    case = case_in(world)
    message = sent(case.messages.get())
    assert message.body_digest not in page_of(world, case, "chef")
    Message.objects.filter(pk=message.pk).update(body="", values={})
    page = page_of(world, case, "chef")
    assert "The text is erased" in page
    assert message.body_digest in page


def test_the_timeline_leads_to_the_messages_of_the_moment(world: World) -> None:
    case = case_in(world)
    first = case.messages.get()
    answer(case, world["avdelning"])
    # Another moment: messages of one second are told together.
    before = first.created_at - datetime.timedelta(minutes=1)
    Message.objects.filter(pk=first.pk).update(subject="Det allra första", created_at=before)
    client = Client()
    client.force_login(world["chef"])
    address = reverse("workflows:case_messages", args=[case.reference])
    page = client.get(case.get_absolute_url()).content.decode()
    assert f'href="{address}?om={first.public_id}"' in page
    assert Message.objects.filter(case=case).count() > 1
    one, every = (page_of(world, case, "chef", **query) for query in ({"om": first.public_id}, {}))
    assert one.count("<article") == 1 < every.count("<article")
    assert "All messages about the case" in one
    # Nonsense in an address shows them all.
    assert page_of(world, case, "chef", om="\x00'").count("<article") == every.count("<article")


def test_another_cases_message_is_not_reached_from_here(world: World) -> None:
    case = case_in(world)
    other = case_in(world, case.version)
    Message.objects.filter(case=other).update(subject="Ett annat ärende")
    stranger = other.messages.get().public_id
    assert "Ett annat ärende" in page_of(world, other, "chef", om=stranger)
    assert "Ett annat ärende" not in page_of(world, case, "chef", om=stranger)


def test_a_protected_reader_is_not_named(world: World) -> None:
    case = case_in(world)
    person = person_of(world["avdelning"], world.department)
    assert "Avdelning Person" in page_of(world, case, "auditor").split("<article", 1)[1]
    Person.objects.filter(pk=person.pk).update(protected=True)
    page = page_of(world, case, "auditor").split("<article", 1)[1]
    assert "Avdelning Person" not in page
    assert "Protected identity" in page


def test_what_waits_is_shown_in_the_words_it_would_have_now(world: World) -> None:
    case = case_in(world)
    message = case.messages.get()
    text = MessageText.objects.create(
        kind=message.kind,
        subject="Nya ord om {reference}",
        body="Titta.",
        reason="Kortare",
        written_by=world["leader"],
    )
    assert f"Nya ord om {case.reference}" in page_of(world, case, "chef")
    # What has gone out is shown as it went out.
    sent(message)
    assert f"Nya ord om {case.reference}" not in page_of(world, case, "chef")
    assert text.subject not in page_of(world, case, "chef")


def test_the_page_asks_as_much_whatever_was_sent(world: World) -> None:
    case = case_in(world)
    client = Client()
    client.force_login(world["auditor"])
    address = reverse("workflows:case_messages", args=[case.reference])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for number in range(10):
        Message.objects.create(
            recipient=world["nobody"],
            address="a@example.org",
            kind="case.waiting",
            dedupe_key=f"more:{number}",
            subject="Mer",
            body="Mer",
            case=case,
        )
    assert asked() == few
