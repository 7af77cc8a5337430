"""Invitations follow the group, are sent once, and are answered by the one they are for."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from people.models import Person, User
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.models import Group, Invitation, Membership, Occasion, Participation, Wave
from programme.occasions import answering, checks, sending
from programme.occasions.errors import NotPossible, Over, TwoRooms
from programme.occasions.inviting import follow_group
from programme.occasions.tasks import send_invitations
from tests.programme.occasions.builders import (
    Scene,
    at,
    join,
    occasion_in,
    participation_of,
)
from workflows.models import Message


def roster(occasion: Occasion) -> set[int]:
    standing = occasion.invitations.filter(withdrawn_at=None)
    return set(standing.values_list("person_id", flat=True))


def follow(scene: Scene, reason: str = "") -> int:
    return follow_group(group_id=scene.group.pk, actor=scene.office, reason=reason)


def leave(scene: Scene, number: int, on: datetime.date) -> None:
    with transaction.atomic(), operation("test.leave"):
        Membership.objects.filter(participation=scene.members[number]).update(to_date=on)


def invitation(scene: Scene, occasion: Occasion, number: int = 0) -> Invitation:
    return occasion.invitations.get(person=scene.members[number].person)


def account_of(row: Invitation) -> User:
    user = row.person.user
    assert user is not None
    return user


def test_whoever_leaves_is_withdrawn_from_what_comes_after(scene: Scene) -> None:
    first, second = occasion_in(scene), occasion_in(scene, 20)
    leave(scene, 0, at(2).date())
    assert follow(scene, "Byter grupp") == 1
    assert follow(scene) == 0
    gone = invitation(scene, second)
    assert (gone.withdrawn_at is not None, gone.withdrawn_reason) == (True, "Byter grupp")
    assert gone.sequence == 1
    assert len(roster(first)) == 3


def test_whoever_comes_back_gets_the_same_invitation(scene: Scene) -> None:
    occasion = occasion_in(scene)
    before = invitation(scene, occasion)
    leave(scene, 0, timezone.localdate())
    follow(scene)
    with transaction.atomic(), operation("test.back"):
        join(scene.group, scene.members[0], from_date=timezone.localdate())
    follow(scene)
    after = invitation(scene, occasion)
    assert after.public_id == before.public_id
    assert (after.withdrawn_at, after.sequence) == (None, 2)


def test_a_new_member_is_invited_to_what_is_to_come(scene: Scene) -> None:
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.join"):
        extra = participation_of(scene.world, scene.group.course, scene.world.staff[4])
        join(scene.group, extra)
    assert follow(scene) == 1
    assert scene.world.staff[4].pk in roster(occasion)


def test_cancelled_occasions_are_left_alone(scene: Scene) -> None:
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.cancel"):
        Occasion.objects.filter(pk=occasion.pk).update(state="cancelled")
    leave(scene, 0, timezone.localdate())
    assert follow(scene) == 0


def admitted(scene: Scene, person: Person) -> Person:
    """The person takes part in the course, in no group."""
    with transaction.atomic(), operation("test.admit"):
        participation_of(scene.world, scene.group.course, person)
    return person


def seat_to(scene: Scene, occasion: Occasion, colleague: Person) -> Invitation:
    """The first member's seat given to the colleague."""
    return answering.substitute(
        invitation_id=invitation(scene, occasion).pk,
        colleague=colleague,
        reason="Semester",
        actor=scene.office,
    )


def test_only_who_takes_part_in_the_project_gets_a_colleagues_seat(scene: Scene) -> None:
    occasion, colleague = occasion_in(scene), scene.world.staff[5]
    with pytest.raises(NotPossible, match="deltar inte"):
        seat_to(scene, occasion, colleague)
    admitted(scene, colleague)
    with transaction.atomic(), operation("test.drop"):
        Participation.objects.filter(person=colleague).update(state=Participation.State.DROPPED)
    with pytest.raises(NotPossible, match="deltar inte"):
        seat_to(scene, occasion, colleague)
    assert invitation(scene, occasion).withdrawn_at is None
    with transaction.atomic(), operation("test.back"):
        Participation.objects.filter(person=colleague).update(state=Participation.State.ADMITTED)
    assert seat_to(scene, occasion, colleague).person == colleague


