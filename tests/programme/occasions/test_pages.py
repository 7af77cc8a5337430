"""The occasions' pages: who sees what, one click to answer, and queries that do not grow."""

import datetime
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation, ReadEvent
from audit.operations import operation
from people.models import User
from programme.models import (
    Attendance,
    Course,
    Invitation,
    LearningUnit,
    Occasion,
    Segment,
    Venue,
)
from programme.occasions import access, queries, sending
from programme.occasions.views import mine
from programme.venues import needs
from tests.clients import signed_in
from tests.programme.builders import person_in
from tests.programme.occasions.builders import (
    Scene,
    at,
    build_scene,
    check,
    join,
    occasion_in,
    participation_of,
    venue_in,
)
from tests.programme.test_pages import queries_of


def address(name: str, *args: str) -> str:
    return reverse(f"occasions:{name}", args=args)


def member_user(scene: Scene, number: int = 0) -> User:
    user = scene.members[number].person.user
    assert user is not None
    return user


def posted(occasion_days: int = 1, **changes: Any) -> dict[str, Any]:
    day = at(occasion_days).date()
    return {
        "title": "Samtal",
        "day": day.isoformat(),
        "starts": "09:00",
        "ends": "12:00",
        "breaks": "10.00–10.15",
        "reason": "Beslut",
    } | changes


def test_what_is_open_to_all_has_a_kind_and_no_group(scene: Scene) -> None:
    client = signed_in(scene.office)
    sent = posted(
        district=scene.world.farsta.public_id,
        venue=scene.venue.public_id,
        kind=Occasion.Kind.EVENT,
        despite_warnings="on",
    )
    assert client.post(address("new"), sent).status_code == 302
    assert Occasion.objects.get().kind == Occasion.Kind.EVENT
    with_group = sent | {"group": scene.group.public_id, "day": at(8).date().isoformat()}
    assert client.post(address("new"), with_group).status_code == 422
    assert Occasion.objects.count() == 1


def test_a_change_says_how_many_are_told_and_only_then(scene: Scene) -> None:
    client = signed_in(scene.office)
    sent = posted(district=scene.world.farsta.public_id, group=scene.group.public_id)
    client.post(address("new"), sent, follow=True)
    occasion = Occasion.objects.get()

    def said(**changes: Any) -> str:
        occasion.refresh_from_db()
        sent.update(changes, sequence=str(occasion.sequence))
        page = client.post(address("change", occasion.public_id), sent, follow=True)
        assert page.status_code == 200
        (one,) = page.context["messages"]
        return str(one)

    written = Operation.objects.count()
    assert said() == "Inget är ändrat."
    assert Operation.objects.count() == written
    # Nobody has been sent an invitation yet.
    assert said(title="Ett namn") == "Tillfället är ändrat."
    sending.invite_now(occasion_id=occasion.pk, actor=scene.office)
    assert said(breaks="") == "Tillfället är ändrat."
    assert said(title="Ett annat") == "Tillfället är ändrat. 3 personer får veta det."


def test_an_occasion_is_planned_moved_and_cancelled_in_the_browser(scene: Scene) -> None:
    client = signed_in(scene.office)
    sent = posted(
        district=scene.world.farsta.public_id,
        group=scene.group.public_id,
        venue=scene.venue.public_id,
        trainers=[scene.trainer.public_id],
    )
    assert client.post(address("new"), sent).status_code == 302
    occasion = Occasion.objects.get()
    assert (occasion.breaks, occasion.invitations.count()) == ([[60, 75]], 3)
    moved = sent | {"day": at(5).date().isoformat(), "sequence": "0"}
    warned = client.post(address("change", occasion.public_id), moved)
    assert warned.status_code == 422
    assert b"despite_warnings" in warned.content
    assert (
        client.post(
            address("change", occasion.public_id), moved | {"despite_warnings": "on"}
        ).status_code
        == 302
    )
    occasion.refresh_from_db()
    assert occasion.starts_at == at(5)
    asked = client.get(address("cancel", occasion.public_id)).content.decode()
    assert "Ingen har fått någon inbjudan än, så bara utbildarna får veta det." in asked
    gone = client.post(address("cancel", occasion.public_id), {"reason": "Sjukdom"})
    assert gone.status_code == 302
    page = client.get(address("occasion", occasion.public_id)).content.decode()
    assert "Sjukdom" in page
    # Nobody had been sent an invitation, so nobody knows; and nobody is expected any longer.
    assert "Ingen var inbjuden än" in page
    assert "de inbjudna får veta det" not in page
    assert "Tillfället är inställt, så ingen väntas" in page
    assert "personer väntas" not in page


