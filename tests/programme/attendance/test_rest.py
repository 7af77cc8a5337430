"""Named persons joined with the register, the paper list, and the matrix of a group."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from people.models import Person
from programme.attendance import marking, matrix, merging, paper, queries, rules
from programme.attendance.errors import MergeRefused, PaperRefused
from programme.errors import NotAllowed, ReasonNeeded
from programme.models import Attendance, CountedTime, Evidence, HourRules, Invitation, Segment
from programme.months.statements import registrars_of
from tests.clients import signed_in
from tests.programme import training
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.test_marking import at, minutes_of, save, times
from tests.programme.builders import person_in

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c"
    "49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def named(room: Room) -> Person:
    """Someone written down at the occasion by name only."""
    return marking.add_temporary(
        occasion_id=room.occasion.pk, first_name="Kim", last_name="Okänd", actor=room.trainer
    )


def merge(room: Room, temporary: Person, into: Person, **extra: Any) -> Person:
    """Join them."""
    values: dict[str, Any] = {"reason": "Legitimerade sig", "actor": room.administrator} | extra
    return merging.merge(temporary_id=temporary.pk, into_id=into.pk, **values)


def test_times_marks_and_hours_follow_to_the_right_person(room: Room) -> None:
    person, temporary = room.persons[0], named(room)
    save(room, temporary, rules.PRESENT, times=times(("", at(9), at(10))))
    merge(room, temporary, person)
    assert minutes_of(person) == 60
    assert Attendance.objects.get(person=person).mark == rules.PRESENT
    assert Segment.objects.get().person == temporary
    seats = {seat.key: seat for seat in queries.roster(room.occasion)}
    assert temporary.public_id not in seats
    assert [s.person_id for s in seats[person.public_id].segments] == [temporary.pk]
    assert set(
        Attendance.history.filter(person_id=temporary.pk).values_list("mark", flat=True)
    ) == {
        "present",
        "",
    }
    assert sum(CountedTime.objects.filter(current=True).values_list("minutes", flat=True)) == 60


def test_who_marked_and_when_follows_and_the_history_tells_who_joined(room: Room) -> None:
    person, temporary = room.persons[0], named(room)
    marked = Attendance.objects.get(person=temporary)
    merge(room, temporary, person)
    moved = Attendance.objects.get(person=person)
    assert (moved.marked_by, moved.marked_at) == (room.trainer, marked.marked_at)
    written = Attendance.history.filter(id=moved.pk).latest("history_id")
    joined = Operation.objects.get(pk=written.operation_id)
    assert (joined.name, joined.actor_name) == (
        "attendance.merge",
        room.administrator.get_full_name(),
    )
    # Neither the one who marked nor the one who joined checks these hours.
    month = timezone.localdate(room.occasion.starts_at).replace(day=1)
    registrars = registrars_of(room.world.programme.pk, month, [person.pk])[person.pk]
    assert registrars == {room.trainer.pk, room.administrator.pk}


def test_someone_who_was_not_invited_gets_the_seat(room: Room) -> None:
    other, temporary = room.world.others[0], named(room)
    merge(room, temporary, other)
    assert Invitation.objects.get(occasion=room.occasion, person=other).withdrawn_at is None
    assert minutes_of(other) == 260


def test_marks_that_contradict_are_refused_in_words(room: Room) -> None:
    person, temporary = room.persons[0], named(room)
    save(room, person, rules.ABSENT)
    with pytest.raises(MergeRefused) as refused:
        merge(room, temporary, person)
    assert room.occasion.title in str(refused.value.message)
    temporary.refresh_from_db()
    assert temporary.merged_into is None


def test_without_the_check_the_contradiction_goes_through(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, temporary = room.persons[0], named(room)
    save(room, person, rules.ABSENT)
    monkeypatch.setattr(merging, "_ensure_agree", lambda *_args: None)
    merge(room, temporary, person)
    assert Attendance.objects.get(person=person).mark == rules.ABSENT
    temporary.refresh_from_db()
    assert temporary.merged_into == person


def test_being_somewhere_else_at_the_same_time_is_refused(room: Room) -> None:
    person, temporary = room.persons[0], named(room)
    other = training.occasion_of(room.world, title="Föreläsning", starts_at=at(9))
    training.invitation_to(other, person)
    marking.save_list(occasion_id=other.pk, wanted={}, actor=room.administrator, rest_present=True)
    with pytest.raises(MergeRefused, match="Föreläsning"):
        merge(room, temporary, person)


def test_joining_takes_a_role_a_reason_and_happens_once(room: Room) -> None:
    person, temporary = room.persons[0], named(room)
    with pytest.raises(NotAllowed):
        merge(room, temporary, person, actor=room.trainer)
    with pytest.raises(ReasonNeeded):
        merge(room, temporary, person, reason=" ")
    with pytest.raises(MergeRefused):
        merge(room, temporary, temporary)
    merge(room, temporary, person)
    with pytest.raises(MergeRefused):
        merge(room, temporary, room.persons[1])


def test_joining_in_the_browser(room: Room) -> None:
    person, temporary = room.persons[0], named(room)
    client, address = signed_in(room.administrator), f"/narvaro/namn/{temporary.public_id}/"
    assert person.public_id in client.get(address).content.decode()
    assert (
        room.world.others[0].public_id
        in client.get(address, {"sok": room.world.others[0].last_name}).content.decode()
    )
    data = {"into": person.public_id, "reason": "Visade legitimation"}
    # What lacks an answer is asked for, and the other is kept.
    nobody = client.post(address, {"reason": "Visade <legitimation>"})
    assert nobody.status_code == 422
    assert "Välj vem det är" in nobody.content.decode()
    assert "Visade &lt;legitimation&gt;" in nobody.content.decode()
    # Found by another search than the one on the page, and yet shown.
    chosen = room.world.others[0].public_id
    for reason in ("", "\u200b"):
        unexplained = client.post(address, {"into": chosen, "reason": reason})
        assert unexplained.status_code == 422
        assert "Skriv hur du vet vem det är" in unexplained.content.decode()
        assert f'value="{chosen}" checked' in unexplained.content.decode()
    assert client.post(address, {"into": "finnsinte", "reason": "Vet"}).status_code == 404
    assert Person.objects.get(pk=temporary.pk).merged_into is None
    assert client.post(address, data)["Location"] == "/narvaro/att-gora/"
    assert client.get(address).status_code == 404


# Paper


def scan(room: Room, signed: dict[str, paper.Signed], content: bytes = PNG) -> Evidence:
    """Send a signed list in."""
    return paper.receive(
        occasion_id=room.occasion.pk,
        name="lista.png",
        file=io.BytesIO(content),
        signed=signed,
        actor=room.trainer,
    )


def test_the_list_prints_as_pdf(room: Room) -> None:
    response = signed_in(room.trainer).get(
        f"/tillfallen/{room.occasion.public_id}/papper/lista.pdf"
    )
    assert response.content.startswith(b"%PDF")
    assert b"pdfuaid" in response.content


def test_whoever_signed_is_present_with_the_paper_as_evidence(room: Room) -> None:
    one, two = room.persons[:2]
    evidence = scan(
        room, {one.public_id: paper.Signed(), two.public_id: paper.Signed(at(9), at(10))}
    )
    assert [minutes_of(one), minutes_of(two)] == [260, 60]
    assert set(Segment.objects.values_list("source", "evidence")) == {("paper", evidence.pk)}
    assert bytes(evidence.content) == PNG


def test_the_number_of_signatures_opens_into_who_signed(room: Room) -> None:
    one, two, three = room.persons[:3]
    scan(room, {one.public_id: paper.Signed(), two.public_id: paper.Signed()})
    address = f"/tillfallen/{room.occasion.public_id}/papper/"
    page = signed_in(room.trainer).get(address).content.decode()
    signed = page.partition("2 underskrifter")[2].partition("</details>")[0]
    assert signed.count("<li>") == 2
    assert one.last_name in signed
    assert two.last_name in signed
    # The control: somebody on the list who has not signed is not among them.
    assert three.last_name not in signed
    assert three.last_name in page


def test_a_scan_that_is_no_scan_twice_or_of_nobody_is_refused(room: Room) -> None:
    key = room.persons[0].public_id
    for content, signed in ((b"hej", {key: paper.Signed()}), (PNG, {})):
        with pytest.raises(PaperRefused):
            scan(room, signed, content)
    with pytest.raises(PaperRefused):
        scan(room, {key: paper.Signed(at(10), at(9))})
    assert not Evidence.objects.exists()
    scan(room, {key: paper.Signed()})
    with pytest.raises(PaperRefused):
        scan(room, {key: paper.Signed()})


def test_the_scan_is_sent_in_on_the_page(room: Room) -> None:
    key = room.persons[0].public_id
    response = signed_in(room.trainer).post(
        f"/tillfallen/{room.occasion.public_id}/papper/",
        {"file": SimpleUploadedFile("lista.png", PNG), f"signed-{key}": "1", f"in-{key}": "10.00"},
    )
    assert response.status_code == 302
    assert Segment.objects.get().began_at == at(10)


# The matrix


def test_the_matrix_has_four_states_hours_and_sums(room: Room) -> None:
    one, two, three, *_rest = room.persons
    save(room, one, rules.PRESENT)
    save(room, two, rules.ABSENT)
    save(room, three, rules.EXCUSED)
    found = matrix.of_group(room.group, room.administrator, timezone.now())
    (column,) = found.columns
    assert (column.present, column.expected, column.unmarked) == (1, 6, 3)
    assert found.minutes == 260
    assert [line.cells[0].late for line in found.lines] == [False] * 3 + [True] * 3
    page = signed_in(room.administrator).get(f"/grupper/{room.group.public_id}/narvaro/")
    assert page.content.decode().count("Inte markerad") >= 3


def test_the_matrix_costs_the_same_for_two_and_for_thirty(room: Room) -> None:
    client, address = signed_in(room.administrator), f"/grupper/{room.group.public_id}/narvaro/"

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    few = cost()
    for number in range(30):
        training.invitation_to(room.occasion, person_in(room.world.unit, 6000 + number))
    marking.save_list(
        occasion_id=room.occasion.pk, wanted={}, actor=room.trainer, rest_present=True
    )
    assert cost() == few


def test_what_is_not_marked_is_listed_until_it_is(room: Room) -> None:
    client = signed_in(room.trainer)
    assert room.occasion.title in client.get("/narvaro/att-gora/").content.decode()
    marking.save_list(
        occasion_id=room.occasion.pk, wanted={}, actor=room.trainer, rest_present=True
    )
    assert not matrix.overdue_for(room.trainer, timezone.now())


def test_who_never_checked_out_is_told_on_the_list_and_among_what_remains(room: Room) -> None:
    said = "Ingen utcheckning: utan sluttid räknas den tiden inte."
    client, address = signed_in(room.trainer), f"/tillfallen/{room.occasion.public_id}/narvaro/"

    def overview(client: Client = client) -> str:
        page = client.get("/narvaro/att-gora/").content.decode()
        return page.partition("Incheckade men aldrig utcheckade")[2].partition("</section>")[0]

    save(room, room.persons[1], rules.PRESENT, times=times(("", at(9), at(10))))
    assert said not in client.get(address).content.decode()
    assert not overview()
    save(room, room.persons[0], rules.PRESENT, times=times(("", at(9), None)))
    temporary = named(room)
    save(room, temporary, rules.PRESENT, times=times(("", at(9), None)))
    merge(room, temporary, room.persons[0])
    assert minutes_of(room.persons[0]) == 0
    assert client.get(address).content.decode().count(said) == 1
    assert room.occasion.title in overview()
    assert "1 person<" in overview()
    # Nobody else's trainer is told.
    assert not overview(signed_in(training.trainer_for(room.world, "annan")))
    # Where the rules let it count there is nothing to tell.
    with transaction.atomic(), operation("test.rules"):
        HourRules.objects.update(open_end_counts=True)
    assert said not in client.get(address).content.decode()
    assert not overview()


def test_who_never_checked_out_costs_the_same_for_one_and_for_many(room: Room) -> None:
    client, address = signed_in(room.trainer), f"/tillfallen/{room.occasion.public_id}/narvaro/"

    def cost(page: str) -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        return len(found)

    save(room, room.persons[0], rules.PRESENT, times=times(("", at(9), None)))
    few = [cost(address), cost("/narvaro/att-gora/")]
    # The last one stays unmarked, so that the occasion remains among those to mark.
    for person in room.persons[1:-1]:
        save(room, person, rules.PRESENT, times=times(("", at(9), None)))
    assert [cost(address), cost("/narvaro/att-gora/")] == few


def test_two_places_at_once_by_codes_or_reports_are_listed(room: Room) -> None:
    person = room.persons[0]
    other = training.occasion_of(room.world, title="Föreläsning", starts_at=at(9))
    with transaction.atomic(), operation("test.double"):
        for occasion in (room.occasion, other):
            Attendance.objects.create(occasion=occasion, person=person, mark="present")
    (found,) = matrix.doubled_for(room.administrator)
    assert (found.person, found.minutes) == (person, 300)
    assert "Föreläsning" in signed_in(room.administrator).get("/narvaro/att-gora/").content.decode()
