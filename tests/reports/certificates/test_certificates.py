"""Certificates: what they say, that they stay the same, and that they can be taken back."""

import datetime
import io
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from audit.models import ReadEvent
from audit.operations import operation
from people.actions import create_user
from people.models import Person, User
from programme.dated.actions import decide_setting
from programme.errors import NotAllowed, ReasonNeeded
from programme.models import Statement
from programme.staff import actions as staff
from reports.certificates import access, actions, printing, sources, tasks, views
from reports.certificates.errors import AlreadyRevoked, NotIssuable
from reports.models import Certificate
from tests.clients import signed_in
from tests.programme.builders import World, build_world, number_of
from tests.programme.staff.builders import counted
from tests.programme.training import occasion_of
from tests.reports.certificates.builders import completed, month_of, stated, statement_of


def account_for(person: Person) -> User:
    with transaction.atomic(), operation("test.account"):
        person.refresh_from_db()
        return create_user(
            email=person.email, first_name="A", last_name="B", actor=None, person=person
        )


def text_of(made: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split()
    )


@pytest.fixture
def issued(world: World) -> Certificate:
    """The first of the staff's certificate of September."""
    month = month_of(world)
    stated(world, world.staff[0], month)
    assert actions.issue_month(month_id=month.pk, actor=world.administrator) == 1
    return Certificate.objects.get()


def test_a_month_certificate_says_who_where_what_and_how_long(issued: Certificate) -> None:
    text = text_of(printing.printed([issued]))
    for expected in (
        "Förnamn1 Efternamn1",
        "Farsta",
        "212000-0142",
        issued.month.programme.record_number if issued.month else "",
        "september 2026",
        "2026-09-08",
        "4 tim 20 min",
        "8 tim 40 min",
        "Deltagare",
        "Närmaste chef",
        issued.public_id,
    ):
        assert expected in text, expected
    assert number_of(1)[:8] not in text


