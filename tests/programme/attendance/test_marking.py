"""The staff list: four states, times, one save for all, and nothing overwritten in silence."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from people.models import Person, User
from programme.attendance import marking, queries, rules
from programme.attendance.errors import Cancelled, NotBegun, RowsRefused, RowsStale
from programme.attendance.rules import Wanted, WantedTime
from programme.errors import NotAllowed
from programme.hours.errors import MonthLocked
from programme.models import Attendance, CountedTime, Invitation, Month, Occasion, Segment
from tests.clients import signed_in
from tests.programme import training
from tests.programme.attendance.conftest import Room
from tests.programme.months.builders import staff_account


def at(hour: int, minute: int = 0) -> datetime.datetime:
    """A moment of the occasion's day in Stockholm."""
    return datetime.datetime(2026, 9, 15, hour, minute, tzinfo=queries.ZONE())


def was(room: Room, person: Person) -> str:
    """What a page opened now remembers of the person."""
    seat = next(s for s in queries.roster(room.occasion) if s.person.pk == person.pk)
    return seat.standing.written(queries.ZONE())


def save(room: Room, person: Person, mark: str, **extra: Any) -> marking.Saved:
    """Save one row of a page that was opened just now."""
    extra.setdefault("was", was(room, person))
    actor = extra.pop("actor", room.trainer)
    return marking.save_list(
        occasion_id=room.occasion.pk,
        wanted={person.public_id: Wanted(mark, **extra)},
        actor=actor,
    )


def mark_of(person: Person) -> str | None:
    """The person's mark; nothing when there is no row."""
    return Attendance.objects.filter(person=person).values_list("mark", flat=True).first()


def minutes_of(person: Person) -> int:
    """The minutes counted now."""
    return CountedTime.objects.get(person=person, current=True).minutes


def times(*pairs: tuple[str, Any, Any]) -> tuple[WantedTime, ...]:
    """Times as filled in: the segment, in and out."""
    return tuple(WantedTime(*pair) for pair in pairs)


def test_not_marked_is_no_row_and_excused_is_not_absent(room: Room) -> None:
    one, two, three, *_rest = room.persons
    save(room, one, rules.PRESENT)
    save(room, two, rules.ABSENT)
    save(room, three, rules.EXCUSED, note="Sjuk")
    assert [mark_of(p) for p in room.persons[:4]] == ["present", "absent", "excused", None]
    assert minutes_of(one) == 260
    row = Attendance.objects.get(person=three)
    assert (row.note, row.marked_by, row.marked_at is not None) == ("Sjuk", room.trainer, True)


def test_late_and_early_are_counted_by_their_times(room: Room) -> None:
    person = room.persons[0]
    save(
        room,
        person,
        rules.PRESENT,
        times=times(("", at(9, 30), at(11)), ("", at(11, 20), at(13))),
    )
    # 9.30–11.00, 11.20–11.30, lunch 11.30–12.10, 12.10–13.00.
    assert minutes_of(person) == 90 + 10 + 50


def test_a_time_alone_marks_presence(room: Room) -> None:
    save(room, room.persons[0], rules.UNMARKED, times=times(("", at(9), at(10))))
    assert mark_of(room.persons[0]) == rules.PRESENT


def test_a_wrong_time_is_voided_with_a_reason_and_written_anew(room: Room) -> None:
    person = room.persons[0]
    save(room, person, rules.PRESENT, times=times(("", at(9), at(10))))
    old = Segment.objects.get()
    moved = times((old.public_id, at(9), at(12)))
    with pytest.raises(RowsRefused) as refused:
        save(room, person, rules.PRESENT, times=moved)
    assert "old time is kept" in str(refused.value.problems) or "gamla tiden" in str(
        refused.value.problems
    )
    save(room, person, rules.PRESENT, times=moved, reason="Fel sluttid")
    old.refresh_from_db()
    assert (old.ended_at, old.void_reason, old.voided_by) == (at(10), "Fel sluttid", room.trainer)
    assert Segment.objects.get(voided_at=None).ended_at == at(12)
    assert CountedTime.objects.filter(person=person).count() == 2


def test_absence_takes_the_reason_for_the_times_it_voids(room: Room) -> None:
    person = room.persons[0]
    save(room, person, rules.PRESENT, times=times(("", at(9), at(10))))
    with pytest.raises(RowsRefused):
        save(room, person, rules.ABSENT)
    save(room, person, rules.ABSENT, reason="Fel person")
    assert not Segment.objects.filter(voided_at=None).exists()
    assert minutes_of(person) == 0