@pytest.mark.parametrize(
    ("days", "words"), [(2, "Ingen är inbjuden än."), (-2, "Ingen var inbjuden.")]
)
def test_invitations_are_promised_before_the_occasion_only(
    scene: Scene, days: int, words: str
) -> None:
    occasion = occasion_in(scene, days, group=None, programme=scene.group.course.programme)
    page = signed_in(scene.office).get(address("occasion", occasion.public_id)).content.decode()
    assert words in page
    assert ("bjuds in av sig själva" in page) == (days > 0)


def test_saving_another_field_takes_neither_venue_nor_trainer_away(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue, trainers=[scene.trainer])
    with transaction.atomic(), operation("test.ended"):
        scene.trainer.assignments.update(valid_to=timezone.localdate() - datetime.timedelta(days=1))
        Venue.objects.update(in_use=False)
    client = signed_in(scene.office)
    page = client.get(address("change", occasion.public_id)).content.decode()
    assert scene.venue.name in page
    sent = posted(
        title="Nytt namn",
        district=scene.world.farsta.public_id,
        venue=scene.venue.public_id,
        trainers=[scene.trainer.public_id],
        sequence="0",
        despite_warnings="on",
    )
    assert client.post(address("change", occasion.public_id), sent).status_code == 302
    occasion.refresh_from_db()
    assert occasion.title == "Nytt namn"
    assert occasion.bookings.get(cancelled_at=None).venue == scene.venue
    assert list(occasion.trainers.all()) == [scene.trainer]


def unit_of(course: Course, number: int, **extra: Any) -> LearningUnit:
    with transaction.atomic(), operation("test.unit"):
        return LearningUnit.objects.create(
            course=course, number=number, title=f"Moment {number}", **extra
        )


def test_an_occasion_planned_on_the_page_teaches_a_unit_of_the_groups_course(scene: Scene) -> None:
    unit, late = unit_of(scene.group.course, 4), unit_of(scene.group.course, 5, in_use=False)
    with transaction.atomic(), operation("test.course"):
        course = Course.objects.create(programme=scene.world.programme, key="annan", name="Annan")
    strange = unit_of(course, 1)
    client = signed_in(scene.office)
    sent = posted(district=scene.world.farsta.public_id, despite_warnings="on")
    group = {"group": scene.group.public_id}
    page = client.get(address("new")).content.decode()
    assert "Serie: 4. Moment 4" in page
    assert "Annan: 1." not in page
    for wrong in (
        {"unit": unit.public_id},
        group | {"unit": strange.public_id},
        group | {"unit": late.public_id},
    ):
        assert client.post(address("new"), sent | wrong).status_code == 422
    assert not Occasion.objects.exists()
    assert client.post(address("new"), sent | group | {"unit": unit.public_id}).status_code == 302
    occasion = Occasion.objects.get()
    assert occasion.unit == unit
    # Its page offers the unit that it has and no other course's; none at all takes it away.
    change = address("change", occasion.public_id)
    page = client.get(change).content.decode()
    assert f'<option value="{unit.public_id}" selected>' in page
    sent |= {"sequence": "0"}
    assert client.post(change, sent | {"unit": strange.public_id}).status_code == 422
    assert client.post(change, sent | {"unit": unit.public_id}).status_code == 302
    occasion.refresh_from_db()
    assert occasion.unit == unit
    assert client.post(change, sent).status_code == 302
    occasion.refresh_from_db()
    assert occasion.unit is None


def test_what_has_no_group_keeps_the_unit_that_the_page_does_not_ask_about(scene: Scene) -> None:
    unit = unit_of(scene.group.course, 4)
    occasion = occasion_in(scene, group=None, unit=unit)
    with transaction.atomic(), operation("test.kind"):
        Occasion.objects.update(kind=Occasion.Kind.RECORDING)
    client = signed_in(scene.office)
    change = address("change", occasion.public_id)
    assert 'name="unit"' not in client.get(change).content.decode()
    sent = posted(district=scene.world.farsta.public_id, despite_warnings="on", sequence="0")
    assert client.post(change, sent).status_code == 302
    occasion.refresh_from_db()
    assert occasion.unit == unit