def test_the_pdf_is_tagged_and_begins_with_the_emblem(issued: Certificate) -> None:
    reader = PdfReader(io.BytesIO(printing.printed([issued])))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"] == "sv"  # type: ignore[index]
    raw = root["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "pdfuaid:part>1<" in raw
    assert issued.content["print"]["emblem-alt"] == "Medfinansieras av Europeiska unionen"


def test_the_same_bytes_every_time_whatever_has_changed_since(
    issued: Certificate, world: World
) -> None:
    first = printing.printed([issued])
    with transaction.atomic(), operation("test.rename"):
        Person.objects.filter(pk=issued.person_id).update(last_name="Nytt")
        type(world.programme).objects.update(name="Ett annat namn")
    with translation.override("en"):
        assert printing.printed([Certificate.objects.get()]) == first


def test_nothing_is_issued_before_the_month_is_locked_and_the_hours_checked(
    world: World,
) -> None:
    month = month_of(world, locked=False)
    stated(world, world.staff[0], month)
    with pytest.raises(NotIssuable):
        actions.issue_month(month_id=month.pk, actor=world.administrator)
    month_of(world)
    statement_of(world, world.staff[0], month, checked=False)
    assert actions.issue_month(month_id=month.pk, actor=world.administrator) == 0
    with pytest.raises(NotAllowed):
        actions.issue_month(month_id=month.pk, actor=world.chief)


def test_hours_that_changed_after_the_check_are_not_certified(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = month_of(world)
    one = stated(world, world.staff[0], month)
    row = occasion_of(world)
    counted(world, world.staff[0].participations.get(), row, 100)
    assert actions.issue_month(month_id=month.pk, actor=world.administrator) == 0
    # The control: without the comparison it would be certified.
    monkeypatch.setattr(sources, "_holding", lambda rows: list(rows))
    assert actions.issue_month(month_id=month.pk, actor=world.administrator) == 1
    assert Certificate.objects.get().content["facts"]["lines"][0]["minutes"] == 260
    assert one.minutes == 520


def test_no_more_is_read_than_is_issued_and_changed_hours_stop_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = month_of(world)
    for person in world.staff[:4]:
        stated(world, person, month)
    counted(world, world.staff[0].participations.get(), occasion_of(world), 100)
    months_of, read = sources.months_of, []

    def noting(statements: Sequence[Statement]) -> list[sources.Basis]:
        read.append(len(statements))
        return months_of(statements)

    monkeypatch.setattr(sources, "months_of", noting)
    assert actions.issue_month(month_id=month.pk, actor=world.administrator, most=1) == 1
    assert read == [1, 1]
    assert Certificate.objects.get().person == world.staff[1]
    assert actions.issue_month(month_id=month.pk, actor=world.administrator, most=2) == 2
    assert read == [1, 1, 2, 1]


def test_issuing_again_issues_only_what_is_missing(issued: Certificate, world: World) -> None:
    month = issued.month
    assert month is not None
    stated(world, world.staff[1], month)
    assert tasks.issue_month(month.pk, world.administrator.pk) == 1
    assert tasks.issue_month(month.pk, world.administrator.pk) == 0
    assert Certificate.objects.count() == 2


def test_a_new_name_replaces_the_certificate(issued: Certificate) -> None:
    with transaction.atomic(), operation("test.rename"):
        Person.objects.filter(pk=issued.person_id).update(last_name="Nytt")
    assert tasks.mind_certificates() == 1
    assert tasks.mind_certificates() == 0
    issued.refresh_from_db()
    new = issued.replaced_by
    assert new is not None
    assert issued.revoked_at
    assert "namn" in issued.revoke_reason.lower()
    assert "Nytt" in text_of(printing.printed([new]))
    assert "Efternamn1" in text_of(printing.printed([issued]))


def test_changed_hours_revoke_first_and_replace_when_checked_anew(
    issued: Certificate, world: World
) -> None:
    month, person = issued.month, issued.person
    assert month is not None
    occasion = occasion_of(world)
    counted(world, person.participations.get(), occasion, 100)
    tasks.mind_certificates()
    issued.refresh_from_db()
    assert issued.revoked_at
    assert issued.replaced_by is None
    statement_of(world, person, month)
    assert actions.issue_month(month_id=month.pk, actor=world.administrator) == 1
    issued.refresh_from_db()
    assert issued.replaced_by is not None
    assert issued.replaced_by.content["facts"]["lines"][-1]["minutes"] in (100, 260)


def test_a_completed_course_is_certified_and_a_reopened_one_revoked(world: World) -> None:
    taken = completed(world, world.staff[0])
    assert tasks.mind_certificates() == 1
    certificate = Certificate.objects.get(kind="course")
    assert "Utbildningsserie" in text_of(printing.printed([certificate]))
    row = taken.counted.filter(current=True).first()
    assert row is not None
    counted(world, taken, row.occasion, 0)
    staff.settle(participation_ids=[taken.pk])
    tasks.mind_certificates()
    certificate.refresh_from_db()
    assert certificate.revoked_at


def test_revoking_needs_reach_and_a_reason_and_happens_once(
    issued: Certificate, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotAllowed):
        actions.revoke(certificate_id=issued.pk, reason="Fel", actor=world.chief)
    with pytest.raises(ReasonNeeded):
        actions.revoke(certificate_id=issued.pk, reason=" ", actor=world.administrator)
    actions.revoke(certificate_id=issued.pk, reason="Fel", actor=world.administrator)
    with pytest.raises(AlreadyRevoked):
        actions.revoke(certificate_id=issued.pk, reason="Fel", actor=world.administrator)


def test_without_its_guard_anyone_could_revoke(
    issued: Certificate, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "ensure_issues", lambda *_a: None)
    assert actions.revoke(certificate_id=issued.pk, reason="Fel", actor=world.chief).revoked_at


def test_the_check_page_tells_of_the_course_and_never_of_the_person(
    issued: Certificate, client: Client, world: World
) -> None:
    address = reverse("certificates:check", args=[issued.public_id])
    response = client.get(address)
    page = response.content.decode()
    assert "Giltigt" in page
    assert issued.course_name in page
    assert response["X-Robots-Tag"].startswith("noindex")
    for secret in ("Efternamn1", "Förnamn1", "Farsta", "2026-09"):
        assert secret not in page
    actions.revoke(certificate_id=issued.pk, reason="Hemligt skäl", actor=world.administrator)
    page = client.get(address).content.decode()
    assert "Återkallat" in page
    assert "Giltigt" not in page
    assert "Hemligt" not in page


def test_a_replaced_certificate_says_so(issued: Certificate, client: Client) -> None:
    with transaction.atomic(), operation("test.rename"):
        Person.objects.filter(pk=issued.person_id).update(last_name="Nytt")
    tasks.mind_certificates()
    page = client.get(reverse("certificates:check", args=[issued.public_id])).content.decode()
    assert "Ersatt" in page


def test_an_unknown_code_costs_the_same_and_is_not_found(
    issued: Certificate, client: Client
) -> None:
    client.get("/intyg/xxxxxxxxxxxx/")
    with CaptureQueriesContext(connection) as known:
        assert client.get(f"/intyg/{issued.public_id}/").status_code == 200
    with CaptureQueriesContext(connection) as unknown:
        assert client.get("/intyg/zzzzzzzzzzzz/").status_code == 404
    # What is asked for every address that leads nowhere, such as redirects, is not about codes.
    about = [
        [one["sql"] for one in asked if "reports_certificate" in one["sql"]]
        for asked in (known, unknown)
    ]
    assert len(about[0]) == len(about[1]) == 1


def test_asking_too_often_is_refused(
    issued: Certificate, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CHECKS_A_MINUTE", 2)
    answers = [client.get(f"/intyg/{issued.public_id}/").status_code for _ in range(4)]
    assert answers.count(429) >= 1
    assert answers[0] == 200


def _asked(address: str, sender: str, told: str) -> int:
    """The answer to one who comes from the sender's address and tells of another."""
    return Client(REMOTE_ADDR=sender).get(address, headers={"X-Forwarded-For": told}).status_code


def test_a_forged_header_does_not_make_a_new_visitor(
    issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CHECKS_A_MINUTE", 2)
    address = f"/intyg/{issued.public_id}/"
    answers = [_asked(address, "10.0.0.1", f"192.0.2.{turn}") for turn in range(6)]
    assert 429 in answers


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_trusted_proxy_each_visitor_has_a_limit_of_their_own(
    issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CHECKS_A_MINUTE", 2)
    address = f"/intyg/{issued.public_id}/"
    many = [_asked(address, "10.0.0.1", f"198.51.100.{turn}") for turn in range(6)]
    assert many == [200] * 6
    # The proxy writes last what it saw; what stands before it, the visitor made up.
    forged = [_asked(address, "10.0.0.1", f"203.0.113.{turn}, 192.0.2.9") for turn in range(6)]
    assert 429 in forged


def test_only_the_own_certificate_is_opened_and_others_readings_are_noted(
    issued: Certificate, world: World
) -> None:
    address = reverse("certificates:pdf", args=[issued.public_id])
    own = account_for(world.staff[0])
    assert signed_in(own).get(address)["Content-Type"] == "application/pdf"
    assert not ReadEvent.objects.exists()
    assert signed_in(account_for(world.staff[1])).get(address).status_code == 404
    assert signed_in(world.chief).get(address).status_code == 404
    assert signed_in(world.administrator).get(address).status_code == 200
    assert ReadEvent.objects.get().subject == issued.public_id
    assert issued.public_id in signed_in(own).get("/mina-sidor/intyg/").content.decode()
    other = User.objects.get(person=world.staff[1])
    assert issued.public_id not in signed_in(other).get("/mina-sidor/intyg/").content.decode()


def test_a_protected_person_is_masked_in_the_lists_and_the_file_stays_shut(
    issued: Certificate, world: World
) -> None:
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk=issued.person_id).update(protected=True)
    economist = signed_in(world.auditor)
    page = economist.get("/narvarointyg/2026-09/").content.decode()
    assert "Efternamn1" not in page
    assert economist.get(reverse("certificates:pdf", args=[issued.public_id])).status_code == 404
    assert economist.get("/narvarointyg/2026-09/intyg.pdf").status_code == 404


def test_the_number_is_printed_masked_only_when_the_dated_setting_says_so(world: World) -> None:
    decide_setting(
        key="certificate_identity",
        value="masked",
        valid_from=datetime.date(2026, 8, 1),
        decision="Beslut 3",
        programme=world.programme,
        actor=world.administrator,
    )
    month = month_of(world)
    stated(world, world.staff[0], month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    text = text_of(printing.printed([Certificate.objects.get()]))
    assert f"{number_of(1)[:8]}-****" in text
    assert number_of(1)[8:] not in text


def test_the_office_issues_reads_and_revokes_in_the_browser(world: World) -> None:
    month = month_of(world)
    for person in world.staff[:3]:
        stated(world, person, month)
    office = signed_in(world.administrator)
    assert "2026" in office.get("/narvarointyg/").content.decode()
    office.post("/narvarointyg/2026-09/utfarda/")
    assert Certificate.objects.count() == 3
    made = office.get("/narvarointyg/2026-09/intyg.pdf")
    assert len(PdfReader(io.BytesIO(made.content)).pages) == 3
    one = Certificate.objects.first()
    assert one is not None
    address = reverse("certificates:revoke", args=[one.public_id])
    assert office.post(address, {"reason": ""}).status_code == 422
    assert office.post(address, {"reason": "Fel månad"}).status_code == 302
    one.refresh_from_db()
    assert one.revoke_reason == "Fel månad"
    assert signed_in(world.chief).get("/narvarointyg/").status_code == 404


def test_a_page_of_thirty_costs_what_a_page_of_two_does(world: World) -> None:
    month = month_of(world)
    office = signed_in(world.administrator)

    def visit() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert office.get("/narvarointyg/2026-09/").status_code == 200
        return len(seen)

    for person in world.staff[:2]:
        stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    visit()
    few = visit()
    for person in [*world.staff[2:], *world.others]:
        stated(world, person, month)
    with CaptureQueriesContext(connection) as seen:
        actions.issue_month(month_id=month.pk, actor=world.administrator)
    assert len(seen) < 30
    assert visit() == few


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_issue_each_certificate_once() -> None:
    world = build_world()
    month = month_of(world)
    for person in world.staff[:4]:
        stated(world, person, month)
    barrier = threading.Barrier(2)

    def issue(_turn: int) -> int:
        try:
            barrier.wait(60)
            return actions.issue_month(month_id=month.pk, actor=world.administrator)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(issue, range(2))) == [0, 4]
    # The control: without the lock the database still refuses a second one.
    with pytest.raises(IntegrityError), transaction.atomic(), operation("test.twice"):
        actions._issue(sources.months_of(list(sources.issuable_statements())), None)