def test_a_colleague_is_not_in_two_rooms(scene: Scene) -> None:
    colleague = admitted(scene, scene.world.staff[5])
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.elsewhere"):
        there = Occasion.objects.create(
            programme=scene.world.programme,
            kind=Occasion.Kind.LECTURE,
            title="Hjärnan",
            starts_at=occasion.ends_at - datetime.timedelta(minutes=1),
            ends_at=occasion.ends_at + datetime.timedelta(hours=1),
            district=scene.world.farsta,
        )
        seat = Invitation.objects.create(occasion=there, person=colleague)
    with pytest.raises(NotPossible, match="Hjärnan"):
        seat_to(scene, occasion, colleague)
    # Who has said no there is free, and so is who goes there afterwards.
    with transaction.atomic(), operation("test.later"):
        Occasion.objects.filter(pk=there.pk).update(starts_at=occasion.ends_at)
    given = seat_to(scene, occasion, colleague)
    with transaction.atomic(), operation("test.no"):
        Occasion.objects.filter(pk=there.pk).update(starts_at=occasion.starts_at)
        Invitation.objects.filter(pk=seat.pk).update(answer=Invitation.Answer.NOT_COMING)
        Invitation.objects.filter(pk=given.pk).update(withdrawn_at=timezone.now())
    assert checks.colleague(colleague, occasion).elsewhere == ""


def test_where_managers_go_first_a_colleague_without_one_gets_no_seat(scene: Scene) -> None:
    colleague = admitted(scene, scene.world.staff[5])
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.wave"):
        Group.objects.filter(pk=scene.group.pk).update(wave=scene.world.wave)
        Wave.objects.update(managers_first=Wave.ManagersFirst.BLOCK)
    with pytest.raises(NotPossible, match=r"(?i)chef"):
        seat_to(scene, occasion, colleague)
    with transaction.atomic(), operation("test.warn"):
        Wave.objects.update(managers_first=Wave.ManagersFirst.WARN)
    assert seat_to(scene, occasion, colleague).person == colleague


def test_without_a_group_no_wave_decides_who_goes_first(scene: Scene) -> None:
    """A wave that has no groups yet has nothing to do with an occasion that has none either."""
    with transaction.atomic(), operation("test.loose"):
        Wave.objects.update(managers_first=Wave.ManagersFirst.BLOCK)
        Group.objects.update(wave=None)
    occasion = occasion_in(scene)
    occasion.group = None
    assert not checks.managers_first(occasion)
    # The control: there is such a wave, and the bare filter finds it.
    assert Wave.objects.filter(groups=None, managers_first=Wave.ManagersFirst.BLOCK).exists()


def test_a_colleague_in_someones_place_survives_the_groups_next_change(scene: Scene) -> None:
    occasion = occasion_in(scene)
    colleague = admitted(scene, scene.world.staff[5])
    row = invitation(scene, occasion)
    kwargs: dict[str, Any] = {
        "invitation_id": row.pk,
        "colleague": colleague,
        "actor": scene.office,
    }
    with pytest.raises(ReasonNeeded):
        answering.substitute(**kwargs, reason=" ")
    with pytest.raises(NotAllowed):
        answering.substitute(**(kwargs | {"actor": scene.trainer}), reason="Semester")
    with pytest.raises(Refused):
        answering.substitute(**(kwargs | {"colleague": scene.world.others[0]}), reason="Semester")
    answering.substitute(**kwargs, reason="Semester")
    assert follow(scene) == 0
    assert roster(occasion) == {colleague.pk, *(one.person_id for one in scene.members[1:])}


