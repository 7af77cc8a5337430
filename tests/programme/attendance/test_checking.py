"""Codes that change, and that checking in many times is checking in once."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from audit.operations import operation
from people.models import Person, User
from programme.attendance import access, checking, codes
from programme.attendance.errors import CodeRefused
from programme.errors import NotAllowed
from programme.models import Attendance, CountedTime, Invitation, Occasion, Segment
from tests.clients import signed_in
from tests.programme.attendance.conftest import Room, room_of
from tests.programme.attendance.test_marking import change
from tests.programme.builders import build_world

CLIENTS = 40


def begin(room: Room, *, minutes_ago: int = 10) -> Occasion:
    """Let the occasion go on now."""
    starts = timezone.now() - datetime.timedelta(minutes=minutes_ago)
    change(room.occasion, starts_at=starts, ends_at=starts + datetime.timedelta(hours=5), breaks=[])
    return room.occasion


def account_of(person: Person, number: int = 1) -> User:
    """An account for the person."""
    with transaction.atomic(), operation("test.account"):
        user = User.objects.create_user(f"deltagare{person.pk}@example.org", "a long password")
        person.user = user
        person.save()
    return user


def code_now(occasion: Occasion, back: int = 0) -> str:
    """The code on the screen, or so many steps ago."""
    occasion = Occasion.objects.select_related("programme").get(pk=occasion.pk)
    return checking.code_of(occasion, checking.terms_of(occasion), timezone.now(), back)


def scan(client: Client, occasion: Occasion, back: int = 0) -> Any:
    """Open the address of the QR code."""
    return client.get(f"/narvaro/in/{code_now(occasion, back)}/")


def test_a_code_depends_on_its_occasion_its_step_and_its_secret() -> None:
    first = {"occasion": "a", "occasion_secret": "s", "step": 1}
    others = [first | {"occasion": "b"}, first | {"step": 2}, first | {"occasion_secret": "t"}]
    made = {codes.screen_code("key", **each) for each in [first, *others]}  # type: ignore[arg-type]
    assert len(made) == 4
    assert all(len(code) == codes.SCREEN_LENGTH for code in made)
    assert codes.typed(" BCD-fgh ") == "bcdfgh"


def test_the_screen_shows_the_code_and_a_scan_checks_in(room: Room) -> None:
    occasion, person = begin(room), room.persons[0]
    shown = signed_in(room.trainer).get(f"/tillfallen/{occasion.public_id}/kod/").content.decode()
    assert "<svg" in shown
    assert codes.shown(code_now(occasion)) in shown or codes.shown(code_now(occasion, 1)) in shown
    client = signed_in(account_of(person))
    assert scan(client, occasion)["Location"] == "/narvaro/in/"
    client.post("/narvaro/in/", {"do": "in"})
    segment = Segment.objects.get()
    assert (segment.person, segment.source, segment.ended_at) == (person, "screen", None)
    assert Attendance.objects.get(person=person).mark == "present"


def test_checking_out_takes_a_new_reading_and_ends_the_time(room: Room) -> None:
    occasion, client = begin(room), signed_in(account_of(room.persons[0]))
    scan(client, occasion)
    client.post("/narvaro/in/", {"do": "in"})
    assert client.post("/narvaro/in/", {"do": "out"}).status_code == 422
    assert Segment.objects.get().ended_at is None
    scan(client, occasion)
    assert "Checka ut" in client.get("/narvaro/in/").content.decode()
    client.post("/narvaro/in/", {"do": "out"})
    assert Segment.objects.get().ended_at is not None


def test_the_step_before_counts_and_an_older_photo_does_not(room: Room) -> None:
    occasion, client = begin(room), signed_in(account_of(room.persons[0]))
    assert scan(client, occasion, back=1).status_code == 302
    late = scan(signed_in(account_of(room.persons[1])), occasion, back=3)
    assert late.status_code == 422
    assert "gäller inte längre" in late.content.decode()
    assert not Segment.objects.exists()


def test_new_codes_make_the_photographed_ones_worthless(room: Room) -> None:
    occasion, client = begin(room), signed_in(account_of(room.persons[0]))
    photo = code_now(occasion)
    signed_in(room.trainer).post(f"/tillfallen/{occasion.public_id}/kod/ny/")
    assert client.get(f"/narvaro/in/{photo}/").status_code == 422


def test_a_code_is_read_before_signing_in_and_used_after(room: Room) -> None:
    occasion, user, client = begin(room), account_of(room.persons[0]), Client()
    assert scan(client, occasion)["Location"].startswith("/logga-in/")
    client.force_login(user)
    client.post("/narvaro/in/", {"do": "in"})
    assert Segment.objects.count() == 1


def test_a_wrong_code_tells_the_signed_out_nothing(room: Room) -> None:
    occasion = begin(room)
    right, wrong = scan(Client(), occasion), Client().get("/narvaro/in/zzzzzz/")
    assert (right.status_code, right["Location"]) == (wrong.status_code, wrong["Location"])


def test_whoever_is_not_on_the_list_is_told_so(room: Room) -> None:
    occasion = begin(room)
    client = signed_in(account_of(room.world.others[0]))
    scan(client, occasion)
    response = client.post("/narvaro/in/", {"do": "in"})
    assert response.status_code == 422
    assert "listan" in response.content.decode()
    assert not Segment.objects.exists()


def test_an_empty_code_after_a_refusal_is_asked_for_again(room: Room) -> None:
    occasion = begin(room)
    client = signed_in(account_of(room.world.others[0]))
    scan(client, occasion)
    client.post("/narvaro/in/", {"do": "in"})
    response = client.post("/narvaro/in/", {"code": ""})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Här saknas ett svar" in page
    assert 'name="code"' in page


def test_a_typed_code_checks_in_at_once(room: Room) -> None:
    occasion, client = begin(room), signed_in(account_of(room.persons[0]))
    client.post("/narvaro/in/", {"code": codes.shown(code_now(occasion)).upper()})
    assert Segment.objects.count() == 1
    assert client.post("/narvaro/in/", {"code": "fel kod"}).status_code == 422


def test_outside_the_window_nothing_is_recorded(room: Room) -> None:
    occasion, person = begin(room, minutes_ago=-120), room.persons[0]
    user = account_of(person)
    with pytest.raises(CodeRefused):
        checking.check_in(occasion_id=occasion.pk, person_id=person.pk, actor=user)
    begin(room, minutes_ago=6 * 60)
    assert checking.find(code_now(occasion), timezone.now()) is None
    begin(room)
    assert checking.find(code_now(occasion), timezone.now()) == occasion


def test_replaying_a_check_in_after_the_check_out_opens_nothing(room: Room) -> None:
    occasion, person = begin(room), room.persons[0]
    user, read_at = account_of(person), timezone.now()
    who: dict[str, Any] = {"occasion_id": occasion.pk, "person_id": person.pk, "actor": user}
    checking.check_in(**who, read_at=read_at)
    checking.check_in(**who, read_at=read_at)
    checking.check_out(**who)
    with pytest.raises(CodeRefused):
        checking.check_in(**who, read_at=read_at)
    assert Segment.objects.count() == 1
    checking.check_in(**who, read_at=timezone.now())
    assert Segment.objects.count() == 2


def test_two_persons_on_one_device_are_shown_to_staff_and_not_stopped(room: Room) -> None:
    occasion, client = begin(room), Client()
    for person in room.persons[:2]:
        client.force_login(account_of(person))
        scan(client, occasion)
        client.post("/narvaro/in/", {"do": "in"})
    assert Segment.objects.count() == 2
    address = f"/tillfallen/{occasion.public_id}/narvaro/"
    shown = signed_in(room.trainer).get(address).content.decode()
    assert shown.count("Samma mobil eller dator som någon annan") == 2
    other = signed_in(account_of(room.persons[2]))
    scan(other, occasion)
    other.post("/narvaro/in/", {"do": "in"})
    shown = signed_in(room.trainer).get(address).content.decode()
    assert shown.count("Samma mobil eller dator som någon annan") == 2


def test_staff_check_in_and_out_by_the_participants_own_code(room: Room) -> None:
    occasion, person = begin(room), room.persons[0]
    own = signed_in(account_of(person)).get("/narvaro/min-kod/").content.decode()
    code = checking.personal_code_of(person, timezone.localdate())
    assert codes.shown(code) in own
    staff = signed_in(room.trainer)
    assert person.last_name in staff.get(f"/narvaro/person/{code}/").content.decode()
    address = f"/tillfallen/{occasion.public_id}/kod/person/"
    staff.post(address, {"code": codes.shown(code)})
    assert Segment.objects.get().source == Segment.Source.PERSONAL_CODE
    staff.post(address, {"code": code})
    assert Segment.objects.get().ended_at is not None
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    staff.post(address, {"code": checking.personal_code_of(person, yesterday)})
    assert Segment.objects.count() == 1


def test_what_the_personal_codes_page_offered_is_done_once_however_often_sent(room: Room) -> None:
    occasion, person = begin(room), room.persons[0]
    code = checking.personal_code_of(person, timezone.localdate())
    staff, page = signed_in(room.trainer), f"/narvaro/person/{code}/"
    address = f"/tillfallen/{occasion.public_id}/kod/person/"
    assert 'name="do" value="in"' in staff.get(page).content.decode()
    staff.post(address, {"code": code, "do": "in"})
    again = staff.post(address, {"code": code, "do": "in"}, follow=True)
    assert "var redan incheckad" in again.content.decode()
    assert Segment.objects.get().ended_at is None
    assert 'name="do" value="out"' in staff.get(page).content.decode()
    staff.post(address, {"code": code, "do": "out"})
    ended = Segment.objects.get().ended_at
    late = staff.post(address, {"code": code, "do": "out"}, follow=True)
    assert "var redan utcheckad" in late.content.decode()
    assert Segment.objects.get().ended_at == ended is not None


def test_a_participant_cannot_use_the_staffs_way_in(room: Room) -> None:
    occasion, person = begin(room), room.persons[0]
    user = account_of(person)
    with pytest.raises(NotAllowed):
        checking.check_in(
            occasion_id=occasion.pk,
            person_id=person.pk,
            actor=user,
            source=Segment.Source.PERSONAL_CODE,
        )
    code = checking.personal_code_of(person, timezone.localdate())
    assert signed_in(user).get(f"/narvaro/person/{code}/").status_code == 404


def test_who_turns_up_although_excused_is_present(room: Room) -> None:
    occasion, person = begin(room), room.persons[0]
    with transaction.atomic(), operation("test.mark"):
        Attendance.objects.create(occasion=occasion, person=person, mark="excused")
    checking.check_in(occasion_id=occasion.pk, person_id=person.pk, actor=account_of(person))
    assert Attendance.objects.get().mark == "present"
    assert set(Attendance.history.values_list("mark", flat=True)) == {"excused", "present"}


# Races


def together(work: Any, clients: list[Client]) -> list[Any]:
    """Let every client do the work at the same moment, each in a thread of its own."""
    barrier = threading.Barrier(len(clients))

    def one(client: Client) -> Any:
        try:
            barrier.wait(timeout=60)
            return work(client)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(one, clients))


def crowd(room: Room, user: User) -> list[Client]:
    """Forty browsers of one person, each of which has read the code."""
    clients = []
    for _number in range(CLIENTS):
        client = signed_in(user)
        scan(client, room.occasion)
        clients.append(client)
    return clients


@pytest.mark.django_db(transaction=True)
def test_forty_check_ins_at_once_are_one() -> None:
    room = room_of(build_world(staff=2))
    begin(room)
    user = account_of(room.persons[0])
    answers = together(lambda c: c.post("/narvaro/in/", {"do": "in"}), crowd(room, user))
    assert [a.status_code for a in answers] == [302] * CLIENTS
    assert Attendance.objects.count() == 1
    assert Segment.objects.filter(ended_at=None, voided_at=None).count() == 1
    checking.check_out(occasion_id=room.occasion.pk, person_id=room.persons[0].pk, actor=user)
    assert CountedTime.objects.filter(current=True).count() <= 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_check_ins_at_once_break(monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_of(build_world(staff=2))
    begin(room)
    user = account_of(room.persons[0])
    clients = crowd(room, user)[:8]
    looked = threading.Barrier(len(clients))
    found = checking._last

    def unlocked(occasion_id: int) -> Occasion:
        return Occasion.objects.select_related("programme", "district").get(pk=occasion_id)

    def all_look_before_anyone_writes(occasion: Occasion, person_id: int) -> Segment | None:
        last = found(occasion, person_id)
        looked.wait(timeout=60)
        return last

    monkeypatch.setattr(access, "lock_open", unlocked)
    monkeypatch.setattr(checking, "_last", all_look_before_anyone_writes)
    for client in clients:
        client.raise_request_exception = False
    answers = together(lambda c: c.post("/narvaro/in/", {"do": "in"}), clients)
    # The database still refuses two open times; those who lost are not answered properly.
    assert sum(a.status_code == 500 for a in answers) == len(clients) - 1


@pytest.mark.django_db(transaction=True)
def test_forty_saved_lists_at_once_are_one_mark() -> None:
    room = room_of(build_world(staff=2))
    person = room.persons[0]
    data = {
        f"was-{person.public_id}": "||",
        f"mark-{person.public_id}": "present",
        f"in-{person.public_id}-new": "09:00",
        f"out-{person.public_id}-new": "12:00",
    }
    address = f"/tillfallen/{room.occasion.public_id}/narvaro/"
    clients = [signed_in(room.trainer) for _number in range(CLIENTS)]
    answers = together(lambda c: c.post(address, data), clients)
    assert sorted(a.status_code for a in answers) == [302] + [409] * (CLIENTS - 1)
    assert Attendance.objects.count() == Segment.objects.count() == 1
    assert CountedTime.objects.get(current=True).minutes == 150
    assert Invitation.objects.filter(occasion=room.occasion).count() == 2