def test_the_participant_answers_with_one_click(scene: Scene) -> None:
    occasion = occasion_in(scene)
    client = signed_in(member_user(scene))
    page = address("answer", occasion.public_id)
    assert client.get(page).status_code == 200
    for elsewhere in ("https://evil.example/", "//evil.example/", "ett ord"):
        answer = client.post(page, {"answer": "coming", "next": elsewhere})
        assert answer["Location"] == page, elsewhere
    assert occasion.invitations.get(person=scene.members[0].person).answer == "coming"
    for stranger in (scene.world.chief, scene.world.auditor, scene.trainer):
        assert signed_in(stranger).get(page).status_code == 404


def test_a_trainer_sees_own_occasions_names_and_needs_and_no_addresses(scene: Scene) -> None:
    occasion = occasion_in(scene, trainers=[scene.trainer])
    person = scene.members[0].person
    needs.tell(
        person=person,
        participation=scene.members[0],
        text="Hörslinga behövs",
        actor=member_user(scene),
    )
    response = signed_in(scene.trainer).get(address("taught", occasion.public_id))
    page = response.content.decode()
    assert person.last_name in page
    assert "Hörslinga behövs" in page
    assert person.email not in page
    # Without the head: the names of packed files are digests, in which any two letters may stand.
    assert person.unit.short_name not in page.partition("<main")[2]
    assert ReadEvent.objects.filter(name="need.read", subject=occasion.public_id).exists()
    other = signed_in(scene.other_trainer)
    assert other.get(address("taught", occasion.public_id)).status_code == 404
    assert occasion.title not in other.get(address("teaching")).content.decode()
    assert signed_in(scene.trainer).get(address("occasion", occasion.public_id)).status_code == 404


def test_without_the_filter_any_trainer_would_see_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_in(scene, trainers=[scene.trainer])
    monkeypatch.setattr(access, "taught_by", lambda user: Occasion.objects.all())
    client = signed_in(scene.other_trainer)
    assert client.get(address("taught", occasion.public_id)).status_code == 200


def test_the_auditor_reads_the_occasion_and_not_the_needs(scene: Scene) -> None:
    occasion = occasion_in(scene)
    needs.tell(
        person=scene.members[0].person,
        participation=scene.members[0],
        text="Hörslinga behövs",
        actor=member_user(scene),
    )
    for user, shown in ((scene.world.auditor, False), (scene.office, True)):
        page = signed_in(user).get(address("occasion", occasion.public_id)).content.decode()
        assert ("Hörslinga behövs" in page) is shown
    auditor = signed_in(scene.world.auditor)
    assert auditor.get(address("change", occasion.public_id)).status_code == 404
    assert auditor.get(reverse("venues:needs")).status_code == 404


def test_a_protected_person_is_masked(scene: Scene) -> None:
    occasion = occasion_in(scene, trainers=[scene.trainer])
    person = scene.members[0].person
    with transaction.atomic(), operation("test.protect"):
        person.protected = True
        person.save()
    page = signed_in(scene.trainer).get(address("taught", occasion.public_id)).content.decode()
    assert person.last_name not in page
    read = signed_in(scene.world.auditor).get(address("occasion", occasion.public_id))
    assert person.last_name not in read.content.decode()


def online(scene: Scene, minutes: int) -> Occasion:
    """An online occasion that starts in so many minutes; laid in the table for the clock's sake."""
    occasion = occasion_in(
        scene, online=True, join_address="https://mote.example/rum?uname={token}"
    )
    start = timezone.now() + datetime.timedelta(minutes=minutes)
    with transaction.atomic(), operation("test.soon"):
        Occasion.objects.filter(pk=occasion.pk).update(
            starts_at=start, ends_at=start + datetime.timedelta(hours=2)
        )
    return occasion


def test_the_meeting_opens_shortly_before_and_the_click_is_no_attendance(scene: Scene) -> None:
    occasion = online(scene, 10)
    page = address("join", occasion.public_id)
    response = signed_in(member_user(scene)).get(page)
    row = occasion.invitations.get(person=scene.members[0].person)
    assert response["Location"] == f"https://mote.example/rum?uname={row.join_token}"
    assert response["Referrer-Policy"] == "no-referrer"
    assert ReadEvent.objects.filter(name="occasion.join", subject=occasion.public_id).count() == 1
    assert not Attendance.objects.exists()
    assert not Segment.objects.exists()
    for stranger in (scene.office, scene.world.chief, scene.other_trainer):
        assert signed_in(stranger).get(page).status_code == 404


def test_before_its_time_the_meeting_is_not_shown(scene: Scene) -> None:
    occasion = online(scene, 30)
    response = signed_in(member_user(scene)).get(address("join", occasion.public_id))
    assert response.status_code == 200
    assert "mote.example" not in response.content.decode()
    assert not ReadEvent.objects.filter(name="occasion.join").exists()


