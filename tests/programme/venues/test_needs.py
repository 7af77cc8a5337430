"""What participants need: seen by few, kept in one place, erased when the course is over."""

import datetime
import json

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.models import InboxEvent, Operation
from audit.operations import operation
from programme.errors import NotAllowed
from programme.models import AdaptationNeed, Occasion, Participation
from programme.venues import access, needs
from programme.venues.errors import NoNeed
from tests.programme.builders import account
from tests.programme.occasions.builders import Scene, occasion_in
from workflows.mailing.actions import word
from workflows.mailing.words import as_sent
from workflows.models import Message

SECRET = "Teckenspråkstolk behövs"


def told(scene: Scene, number: int = 0) -> AdaptationNeed:
    participation = Participation.objects.select_related("person__user", "district").get(
        pk=scene.members[number].pk
    )
    user = participation.person.user
    assert user is not None
    return needs.tell(
        person=participation.person, participation=participation, text=SECRET, actor=user
    )


def test_what_is_told_reaches_those_who_arrange_without_its_words(scene: Scene) -> None:
    told(scene)
    messages = Message.objects.filter(kind="need.told")
    assert scene.office in {message.recipient for message in messages}
    assert scene.trainer not in {message.recipient for message in messages}
    assert not any("eckenspr" in f"{m.subject}{m.body}{m.link}" for m in messages)


def test_staff_word_the_message_about_it(scene: Scene) -> None:
    word(
        kind="need.told",
        subject="Någon behöver något",
        body="Logga in och läs.",
        reason="Test",
        actor=scene.office,
    )
    told(scene)
    words = as_sent(Message.objects.filter(kind="need.told")[0])
    assert words.subject == "Någon behöver något"
    assert words.body == "Logga in och läs."


def test_neither_history_nor_inbox_ever_has_the_text(scene: Scene) -> None:
    need = told(scene)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(h)::text FROM programme_historicaladaptationneed h")
        history = " ".join(row[0] for row in cursor.fetchall())
    inbox = json.dumps(list(InboxEvent.objects.values()), default=str)
    assert need.public_id in history
    assert SECRET not in history
    assert SECRET not in inbox


def test_only_arrangers_there_and_the_occasions_trainers_see_it(scene: Scene) -> None:
    told(scene)
    occasion = occasion_in(scene, trainers=[scene.trainer])
    other = occasion_in(scene, 20, title="Annat", trainers=[scene.other_trainer])
    with transaction.atomic(), operation("test.withdraw"):
        other.invitations.update(withdrawn_at=timezone.now())
    seers = {
        user: access.needs_at(user, occasion).count()
        for user in (
            scene.office,
            scene.arranger,
            scene.trainer,
            scene.other_trainer,
            scene.world.auditor,
            scene.world.chief,
            scene.world.head,
        )
    }
    assert [user.email.partition("@")[0] for user, seen in seers.items() if seen] == [
        "administrator",
        "farstas",
        "utbildare",
    ]
    assert access.needs_arranged_by(scene.office).count() == 1
    assert access.needs_arranged_by(scene.world.auditor).count() == 0
    assert access.needs_at(scene.other_trainer, other).count() == 0


def test_an_arranger_elsewhere_sees_nothing(scene: Scene) -> None:
    with transaction.atomic(), operation("test.account"):
        elsewhere = account("skarholmens", "administrator", scene.world.skarholmen)
    need = told(scene)
    occasion = occasion_in(scene)
    assert access.needs_arranged_by(elsewhere).count() == 0
    assert access.needs_at(elsewhere, occasion).count() == 0
    with pytest.raises(NotAllowed):
        needs.mark_handled(need=need, actor=elsewhere)


def test_without_the_check_the_auditor_would_read_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(scene)
    occasion = occasion_in(scene)
    monkeypatch.setattr(access, "may_see_needs_of", lambda user, occasion: True)
    assert access.needs_at(scene.world.auditor, occasion).get().text == SECRET


def test_only_the_person_or_who_arranges_tells_and_takes_back(scene: Scene) -> None:
    need = told(scene)
    person = scene.members[0].person
    user = person.user
    assert user is not None
    with pytest.raises(NotAllowed):
        needs.tell(person=person, participation=None, text="x", actor=scene.world.chief)
    with pytest.raises(NotAllowed):
        needs.tell(person=person, participation=scene.members[1], text="x", actor=user)
    with pytest.raises(NoNeed):
        needs.tell(person=person, participation=None, text="  ", actor=user)
    with pytest.raises(NotAllowed):
        needs.withdraw(need=need, actor=scene.world.auditor)
    for _twice in range(2):
        taken = needs.withdraw(need=need, actor=user)
    assert (taken.text, taken.erased_at is not None) == ("", True)


def test_arranged_is_noted_once(scene: Scene) -> None:
    need = told(scene)
    first = needs.mark_handled(need=need, actor=scene.office).handled_at
    assert needs.mark_handled(need=need, actor=scene.arranger).handled_at == first
    with pytest.raises(NotAllowed):
        needs.mark_handled(need=need, actor=scene.trainer)


def days_after(occasion: Occasion, days: int) -> datetime.date:
    return timezone.localtime(occasion.ends_at).date() + datetime.timedelta(days=days)


def test_it_is_erased_after_the_last_occasion_and_the_erasing_is_kept(scene: Scene) -> None:
    need = told(scene)
    occasion_in(scene)
    last = occasion_in(scene, 20)
    assert needs.erase_due(days_after(last, 30)) == 0
    assert needs.erase_due(days_after(last, 31)) == 1
    assert needs.erase_due(days_after(last, 31)) == 0
    need.refresh_from_db()
    assert (need.text, need.erased_at is not None) == ("", True)
    event = Operation.objects.get(name="need.erase")
    assert need.history.filter(operation_id=event.pk).exists()


def test_without_the_days_it_is_kept_it_would_be_erased_the_day_after(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = told(scene)
    last = occasion_in(scene)
    assert needs.erase_due(days_after(last, 1)) == 0
    monkeypatch.setattr(needs, "settings_on", lambda programme, day: {"needs_kept_days": 0})
    assert needs.erase_due(days_after(last, 1)) == 1
    need.refresh_from_db()
    assert need.text == ""


def test_a_course_without_occasions_yet_keeps_the_need(scene: Scene) -> None:
    told(scene)
    assert needs.erase_due(timezone.localdate() + datetime.timedelta(days=900)) == 0


def test_whoever_leaves_is_forgotten_though_the_group_goes_on(scene: Scene) -> None:
    told(scene)
    occasion_in(scene, 100)
    with transaction.atomic(), operation("test.drop"):
        Participation.objects.filter(pk=scene.members[0].pk).update(
            state="dropped", ended_on=timezone.localdate()
        )
    day = timezone.localdate()
    assert needs.erase_due(day + datetime.timedelta(days=30)) == 0
    assert needs.erase_due(day + datetime.timedelta(days=31)) == 1
