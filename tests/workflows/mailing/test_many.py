"""Messages to many: drafts, a second pair of eyes, stopping; and rules by the clock."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.access import NotAllowed
from tests.workflows.builders import World
from tests.workflows.mailing.conftest import Club
from workflows.mailing import actions, due, errors
from workflows.mailing.audiences import Moment
from workflows.models import Mailing, Message, MessagePlan, MessageRule, MessageText

HOUR = datetime.timedelta(hours=1)


def draft(world: World, subject_key: str = "A", who: str = "leader") -> Mailing:
    return actions.draft(
        actor=world[who],
        audience="club",
        subject_key=subject_key,
        subject="Möte i {room}",
        body="Vi ses i {room}.",
        must_know=True,
    )


def send(world: World, mailing: Mailing, who: str = "deputy_leader") -> int:
    return actions.send(mailing_id=mailing.pk, revision=mailing.revision, actor=world[who])


def test_everyone_who_belongs_gets_one_message(world: World, club: Club) -> None:
    club.members.append(world["chef"])
    mailing = draft(world)
    assert send(world, mailing) == 3
    subjects = Message.objects.filter(mailing=mailing).values_list("subject", flat=True)
    assert list(subjects) == ["Möte i A"] * 3


def test_a_draft_is_sent_once(world: World, club: Club) -> None:
    mailing = draft(world)
    send(world, mailing)
    with pytest.raises(errors.CannotSend):
        send(world, mailing)
    assert Message.objects.filter(mailing=mailing).count() == 3


def test_what_was_changed_since_is_not_sent_unread(world: World, club: Club) -> None:
    read = draft(world)
    actions.draft(actor=world["leader"], mailing_id=read.pk, body="Något annat.")
    with pytest.raises(errors.CannotSend, match="changed"):
        send(world, read)
    assert not Message.objects.exists()


def test_many_readers_need_a_colleague(world: World, club: Club, plan: MessagePlan) -> None:
    mailing = draft(world)
    with pytest.raises(errors.CannotSend, match="second pair"):
        send(world, mailing, "leader")
    assert not Message.objects.exists()
    assert send(world, mailing, "deputy_leader") == 3


def test_few_readers_do_not(world: World, club: Club, plan: MessagePlan) -> None:
    club.members = club.members[:2]
    assert send(world, draft(world), "leader") == 2


def test_readers_that_one_may_not_choose_are_refused(world: World, club: Club) -> None:
    with pytest.raises(errors.CannotSend, match="may not write"):
        send(world, draft(world, subject_key="C"))
    assert not Message.objects.exists()


def test_nobody_is_not_written_to(world: World, club: Club) -> None:
    club.members = []
    mailing = draft(world)
    with pytest.raises(errors.CannotSend, match="Nobody"):
        send(world, mailing)
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.DRAFT


@pytest.mark.parametrize("who", ["chef", "avdelning", "auditor", "nobody"])
def test_others_write_to_nobody(world: World, club: Club, who: str) -> None:
    with pytest.raises(NotAllowed):
        draft(world, who=who)
    mailing = draft(world)
    with pytest.raises(NotAllowed):
        send(world, mailing, who)


def test_what_has_not_gone_out_is_stopped(world: World, club: Club) -> None:
    mailing = draft(world)
    send(world, mailing)
    first = Message.objects.filter(mailing=mailing).first()
    assert first is not None
    Message.objects.filter(pk=first.pk).update(state=Message.State.SENT)
    assert actions.stop(mailing_id=mailing.pk, actor=world["leader"]) == 2
    states = sorted(Message.objects.filter(mailing=mailing).values_list("state", flat=True))
    assert states == ["sent", "stopped", "stopped"]
    with pytest.raises(errors.CannotSend):
        actions.stop(mailing_id=mailing.pk, actor=world["leader"])


def rule(world: World, hours: int = 72, side: str = "before") -> MessageRule:
    return actions.add_rule(
        actor=world["leader"],
        audience="club",
        name="Tre dygn innan",
        hours=hours,
        side=side,
        kinds=[],
        subject="Snart i {room}",
        body="Välkommen till {room}.",
        must_know=True,
        decision="Test",
    )


def meeting(begins: datetime.datetime, key: str = "A") -> Moment:
    return Moment(key, "meeting", begins, begins + 2 * HOUR)


def test_a_rule_sends_once_whatever_runs_twice(world: World, club: Club) -> None:
    rule(world)
    now = timezone.now()
    club.meetings = [meeting(now + 72 * HOUR), meeting(now + 90 * HOUR, "B")]
    assert due.send_due(now + HOUR) == 3
    assert due.send_due(now + 2 * HOUR) == 0
    assert set(Message.objects.values_list("subject", flat=True)) == {"Snart i A"}


def test_a_moved_meeting_is_told_of_again(world: World, club: Club) -> None:
    rule(world)
    now = timezone.now()
    club.meetings = [meeting(now + 72 * HOUR)]
    due.send_due(now + HOUR)
    club.meetings = [meeting(now + 96 * HOUR)]
    assert due.send_due(now + 2 * HOUR) == 0
    assert due.send_due(now + 25 * HOUR) == 3


def test_an_ended_rule_sends_nothing(world: World, club: Club) -> None:
    made = rule(world)
    now = timezone.now()
    club.meetings = [meeting(now + 72 * HOUR)]
    actions.end_rule(rule_id=made.pk, actor=world["leader"])
    assert due.send_due(now + HOUR) == 0


def visit(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world[who])
    return client


def test_the_preview_shows_the_mail_as_the_chosen_reader(world: World, club: Club) -> None:
    mailing = draft(world)
    client = visit(world, "leader")
    address = reverse("workflows:mailing", args=[mailing.public_id])
    chosen = world["norra_chef"]
    page = client.get(address, {"som": chosen.pk}).content.decode()
    assert "Norra_chef Person" in page
    assert "You meet in Room A." in page
    assert "Vi ses i A." in page


def test_the_list_of_mailings_asks_as_much_whatever_its_length(world: World, club: Club) -> None:
    client = visit(world, "leader")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("workflows:mailings")).status_code == 200
        return len(queries)

    draft(world)
    asked()
    few = asked()
    for _ in range(10):
        draft(world)
    assert asked() == few


def test_the_list_shows_placeholders_by_their_words(world: World, club: Club) -> None:
    draft(world)
    page = visit(world, "leader").get(reverse("workflows:mailings")).content.decode()
    assert "Möte i {rum}" in page
    assert "{room}" not in page


def test_an_audience_that_is_gone_still_leaves_the_list(world: World, club: Club) -> None:
    Mailing.objects.filter(pk=draft(world).pk).update(audience="gone")
    page = visit(world, "leader").get(reverse("workflows:mailings")).content.decode()
    # The control: nobody is left who knows the word.
    assert "Möte i {room}" in page


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Ring 08-508 12 345.", "telephone number"),
        ("Det gäller 19850314-9876.", "personal identity number"),
        ("Hej {nobody}!", "means nothing here"),
    ],
)
def test_words_that_may_not_stand_are_refused_and_kept(
    world: World, club: Club, body: str, says: str
) -> None:
    address = reverse("workflows:mailing_new") + "?readers=club:A"
    answer = visit(world, "leader").post(address, {"subject": "Möte", "body": body})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert body in page
    assert not Mailing.objects.exists()


def page_of(world: World, kind: str, **posted: str) -> str:
    client = Client()
    client.force_login(world["leader"])
    path = reverse("workflows:message_text", args=[kind])
    return (client.post(path, posted) if posted else client.get(path)).content.decode()


def test_the_words_are_shown_with_their_facts_from_the_first_look(world: World) -> None:
    assert "N-2027-0042" in page_of(world, "case.waiting").split("mail-preview", 1)[1]


def test_looking_asks_for_no_reason_and_saves_nothing(world: World) -> None:
    new = {"subject": "Nu", "body": "Titta på {reference}."}
    shown = page_of(world, "case.waiting", action="preview", **new)
    assert "Titta på N-2027-0042." in shown
    assert not MessageText.objects.exists()
    # Saving does.
    page_of(world, "case.waiting", action="save", **new)
    assert not MessageText.objects.exists()
    page_of(world, "case.waiting", action="save", reason="Kortare", **new)
    assert MessageText.objects.get().body == "Titta på {reference}."