def test_without_the_mark_the_colleague_would_have_to_leave(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_in(scene)
    answering.substitute(
        invitation_id=invitation(scene, occasion).pk,
        colleague=admitted(scene, scene.world.staff[5]),
        reason="Semester",
        actor=scene.office,
    )
    with transaction.atomic(), operation("test.unmark"):
        Invitation.objects.update(by_hand=False)
    assert follow(scene) == 1
    assert scene.members[0].person_id in roster(occasion)


def test_invitations_are_sent_when_their_day_comes_and_once(scene: Scene) -> None:
    near, far = occasion_in(scene), occasion_in(scene, 60)
    assert send_invitations() == 3
    assert send_invitations() == 0
    assert near.invitations.filter(invited_at=None).count() == 0
    assert far.invitations.filter(invited_at=None).count() == 3


def test_whoever_cannot_be_reached_stays_uninvited(scene: Scene) -> None:
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.address"):
        person = scene.members[0].person
        person.user, person.email = None, ""
        person.save()
    assert send_invitations() == 2
    assert occasion.invitations.get(invited_at=None).person == person


def test_reminders_go_once_to_those_who_have_not_said_no(scene: Scene) -> None:
    occasion = occasion_in(scene)
    sending.invite_now(occasion_id=occasion.pk, actor=scene.office)
    row = invitation(scene, occasion)
    answering.answer(invitation_id=row.pk, coming=False, actor=account_of(row))
    soon = occasion.starts_at - datetime.timedelta(days=2)
    # The morning after the invitation nobody is reminded; two days before they are.
    assert sending.remind(occasion.pk, timezone.now()) == 0
    with transaction.atomic(), operation("test.earlier"):
        occasion.invitations.update(invited_at=soon - datetime.timedelta(days=9))
    assert sending.remind(occasion.pk, soon) == 2
    assert sending.remind(occasion.pk, soon) == 0


def test_mails_name_nobody_and_say_only_when_to_the_protected(scene: Scene) -> None:
    with transaction.atomic(), operation("test.protect"):
        person = scene.members[0].person
        person.protected = True
        person.save()
    occasion = occasion_in(scene, venue=scene.venue)
    sending.invite_now(occasion_id=occasion.pk, actor=scene.office)
    mails = {m.recipient_id: f"{m.subject}\n{m.body}" for m in Message.objects.all()}
    names = {name for p in scene.world.staff for name in (p.first_name, p.last_name)}
    for text in mails.values():
        assert not any(name in text.split() for name in names)
    hidden = mails[person.user_id]
    assert occasion.title not in hidden
    assert scene.venue.name not in hidden
    others = [text for pk, text in mails.items() if pk != person.user_id]
    assert all(occasion.title in text and scene.venue.name in text for text in others)


def test_only_the_invited_answers_and_the_same_twice_is_once(scene: Scene) -> None:
    occasion = occasion_in(scene)
    row = invitation(scene, occasion)
    with pytest.raises(NotAllowed):
        answering.answer(invitation_id=row.pk, coming=True, actor=scene.office)
    for _twice in range(2):
        said = answering.answer(invitation_id=row.pk, coming=True, actor=account_of(row))
    assert said.answer == "coming"
    assert row.history.count() == 2
    with transaction.atomic(), operation("test.over"):
        Occasion.objects.filter(pk=occasion.pk).update(state="cancelled")
    with pytest.raises(Over):
        answering.answer(invitation_id=row.pk, coming=False, actor=account_of(row))


def twice_at_once(scene: Scene) -> tuple[Invitation, Invitation]:
    """A person who is invited to two rooms at the same time, past the planning's own check."""
    here = occasion_in(scene, title="Här")
    there = occasion_in(scene, 1, title="Där", group=None, programme=scene.world.programme)
    person = scene.members[0].person
    with transaction.atomic(), operation("test.guest"):
        guest = Invitation.objects.create(occasion=there, person=person)
    return here.invitations.get(person=person), guest


def test_nobody_says_yes_to_two_rooms(scene: Scene) -> None:
    here, there = twice_at_once(scene)
    user = here.person.user
    assert user is not None
    answering.answer(invitation_id=here.pk, coming=True, actor=user)
    with pytest.raises(TwoRooms, match="Här"):
        answering.answer(invitation_id=there.pk, coming=True, actor=user)
    answering.answer(invitation_id=here.pk, coming=False, actor=user)
    assert answering.answer(invitation_id=there.pk, coming=True, actor=user).answer == "coming"


def test_without_the_check_someone_would_come_to_both(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = twice_at_once(scene)
    monkeypatch.setattr(answering, "_ensure_one_room", lambda row: None)
    for row in rows:
        user = row.person.user
        assert user is not None
        answering.answer(invitation_id=row.pk, coming=True, actor=user)
    assert Invitation.objects.filter(answer="coming").count() == 2


def test_recordings_tie_nobody(scene: Scene) -> None:
    occasion_in(scene)
    assert occasion_in(scene, kind=Occasion.Kind.RECORDING, title="Inspelad")
    assert Occasion.Kind.RECORDING not in checks.TIED