@pytest.mark.parametrize(
    ("mark", "pair"),
    [
        (rules.PRESENT, ("", at(11), at(10))),
        (rules.PRESENT, ("", None, at(10))),
        (rules.PRESENT, ("", at(15), at(16))),
        (rules.PRESENT, ("", at(6), at(7))),
        (rules.ABSENT, ("", at(9), at(10))),
    ],
)
def test_impossible_times_save_nothing(room: Room, mark: str, pair: Any) -> None:
    with pytest.raises(RowsRefused):
        save(room, room.persons[0], mark, times=times(pair))
    assert not Attendance.objects.exists()
    assert not Segment.objects.exists()


def test_everyone_is_saved_in_one_operation(room: Room) -> None:
    marking.save_list(
        occasion_id=room.occasion.pk, wanted={}, actor=room.trainer, rest_present=True
    )
    assert Attendance.objects.filter(mark=rules.PRESENT).count() == len(room.persons)
    own = Operation.objects.filter(name__startswith="attendance.").values_list("name", flat=True)
    assert list(own) == ["attendance.all_present"]


def test_everyone_present_leaves_those_already_marked(room: Room) -> None:
    save(room, room.persons[0], rules.EXCUSED)
    marking.save_list(
        occasion_id=room.occasion.pk, wanted={}, actor=room.trainer, rest_present=True
    )
    assert mark_of(room.persons[0]) == rules.EXCUSED


def test_everyone_present_is_undone_except_who_was_marked_again(room: Room) -> None:
    save(room, room.persons[0], rules.EXCUSED)
    saved = marking.save_list(
        occasion_id=room.occasion.pk, wanted={}, actor=room.trainer, rest_present=True
    )
    save(room, room.persons[1], rules.ABSENT)
    assert saved.operation is not None
    undo: dict[str, Any] = {
        "occasion_id": room.occasion.pk,
        "operation_id": saved.operation,
        "actor": room.trainer,
    }
    assert marking.undo_all_present(**undo) == len(room.persons) - 2
    assert [mark_of(p) for p in room.persons[:3]] == ["excused", "absent", ""]
    assert marking.undo_all_present(**undo) == 0
    assert Attendance.history.filter(mark="present").count() == len(room.persons) - 1


def test_a_stale_row_is_shown_and_not_overwritten(room: Room) -> None:
    person = room.persons[0]
    opened = was(room, person)
    save(room, person, rules.PRESENT, actor=room.administrator)
    with pytest.raises(RowsStale) as stale:
        save(room, person, rules.ABSENT, was=opened)
    assert stale.value.persons == [person.public_id]
    assert mark_of(person) == rules.PRESENT


