"""One person is given a seat in a group's occasion by hand: what repairs a missed unit."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people.models import User
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.groups import admission, placing
from programme.models import Course, Group, Invitation, Occasion, Participation, Venue, Wave
from programme.occasions import checks, seating
from programme.occasions.errors import NoSeat, NotPossible, Over
from programme.occasions.inviting import follow_group
from tests.programme.builders import World, approved, quota
from tests.programme.occasions.builders import (
    Scene,
    join,
    occasion_in,
    participation_of,
    with_account,
)
from tests.programme.training import invited_group, leaving_reason
from workflows.models import Message


@pytest.fixture
def other(scene: Scene) -> Participation:
    """Someone with an account who takes the course in another group."""
    with transaction.atomic(), operation("test.other"):
        person = scene.world.staff[4]
        with_account(person)
        one = participation_of(scene.world, scene.group.course, person)
        group = Group.objects.create(
            course=scene.group.course, district=scene.world.farsta, name="Grupp B", seats=20
        )
        join(group, one)
    return one


def give(
    scene: Scene,
    occasion: Occasion,
    one: Participation,
    *,
    reason: str = "Missade den egna",
    actor: User | None = None,
) -> Invitation:
    return seating.invite_one(
        occasion_id=occasion.pk,
        participation_id=one.pk,
        reason=reason,
        actor=actor or scene.office,
    )


def changed(model: type[Model], **values: object) -> None:
    """Every row of the model, as the test wants it."""
    with transaction.atomic(), operation("test.change"):
        model._default_manager.update(**values)


def test_a_seat_by_hand_is_the_persons_own_and_survives_the_groups_changes(
    scene: Scene, other: Participation
) -> None:
    occasion = occasion_in(scene)
    row = give(scene, occasion, other)
    assert (row.participation, row.by_hand, row.withdrawn_at) == (other, True, None)
    assert follow_group(group_id=scene.group.pk, actor=scene.office) == 0
    assert Invitation.objects.expected().filter(occasion=occasion).count() == 4


def test_the_seat_stands_on_the_persons_own_pages_and_in_the_calendar_file(
    scene: Scene, other: Participation
) -> None:
    occasion = occasion_in(scene, title="Om tillit")
    client = Client()
    assert other.person.user is not None
    client.force_login(other.person.user)
    file = reverse("occasions:file", args=[occasion.public_id])
    assert client.get(file).status_code == 404
    give(scene, occasion, other)
    assert "Om tillit" in client.get(reverse("programme:my_page")).content.decode()
    assert client.get(reverse("occasions:answer", args=[occasion.public_id])).status_code == 200
    calendar = client.get(file).content.decode()
    assert "BEGIN:VEVENT" in calendar
    assert "STATUS:CANCELLED" not in calendar


def test_whoever_gave_the_seat_away_gets_the_same_invitation_back(
    scene: Scene, other: Participation
) -> None:
    occasion = occasion_in(scene)
    row = give(scene, occasion, other)
    with pytest.raises(Refused, match="redan inbjuden"):
        give(scene, occasion, other)
    with transaction.atomic(), operation("test.withdraw"):
        Invitation.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    again = give(scene, occasion, other)
    assert (again.pk, again.withdrawn_at, again.sequence) == (row.pk, None, row.sequence + 1)


def test_it_asks_a_reason_and_that_the_actor_arranges_both(
    scene: Scene, other: Participation
) -> None:
    occasion = occasion_in(scene)
    with pytest.raises(ReasonNeeded):
        give(scene, occasion, other, reason=" ")
    with pytest.raises(NotAllowed):
        give(scene, occasion, other, actor=scene.trainer)
    changed(Participation, district=scene.world.skarholmen)
    with pytest.raises(NotAllowed):
        give(scene, occasion, other, actor=scene.arranger)
    assert other not in seating.candidates(occasion, scene.arranger)
    assert give(scene, occasion, other)


def test_a_full_group_or_room_takes_nobody(
    scene: Scene, other: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_in(scene)
    changed(Group, seats=3)
    with pytest.raises(NoSeat):
        give(scene, occasion, other)
    # Whoever cannot come leaves the seat free.
    with transaction.atomic(), operation("test.no"):
        first = occasion.invitations.get(person=scene.members[0].person)
        Invitation.objects.filter(pk=first.pk).update(answer="not_coming")
    assert checks.seats_left(Occasion.objects.get(pk=occasion.pk)) == 1
    with transaction.atomic(), operation("test.yes"):
        Invitation.objects.filter(pk=first.pk).update(answer="coming")
    # The control: without the check a fourth sits in a room for three.
    monkeypatch.setattr(checks, "seats_left", lambda occasion: None)
    assert give(scene, occasion, other)


def test_the_room_is_full_before_the_group_is(scene: Scene, other: Participation) -> None:
    occasion = occasion_in(scene, venue=scene.venue)
    assert checks.seats_left(occasion) == 17
    changed(Venue, capacity=3)
    with pytest.raises(NoSeat):
        give(scene, occasion, other)


def test_nobody_gets_a_seat_while_expected_elsewhere(
    scene: Scene, other: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_in(scene)
    with transaction.atomic(), operation("test.elsewhere"):
        there = Occasion.objects.create(
            programme=scene.world.programme,
            title="Hjärnan",
            starts_at=occasion.starts_at + datetime.timedelta(minutes=30),
            ends_at=occasion.ends_at,
            district=scene.world.farsta,
        )
        Invitation.objects.create(occasion=there, person=other.person)
    with pytest.raises(NotPossible, match="Hjärnan"):
        give(scene, occasion, other)
    # The control: without the look the person sits in two rooms.
    monkeypatch.setattr(checks, "elsewhere", lambda person, occasion: "")
    assert give(scene, occasion, other)


def test_where_managers_go_first_others_wait(scene: Scene, other: Participation) -> None:
    occasion = occasion_in(scene)
    changed(Group, wave=scene.world.wave)
    changed(Wave, managers_first=Wave.ManagersFirst.BLOCK)
    with pytest.raises(NotPossible, match=r"(?i)chef"):
        give(scene, occasion, other)
    changed(Wave, managers_first=Wave.ManagersFirst.WARN)
    assert give(scene, occasion, other)


def test_only_who_takes_the_same_course_gets_a_seat(scene: Scene, other: Participation) -> None:
    occasion = occasion_in(scene)
    course = Course.objects.exclude(pk=scene.group.course_id)[0]
    with transaction.atomic(), operation("test.course"):
        Participation.objects.filter(pk=other.pk).update(course=course)
    with pytest.raises(Refused, match="samma kurs"):
        give(scene, occasion, other)
    with transaction.atomic(), operation("test.left"):
        Participation.objects.filter(pk=other.pk).update(
            course=scene.group.course, state=Participation.State.DROPPED
        )
    with pytest.raises(Refused, match="samma kurs"):
        give(scene, occasion, other)


def test_what_has_begun_has_no_seats_to_give(scene: Scene, other: Participation) -> None:
    occasion = occasion_in(scene)
    now = timezone.now()
    changed(Occasion, starts_at=now, ends_at=now + datetime.timedelta(hours=2))
    with pytest.raises(Over):
        give(scene, occasion, other)


def test_whoever_leaves_the_course_leaves_the_seat(scene: Scene, other: Participation) -> None:
    occasion = occasion_in(scene)
    row = give(scene, occasion, other)
    placing.end_participation(
        participation_id=other.pk, kind=leaving_reason(), reason="Slutat", actor=scene.office
    )
    row.refresh_from_db()
    assert (row.withdrawn_at is not None, row.withdrawn_reason) == (True, "Slutat")
    # They had not been invited yet, so there is nothing to take back.
    assert not Message.objects.filter(kind="occasion.withdrawn").exists()


def test_without_taking_it_back_who_has_left_would_be_expected(
    scene: Scene, other: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = give(scene, occasion_in(scene), other)
    monkeypatch.setattr(admission, "withdraw_by_hand", lambda participation_id, reason: None)
    placing.end_participation(
        participation_id=other.pk, kind=leaving_reason(), reason="Slutat", actor=scene.office
    )
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_staff_give_the_seat_in_the_browser(scene: Scene, other: Participation) -> None:
    occasion = occasion_in(scene)
    client = Client()
    client.force_login(scene.office)
    page = reverse("occasions:occasion", args=[occasion.public_id])
    address = reverse("occasions:seat", args=[occasion.public_id])
    assert address in client.get(page).content.decode()
    shown = client.get(f"{address}?deltagare={other.public_id}").content.decode()
    assert f'value="{other.public_id}" selected' in shown
    assert scene.members[0].public_id not in shown
    refused = client.post(address, {"participant": other.public_id, "reason": " "})
    assert refused.status_code == 422
    done = client.post(address, {"participant": other.public_id, "reason": "Missade"}, follow=True)
    assert "Missade" in done.content.decode()
    assert other.person.last_name in done.content.decode()


def test_an_occasion_without_a_group_is_registered_for(scene: Scene, other: Participation) -> None:
    loose = occasion_in(scene, group=None, programme=scene.world.programme)
    with pytest.raises(Refused, match="anmälan"):
        give(scene, loose, other)
    client = Client()
    client.force_login(scene.office)
    answer = client.get(reverse("occasions:seat", args=[loose.public_id]))
    assert answer["Location"] == reverse("registrations:staff", args=[loose.public_id])


def test_the_price_of_the_form_does_not_grow(scene: Scene, other: Participation) -> None:
    occasion = occasion_in(scene)
    client = Client()
    client.force_login(scene.office)
    address = reverse("occasions:seat", args=[occasion.public_id])

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    cost()
    few = cost()
    with transaction.atomic(), operation("test.more"):
        participation_of(scene.world, scene.group.course, scene.world.staff[3])
        participation_of(scene.world, scene.group.course, scene.world.staff[5])
    assert cost() == few


def test_the_persons_place_shows_what_would_help_with_the_way_to_the_seat(world: World) -> None:
    """The one who has missed a unit: the office finds the seat where it finds the person."""
    first, second = world.staff[0], world.staff[1]
    quota(world, 2)
    place = approved(world, first)
    mine = invited_group(world, [first])
    theirs = invited_group(world, [second], name="Grupp 2")
    with transaction.atomic(), operation("test.missed"):
        Occasion.objects.filter(group=mine).update(
            starts_at=timezone.now() - datetime.timedelta(days=9),
            ends_at=timezone.now() - datetime.timedelta(days=9, hours=-5),
        )
        start = timezone.now() + datetime.timedelta(days=9)
        Occasion.objects.filter(group=theirs).update(
            starts_at=start, ends_at=start + datetime.timedelta(hours=5)
        )
        stay = Participation.objects.get(person=first)
        Participation.objects.filter(pk=stay.pk).update(place=place)
    client = Client()
    client.force_login(world.administrator)
    page = client.get(reverse("programme:place", args=[place.public_id])).content.decode()
    seat = reverse("occasions:seat", args=[Occasion.objects.get(group=theirs).public_id])
    assert f"{seat}?deltagare={stay.public_id}" in page