def test_long_after_its_end_the_meeting_is_not_shown(scene: Scene) -> None:
    occasion = online(scene, -151)  # two hours long, and half an hour of grace
    response = signed_in(member_user(scene)).get(address("join", occasion.public_id))
    assert response.status_code == 200
    assert "mote.example" not in response.content.decode()


@pytest.mark.parametrize("minutes", [30, -151])
def test_without_the_window_the_meeting_would_open_at_any_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    occasion = online(scene, minutes)
    monkeypatch.setattr(mine, "_minutes_before", lambda occasion: 60)
    monkeypatch.setattr(mine, "AFTERWARDS", datetime.timedelta(days=1))
    response = signed_in(member_user(scene)).get(address("join", occasion.public_id))
    assert response["Location"].startswith("https://mote.example/")


def test_the_withdrawn_do_not_get_in(scene: Scene) -> None:
    occasion = online(scene, 10)
    with transaction.atomic(), operation("test.withdraw"):
        Invitation.objects.update(withdrawn_at=timezone.now())
    client = signed_in(member_user(scene))
    assert client.get(address("join", occasion.public_id)).status_code == 404


def test_the_list_is_narrowed(scene: Scene) -> None:
    with_venue = occasion_in(scene, venue=scene.venue, title="Med lokal")
    without = occasion_in(scene, 20, title="Utan lokal")
    past = occasion_in(scene, -20, title="Förra gången")
    now = timezone.now()

    def found(**wanted: str) -> list[Occasion]:
        return list(queries.occasions_for(scene.office, queries.Filter(**wanted), now))

    assert found() == [with_venue, without]
    assert found(lack="venue") == [without]
    assert found(state="held") == [past]
    assert found(since=at(10).date().isoformat(), until=at(30).date().isoformat()) == [without]
    assert found(group=scene.group.public_id, district=scene.world.skarholmen.public_id) == []
    with transaction.atomic(), operation("test.invite"):
        row = Invitation.objects.create(occasion=past, person=scene.members[0].person)
    assert found(lack="marks") == [past]
    with transaction.atomic(), operation("test.mark"):
        Attendance.objects.create(occasion=past, person=row.person, mark="present")
    assert found(lack="marks") == []
    assert queries.occasions_for(scene.trainer, queries.Filter(), now).count() == 0


def test_the_price_of_the_pages_does_not_grow(db: None) -> None:
    scene = build_scene(members=2)
    occasion = occasion_in(scene, trainers=[scene.trainer], venue=scene.venue)
    pages = [
        (signed_in(scene.office), address("list")),
        (signed_in(scene.office), address("occasion", occasion.public_id)),
        (signed_in(scene.trainer), address("teaching")),
        (signed_in(scene.trainer), address("taught", occasion.public_id)),
        (signed_in(scene.office), reverse("venues:list")),
        (signed_in(scene.office), reverse("venues:venue", args=[scene.venue.public_id])),
    ]
    few = [queries_of(partial(client.get, url)) for client, url in pages]
    grow(scene, occasion)
    assert [queries_of(partial(client.get, url)) for client, url in pages] == few


@transaction.atomic
def grow(scene: Scene, occasion: Occasion) -> None:
    """Thirty more of everything, straight in the tables."""
    with operation("test.grow"):
        for number in range(30):
            person = person_in(scene.world.unit, 3000 + number)
            one = participation_of(scene.world, scene.group.course, person)
            join(scene.group, one)
            Invitation.objects.create(occasion=occasion, person=person, participation=one)
            check(scene.world, venue_in(scene.world.farsta, f"Lokal {number}"))
            other = Occasion.objects.create(
                programme=scene.world.programme,
                title=f"Nr {number}",
                starts_at=at(number + 2, 9),
                ends_at=at(number + 2, 12),
                district=scene.world.farsta,
            )
            other.trainers.add(scene.trainer)
            scene.venue.bookings.create(
                occasion=other,
                period=(other.starts_at, other.ends_at),
                booked_by=scene.office,
            )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("members", "words"),
    [
        (1, "1 person har inte fått någon inbjudan än. Den skickas av sig själv före dagen."),
        (2, "2 personer har inte fått någon inbjudan än. De skickas av sig själva före dagen."),
    ],
)
def test_those_who_wait_for_an_invitation_are_counted_in_words(members: int, words: str) -> None:
    scene = build_scene(members=members)
    found = address("occasion", occasion_in(scene).public_id)
    assert words in signed_in(scene.arranger).get(found).content.decode()