def test_without_the_check_the_stale_page_overwrites(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = room.persons[0]
    opened = was(room, person)
    save(room, person, rules.PRESENT, actor=room.administrator)
    monkeypatch.setattr(rules, "stale", lambda *_args: [])
    save(room, person, rules.ABSENT, was=opened)
    assert mark_of(person) == rules.ABSENT


def test_an_old_page_saves_the_rows_that_nobody_else_touched(room: Room) -> None:
    one, two = room.persons[:2]
    page = {p.public_id: Wanted(rules.UNMARKED, was=was(room, p)) for p in (one, two)}
    save(room, one, rules.EXCUSED, actor=room.administrator)
    page[two.public_id] = Wanted(rules.PRESENT, was=page[two.public_id].was)
    marking.save_list(occasion_id=room.occasion.pk, wanted=page, actor=room.trainer)
    assert [mark_of(one), mark_of(two)] == ["excused", "present"]


def test_only_the_arranger_and_the_occasions_trainer_mark(room: Room) -> None:
    stranger = training.trainer_for(room.world, "annan")
    for actor in (stranger, room.world.chief, room.world.auditor):
        with pytest.raises(NotAllowed):
            save(room, room.persons[0], rules.PRESENT, actor=actor)
    save(room, room.persons[0], rules.PRESENT, actor=room.administrator)


def test_a_cancelled_a_future_and_a_locked_occasion_take_no_presence(room: Room) -> None:
    occasion = room.occasion
    later = timezone.now() + datetime.timedelta(days=2)
    change(occasion, starts_at=later, ends_at=later + datetime.timedelta(hours=5))
    with pytest.raises(NotBegun):
        save(room, room.persons[0], rules.PRESENT)
    save(room, room.persons[0], rules.EXCUSED)
    change(occasion, state=Occasion.State.CANCELLED, starts_at=at(9), ends_at=at(14))
    with pytest.raises(Cancelled):
        save(room, room.persons[0], rules.PRESENT)
    change(occasion, state=Occasion.State.PLANNED)
    lock_month(room)
    with pytest.raises(MonthLocked):
        save(room, room.persons[1], rules.PRESENT)
    assert mark_of(room.persons[1]) is None


def test_a_cancelled_occasion_shows_nothing_to_fill_in_and_takes_nothing(room: Room) -> None:
    change(room.occasion, state=Occasion.State.CANCELLED)
    before = (Operation.objects.count(), room.occasion.check_in_secret)
    for viewer in (room.administrator, room.trainer):
        client = signed_in(viewer)
        for page in ("narvaro", "kod", "rapport", "papper", "stall-in"):
            address = f"/tillfallen/{room.occasion.public_id}/{page}/"
            if page == "stall-in" and viewer == room.trainer:
                continue
            for answer, status in ((client.get(address), 200), (client.post(address), 422)):
                if page == "kod" and status == 422:
                    continue
                shown = answer.content.decode().partition("<main")[2].partition("</main>")[0]
                assert answer.status_code == status, address
                assert "Tillfället är inställt." in shown
                assert "Till tillfället" in shown
                assert "<form" not in shown
        for button in ("kod/ny", "kod/person", "narvaro/person", "narvaro/angra"):
            answer = client.post(f"/tillfallen/{room.occasion.public_id}/{button}/")
            assert "Tillfället är inställt." in answer.content.decode(), button
        for part in ("papper/lista.pdf", "kod/nu/"):
            answer = client.get(f"/tillfallen/{room.occasion.public_id}/{part}")
            assert "Tillfället är inställt." in answer.content.decode()
    room.occasion.refresh_from_db()
    assert (Operation.objects.count(), room.occasion.check_in_secret) == before


def change(row: Occasion | Person | Invitation, **values: Any) -> None:
    """Change the row straight."""
    with transaction.atomic(), operation("test.change"):
        type(row)._base_manager.filter(pk=row.pk).update(**values)
    row.refresh_from_db()


def lock_month(room: Room) -> None:
    """Lock the occasion's month."""
    with transaction.atomic(), operation("test.lock"):
        Month.objects.update_or_create(
            programme=room.world.programme,
            first_day=datetime.date(2026, 9, 1),
            defaults={
                "state": Month.State.LOCKED,
                "locked_by": room.administrator,
                "locked_at": timezone.now(),
            },
        )


def test_a_correction_of_whom_nobody_marked_is_reached_from_the_list(room: Room) -> None:
    address = f"/tillfallen/{room.occasion.public_id}/narvaro/"
    checker = staff_account(room.world, "ekonom")
    links = [
        f'href="/rattelser/ny/{room.occasion.public_id}/{person.public_id}/"'
        for person in room.persons
    ]

    def shown(viewer: User) -> list[bool]:
        page = signed_in(viewer).get(address).content.decode()
        return [link in page for link in links]

    # In an open month the list itself is corrected.
    assert not any(shown(checker))
    lock_month(room)
    assert all(shown(checker))
    path = links[0].removeprefix('href="').rstrip('"')
    assert signed_in(checker).get(path).status_code == 200
    # Whoever only teaches cannot propose, and nobody proposes hours of their own.
    assert not any(shown(room.trainer))
    with transaction.atomic(), operation("test.own"):
        Person.objects.filter(pk=room.persons[0].pk).update(user=checker)
    assert shown(checker) == [False] + [True] * (len(links) - 1)


def test_the_list_of_a_locked_month_asks_for_nothing(room: Room) -> None:
    save(room, room.persons[0], rules.EXCUSED, note="Ringde")
    client, address = (
        signed_in(room.administrator),
        f"/tillfallen/{room.occasion.public_id}/narvaro/",
    )
    assert "Spara närvaro" in client.get(address).content.decode()
    lock_month(room)
    page = client.get(address).content.decode()
    for asked in (
        "Spara närvaro",
        'type="radio"',
        "Skriv upp som närvarande",
        "Alla är närvarande",
    ):
        assert asked not in page, asked
    assert "Ringde" in page
    assert "Månaden är låst." in page


def test_what_a_locked_month_refuses_says_where_a_correction_is_proposed(room: Room) -> None:
    lock_month(room)
    with pytest.raises(MonthLocked, match="närvarolista"):
        save(room, room.persons[0], rules.PRESENT)


def test_two_places_at_once_is_refused_and_a_few_minutes_only_warn(room: Room) -> None:
    person = room.persons[0]
    other = training.occasion_of(room.world, title="Föreläsning", starts_at=at(11))
    training.invitation_to(other, person)
    marking.save_list(
        occasion_id=other.pk,
        wanted={person.public_id: Wanted(rules.PRESENT, was="||")},
        actor=room.administrator,
    )
    with pytest.raises(RowsRefused) as refused:
        save(room, person, rules.PRESENT)
    assert "Föreläsning" in str(refused.value.problems)
    saved = save(room, person, rules.PRESENT, times=times(("", at(9), at(11, 5))))
    assert [each.clash.minutes for each in saved.warnings] == [5]
    assert not saved.warnings[0].clash.blocking


# The page


def page(room: Room, client: Any, *, to: str = "", **posted: str) -> Any:
    """Post the page; whoever is not named keeps what the page shows."""
    data: dict[str, str] = {}
    for seat in queries.roster(room.occasion):
        written = seat.standing.written(queries.ZONE())
        data |= {f"was-{seat.key}": written, f"mark-{seat.key}": seat.standing.mark}
    return client.post(f"/tillfallen/{room.occasion.public_id}/narvaro/{to}", data | posted)


def test_the_page_saves_and_says_so(room: Room) -> None:
    client, person = signed_in(room.trainer), room.persons[0]
    response = page(
        room,
        client,
        **{
            f"mark-{person.public_id}": "present",
            f"in-{person.public_id}-new": "09:30",
            f"out-{person.public_id}-new": "",
        },
    )
    assert response.status_code == 302
    assert Segment.objects.get().began_at == at(9, 30)
    shown = client.get(response["Location"]).content.decode()
    assert "09:30" in shown


def test_the_page_shows_what_another_marked_meanwhile(room: Room) -> None:
    client, person = signed_in(room.trainer), room.persons[0]
    stale = {f"was-{person.public_id}": "||", f"mark-{person.public_id}": "absent"}
    save(room, person, rules.PRESENT, actor=room.administrator)
    response = page(room, client, **stale)
    assert response.status_code == 409
    assert room.administrator.get_full_name() in response.content.decode()
    assert mark_of(person) == rules.PRESENT


def test_all_present_and_undo_over_the_page(room: Room) -> None:
    client = signed_in(room.trainer)
    response = page(room, client, all="1")
    assert Attendance.objects.filter(mark="present").count() == len(room.persons)
    press = response["Location"].partition("tryck=")[2]
    assert press in client.get(response["Location"]).content.decode()
    client.post(f"/tillfallen/{room.occasion.public_id}/narvaro/angra/", {"tryck": press})
    assert not Attendance.objects.filter(mark="present").exists()


@pytest.mark.parametrize("mark", [rules.PRESENT, rules.ABSENT])
def test_a_time_that_cannot_be_read_stays_as_it_was_written(room: Room, mark: str) -> None:
    client, key = signed_in(room.trainer), room.persons[0].public_id
    unread = {f"mark-{key}": mark, f"in-{key}-new": "8.75", f"out-{key}-new": "10:00"}
    refused = page(room, client, **unread)
    assert refused.status_code == 422
    assert 'value="8.75"' in refused.content.decode()
    assert 'value="10:00"' in refused.content.decode()
    assert not Attendance.objects.exists()


def test_a_written_time_that_is_made_unreadable_stays_so_on_the_page(room: Room) -> None:
    client, person = signed_in(room.trainer), room.persons[0]
    save(room, person, rules.PRESENT, times=times(("", at(9), at(10))))
    key, segment = person.public_id, Segment.objects.get().public_id
    changed = {f"in-{key}-{segment}": "09:00", f"out-{key}-{segment}": "25:00"}
    refused = page(room, client, **changed)
    assert refused.status_code == 422
    assert 'value="25:00"' in refused.content.decode()
    assert Segment.objects.get().ended_at == at(10)


def test_an_auditor_reads_and_cannot_write(room: Room) -> None:
    client = signed_in(room.world.auditor)
    address = f"/tillfallen/{room.occasion.public_id}/narvaro/"
    shown = client.get(address)
    assert shown.status_code == 200
    assert 'type="radio"' not in shown.content.decode()
    assert client.post(address).status_code == 404
    assert signed_in(room.world.chief).get(address).status_code == 404


def test_the_page_costs_the_same_for_two_and_for_thirty(room: Room) -> None:
    from tests.programme.builders import person_in

    client = signed_in(room.trainer)
    address = f"/tillfallen/{room.occasion.public_id}/narvaro/"

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    few = cost()
    for number in range(30):
        person = person_in(room.world.unit, 5000 + number)
        training.invitation_to(room.occasion, person)
    marking.save_list(
        occasion_id=room.occasion.pk, wanted={}, actor=room.trainer, rest_present=True
    )
    assert cost() == few
