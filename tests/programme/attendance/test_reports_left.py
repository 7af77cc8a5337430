"""What a meeting report must not do silently, what it leaves to be done, and taking it back."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.attendance import deciding, importing, rules
from programme.attendance.deciding_again import take_back
from programme.attendance.errors import DecisionRefused, ReportRefused
from programme.hours.errors import MonthLocked
from programme.models import CountedTime, Evidence, ReportRow, Segment
from tests.clients import signed_in
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import Room
from tests.programme.attendance.received import JOIN, LEAVE, LONG, counted, hows, receive
from tests.programme.attendance.test_marking import (
    change,
    lock_month,
    mark_of,
    minutes_of,
    save,
)


def report_of(*emails: str, name: str = "A") -> bytes:
    """A report of the whole meeting with a row for each address."""
    rows = [(f"{name}{n}", JOIN, LEAVE, LONG, email) for n, email in enumerate(emails)]
    return reports.teams(rows)


def page_of(client: Client, room: Room, evidence: Evidence, page: str = "") -> str:
    address = reverse("attendance:report", args=[room.occasion.public_id, evidence.public_id])
    return client.get(address + page).content.decode()


def test_what_is_still_to_come_has_no_report(room: Room) -> None:
    content = report_of(room.persons[0].email)
    kept = receive(room, content)
    later = timezone.now() + datetime.timedelta(days=40)
    change(room.occasion, starts_at=later, ends_at=later + datetime.timedelta(hours=5))
    with pytest.raises(ReportRefused, match="inte börjat"):
        receive(room, content + b"\r\x00\n\x00")
    with pytest.raises(ReportRefused, match="inte börjat"):
        importing.confirm(evidence_id=kept.pk, actor=room.trainer)
    assert not Segment.objects.exists()
    assert not CountedTime.objects.exists()


def test_a_report_of_nobody_on_the_list_is_asked_about(room: Room) -> None:
    evidence = receive(room, report_of("annan@example.org"))
    client = signed_in(room.trainer)
    count = reverse("attendance:report_confirm", args=[room.occasion.public_id, evidence.public_id])
    assert 'name="of_nobody_known"' in page_of(client, room, evidence)
    refused = client.post(count, follow=True).content.decode()
    assert "Kryssa för att det är rätt möte" in refused
    assert not ReportRow.objects.exists()
    client.post(count, {"of_nobody_known": "1"})
    assert hows(evidence) == [("", None)]


def test_whoever_is_recognised_makes_the_question_needless(room: Room) -> None:
    evidence = receive(room, report_of(room.persons[0].email, "annan@example.org"))
    assert 'name="of_nobody_known"' not in page_of(signed_in(room.trainer), room, evidence)
    importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
    assert hows(evidence) == [("email", room.persons[0].pk), ("", None)]


def test_the_occasions_own_trainer_waits_for_nobody(room: Room) -> None:
    evidence = counted(room, report_of(room.persons[0].email, room.trainer.email.upper()))
    assert hows(evidence)[1] == ("ignored", None)
    assert "Utbildare vid tillfället." in page_of(signed_in(room.trainer), room, evidence)


def test_days_that_the_occasion_decided_are_said_to_be(room: Room) -> None:
    client, email = signed_in(room.trainer), room.persons[0].email
    change(room.occasion, starts_at="2026-09-08T06:30Z", ends_at="2026-09-08T11:30Z")
    either = ("A", "9/8/2026, 9:00:00 AM", "9/8/2026, 2:00:00 PM", LONG, email)
    told = ("A", "2026-09-08 09:00:00", "2026-09-08 14:00:00", LONG, email)
    words = "Datumen i filen kan läsas på två sätt. De är lästa som 2026-09-08"
    for row, said in ((either, True), (told, False)):
        content = reports.teams([row]).decode("utf-16")
        # The top of the report has days of its own, which tell nothing of the rows.
        evidence = receive(room, content.replace("9/15/26", "9/8/26").encode("utf-16"))
        assert (words in page_of(client, room, evidence)) == said


def test_a_mark_that_the_report_contradicts_is_told_and_stays(room: Room) -> None:
    away, there, missing = room.persons[:3]
    save(room, away, rules.ABSENT)
    save(room, missing, rules.PRESENT)
    evidence = counted(room, report_of(away.email, there.email))
    client = signed_in(room.trainer)
    page = page_of(client, room, evidence)
    against = page.partition('id="emot"')[2].partition("</section>")[0]
    assert against.count("<li>") == 1
    assert away.last_name in against
    assert "Frånvarande" in against
    lacking = page.partition('id="saknas"')[2].partition("</section>")[0]
    assert lacking.count("Närvarande") == 1
    assert (mark_of(away), minutes_of(away)) == ("absent", 0)
    todo = client.get("/narvaro/att-gora/").content.decode()
    assert "Finns i en rapport men är markerade som borta" in todo
    save(room, away, rules.PRESENT)
    assert 'id="emot"' not in page_of(client, room, evidence)
    assert "markerade som borta" not in client.get("/narvaro/att-gora/").content.decode()


def test_rows_that_wait_and_reports_not_counted_are_among_what_remains(room: Room) -> None:
    client = signed_in(room.trainer)
    listed = reverse("attendance:reports", args=[room.occasion.public_id])
    evidence = receive(room, report_of(room.persons[0].email, "annan@example.org"))
    assert "Inte räknad än" in client.get("/narvaro/att-gora/").content.decode()
    importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
    for address in (listed, "/narvaro/att-gora/"):
        assert "1 rad väntar" in client.get(address).content.decode()
    row = ReportRow.objects.get(evidence=evidence, how=ReportRow.How.WAITING)
    deciding.decide(row_id=row.pk, person_id=None, reason="Gäst", actor=room.trainer)
    for address in (listed, "/narvaro/att-gora/"):
        assert "rad väntar" not in client.get(address).content.decode()
    assert "Mötesrapporter" not in client.get("/narvaro/att-gora/").content.decode()


def test_what_remains_of_a_locked_month_is_not_asked_for(room: Room) -> None:
    counted(room, report_of("annan@example.org"))
    client = signed_in(room.trainer)
    assert "1 rad väntar" in client.get("/narvaro/att-gora/").content.decode()
    lock_month(room)
    assert "1 rad väntar" not in client.get("/narvaro/att-gora/").content.decode()
    page = client.get(reverse("attendance:reports", args=[room.occasion.public_id]))
    assert 'type="file"' not in page.content.decode()
    assert "ingen rapport läses in här" in page.content.decode()


def test_a_report_is_taken_back_and_counted_again(room: Room) -> None:
    first, second, marked = room.persons[:3]
    save(room, marked, rules.PRESENT)
    evidence = counted(room, report_of(first.email, marked.email, ""))
    row = ReportRow.objects.get(evidence=evidence, how=ReportRow.How.WAITING)
    deciding.decide(row_id=row.pk, person_id=second.pk, reason="", actor=room.trainer)
    client = signed_in(room.trainer)
    address = reverse(
        "attendance:report_take_back", args=[room.occasion.public_id, evidence.public_id]
    )
    refused = client.post(address, {"reason": " \u200b"})
    assert refused.status_code == 422
    assert "Skriv varför rapporten dras tillbaka" in refused.content.decode()
    assert minutes_of(first) == 260
    done = client.post(address, {"reason": "Fel grupps möte"}, follow=True)
    assert "Räknas inte längre" in done.content.decode()
    assert [minutes_of(one) for one in (first, second)] == [0, 0]
    # The marks that the report made go with it; the one that somebody made stays.
    assert [mark_of(one) for one in (first, second, marked)] == ["", "", "present"]
    assert minutes_of(marked) == 260
    assert set(Segment.objects.values_list("void_reason", flat=True)) == {"Fel grupps möte"}
    with pytest.raises(ReportRefused, match="redan tillbakadragen"):
        take_back(evidence_id=evidence.pk, reason="Igen", actor=room.trainer)
    with pytest.raises(DecisionRefused, match="Räkna den igen"):
        deciding.decide(row_id=row.pk, person_id=None, reason="Gäst", actor=room.trainer)
    # The same file is the same report, and what was decided of it stands.
    again = receive(room, bytes(Evidence.objects.get(pk=evidence.pk).content))
    assert again == evidence
    assert "Det som avgjorts om raderna finns kvar" in page_of(client, room, evidence)
    importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
    assert [minutes_of(one) for one in (first, second)] == [260, 260]
    assert ReportRow.objects.filter(evidence=evidence).count() == 3


def test_a_report_taken_back_before_it_was_counted_still_shows_whom_it_has(room: Room) -> None:
    evidence = receive(room, report_of(room.persons[0].email))
    take_back(evidence_id=evidence.pk, reason="Fel fil", actor=room.trainer)
    client = signed_in(room.trainer)
    assert "rapport" not in client.get("/narvaro/att-gora/").content.decode().lower()
    page = page_of(client, room, evidence)
    assert "1 person känns igen." in page
    assert 'name="of_nobody_known"' not in page
    importing.confirm(evidence_id=evidence.pk, actor=room.trainer)
    assert minutes_of(room.persons[0]) == 260


def test_of_a_locked_month_no_report_is_taken_back(room: Room) -> None:
    evidence = counted(room, report_of(room.persons[0].email))
    lock_month(room)
    with pytest.raises(MonthLocked):
        take_back(evidence_id=evidence.pk, reason="Fel", actor=room.trainer)
    assert minutes_of(room.persons[0]) == 260
    assert "Dra tillbaka" not in page_of(signed_in(room.trainer), room, evidence)


def test_taking_back_costs_the_same_for_many(room: Room) -> None:
    spent = []
    for number, several in enumerate((room.persons[:1], room.persons)):
        emails = [one.email for one in several]
        evidence = counted(room, report_of(*emails, name=f"Möte {number} "))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            take_back(evidence_id=evidence.pk, reason="Fel", actor=room.trainer)
        spent.append(len(asked))
    assert spent[1] <= spent[0]


def test_many_rows_that_wait_come_in_pages(room: Room) -> None:
    evidence = counted(room, report_of(*[f"gast{n}@example.org" for n in range(30)]))
    client = signed_in(room.trainer)
    assert page_of(client, room, evidence).count('name="person-') == 25
    assert page_of(client, room, evidence, "?page=2").count('name="person-') == 5
    last = ReportRow.objects.filter(evidence=evidence).order_by("number").last()
    assert last is not None
    address = reverse("attendance:report", args=[room.occasion.public_id, evidence.public_id])
    sent = {f"person-{last.public_id}": "none", f"reason-{last.public_id}": ""}
    kept = client.post(f"{address}?page=2", sent).content.decode()
    assert f'name="person-{last.public_id}"' in kept
    client.post(f"{address}?page=2", sent | {f"reason-{last.public_id}": "Gäst"})
    last.refresh_from_db()
    assert last.how == ReportRow.How.IGNORED


def test_times_that_cannot_be_read_are_told_from_what_is_no_report(room: Room) -> None:
    rows = [("A", "22 sept. 2026 kl 9", "22 sept. 2026 kl 14", "", room.persons[0].email)]
    with pytest.raises(ReportRefused, match=r"22 sept\. 2026 kl 9"):
        receive(room, reports.teams(rows))


def test_a_moment_that_says_its_distance_from_utc_means_one_thing(room: Room) -> None:
    email = room.persons[0].email
    rows = [("A", "2026-09-15T07:00:00Z", "2026-09-15T14:00:00+02:00", "", email)]
    counted(room, reports.teams(rows))
    assert minutes_of(room.persons[0]) == 260
