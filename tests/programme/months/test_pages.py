"""The pages of months: whole in the browser, and no dearer with thirty persons than with two."""

import datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.operations import operation
from people.models import User
from programme.models import Correction, Month, Statement
from programme.months import figures, statements
from programme.months.errors import AlreadyAttested
from tests.clients import signed_in
from tests.programme.builders import World, person_in
from tests.programme.hours.builders import counted, mark, was_there
from tests.programme.months.builders import (
    MARCH,
    account_for,
    attended,
    finished,
    locked,
    on_paper,
    proposed,
    staff_account,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_from_the_sum_of_the_month_down_to_the_times_present(world: World, checker: User) -> None:
    person = world.staff[0]
    occasion = attended(world, MARCH, [person])
    client = signed_in(checker)
    row = counted(occasion, person)
    for address in (
        "/manader/",
        "/manader/2026-03/",
        f"/manader/2026-03/{person.public_id}/",
        f"/timmar/{row.public_id}/",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "3\xa0tim" in response.content.decode() or "180" in response.content.decode()
    assert "1\xa0251,00\xa0kr" in client.get("/manader/").content.decode()


def test_an_open_month_is_said_to_be_open(world: World, checker: User) -> None:
    attended(world, MARCH, [world.staff[0]])
    page = signed_in(checker).get("/manader/").content.decode()
    assert "Öppen" in page
    assert "Öppet" not in page


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "minut: se hur den räknades"), (2, "minuter: se hur de räknades")]
)
def test_the_minutes_of_a_line_are_said_in_one_and_in_many(minutes: int, words: str) -> None:
    counted_line = {"minutes": minutes, "public_id": "ett"}
    page = render_to_string("months/parts_lines.html", {"lines": [{"counted": counted_line}]})
    assert words in page


def test_the_participant_attests_in_the_browser(world: World) -> None:
    person = world.staff[0]
    me = account_for(person)
    occasion = attended(world, MARCH, [person])
    client = signed_in(me)
    assert client.get("/mina-sidor/timmar/").status_code == 200
    page = client.get("/mina-sidor/timmar/2026-03/")
    assert page.context["to_attest"]
    client.post("/mina-sidor/timmar/2026-03/", {"seen": "gammal"})
    assert not Statement.objects.exists()
    client.post("/mina-sidor/timmar/2026-03/", {"seen": page.context["row"].digest})
    assert Statement.objects.get().attested_by == me
    assert client.get(f"/timmar/{counted(occasion, person).public_id}/").status_code == 200
    other = signed_in(account_for(world.staff[1]))
    assert other.get(f"/timmar/{counted(occasion, person).public_id}/").status_code == 404
    assert client.get("/manader/").status_code == 404


def test_staff_note_check_and_lock_in_the_browser(world: World, checker: User) -> None:
    person = world.staff[0]
    attended(world, MARCH, [person])
    office, economist = signed_in(world.administrator), signed_in(checker)
    note = f"/manader/2026-03/{person.public_id}/papper/"
    assert office.post(note, {"note": ""}).status_code == 422
    office.post(note, {"note": "Pärm 3"})
    assert "Pärm 3" in economist.get(f"/manader/2026-03/{person.public_id}/").content.decode()
    economist.post("/manader/2026-03/kontrollera/", {"person": [person.public_id]})
    assert Statement.objects.get().checked_by == checker
    assert economist.get("/manader/2026-03/las/").status_code == 200
    economist.post("/manader/2026-03/las/", {})
    assert Month.objects.get(first_day=MARCH).state == Month.State.LOCKED


@pytest.mark.parametrize("closed", [False, True])
def test_a_second_note_of_the_same_hours_is_refused_and_kept_in_the_field(
    world: World, checker: User, closed: bool
) -> None:
    person = world.staff[0]
    attended(world, MARCH, [person])
    if closed:
        locked(world, MARCH, [person], world.administrator, checker)
    else:
        on_paper(world, MARCH, person, world.administrator)
    standing = Statement.objects.get()
    assert standing.attested_at is not None
    answer = signed_in(checker).post(
        f"/manader/2026-03/{person.public_id}/papper/", {"note": "Pärm 9"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    day = timezone.localdate(standing.attested_at).isoformat()
    assert f"Timmarna är redan intygade: {day}, underskrivet på papper." in page
    assert 'value="Pärm 9"' in page
    assert "Pärm 3" in page
    assert Statement.objects.get() == standing


def test_a_paper_of_hours_attested_in_the_portal_is_refused(world: World, checker: User) -> None:
    person = world.staff[0]
    attended(world, MARCH, [person])
    seen = figures.persons_of(world.programme.pk, MARCH)[0].digest
    me = account_for(person)
    statements.attest(programme=world.programme, month=MARCH, seen=seen, actor=me)
    with pytest.raises(AlreadyAttested, match="i portalen"):
        on_paper(world, MARCH, person, world.administrator)


def test_a_month_that_is_not_over_is_not_offered_to_be_locked(world: World, checker: User) -> None:
    attended(world, MARCH, world.staff[:1])
    client, button = signed_in(checker), "Lämna dem utanför och lås"
    with time_machine.travel(datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.UTC)):
        early = client.get("/manader/2026-03/las/").content.decode()
        refused = client.post("/manader/2026-03/las/", {"left_out_reason": "Skrivet i förväg"})
    assert "2026-03 är inte slut än" in early
    assert button not in early
    assert "Skrivet i förväg" in refused.content.decode()
    with time_machine.travel(datetime.datetime(2026, 4, 1, 12, tzinfo=datetime.UTC)):
        late = client.get("/manader/2026-03/las/").content.decode()
    assert "inte slut än" not in late
    assert button in late


def test_a_locked_month_is_not_offered_to_be_locked_again(world: World, checker: User) -> None:
    persons = world.staff[:2]
    attended(world, MARCH, persons)
    finished(world, MARCH, persons[:1], world.administrator, checker)
    client, address = signed_in(checker), "/manader/2026-03/las/"
    client.post(address, {"left_out_reason": "Sjuk"})
    for answer in (
        client.get(address, follow=True),
        client.post(address, {"left_out_reason": "Ett annat skäl"}, follow=True),
    ):
        assert answer.redirect_chain == [("/manader/2026-03/", 302)]
        assert "Månaden är redan låst. Inget ändrades." in answer.content.decode()
    # Two with three hours each at 417 kronor, one of them locked.
    page = client.get("/manader/2026-03/").content.decode().replace("\xa0", " ")
    assert "3 tim och 1 251 kr låstes." in page
    assert "2 502 kr" in page


def test_checking_is_offered_where_something_can_be_checked(world: World, checker: User) -> None:
    attended(world, MARCH, world.staff[:2])
    client, button = signed_in(checker), "Kontrollera de valda"
    assert button not in client.get("/manader/2026-03/").content.decode()
    on_paper(world, MARCH, world.staff[0], world.administrator)
    assert button in client.get("/manader/2026-03/").content.decode()
    assert button not in client.get("/manader/2026-03/?lage=ej-intygat").content.decode()


def test_hours_that_are_gone_have_a_chip_only_where_there_are_some(
    world: World, checker: User
) -> None:
    person, other = world.staff[:2]
    occasion = attended(world, MARCH, [person, other])
    on_paper(world, MARCH, person, world.administrator)
    client, address = signed_in(checker), "/manader/2026-03/"

    def chips() -> dict[str, int]:
        page = client.get(address)
        found = {key: number for key, _words, number in page.context["chips"]}
        assert sum(found.values()) == page.context["all"] == 2
        return found

    assert "inga-timmar" not in chips()
    mark(occasion, person, "absent")
    assert chips()["inga-timmar"] == 1
    (row,) = client.get(f"{address}?lage=inga-timmar").context["rows"]
    assert row.person == person


def test_whom_somebody_else_has_just_checked_is_said(world: World, checker: User) -> None:
    persons = world.staff[:3]
    attended(world, MARCH, persons)
    finished(world, MARCH, persons[:2], world.administrator, checker)
    on_paper(world, MARCH, persons[2], world.administrator)
    other = signed_in(staff_account(world, "annan"))
    asked = {"person": [one.public_id for one in persons]}
    page = other.post("/manader/2026-03/kontrollera/", asked, follow=True).content.decode()
    assert "1 person är kontrollerad." in page
    assert "2 personer var redan kontrollerade." in page
    page = other.post("/manader/2026-03/kontrollera/", asked, follow=True).content.decode()
    assert "3 personer var redan kontrollerade." in page


def test_hours_after_the_last_day_stop_the_check(world: World, checker: User) -> None:
    person = world.staff[0]
    attended(world, MARCH, [person])
    office = signed_in(world.administrator)
    answer = office.post(
        f"/personal/{person.public_id}/slutar/",
        {"last_day": "2026-03-02", "reason": "Slutar."},
        follow=True,
    )
    assert "räknade timmar efter sista dagen, vid 1 tillfälle" in answer.content.decode()
    on_paper(world, MARCH, person, world.administrator)
    outcome = statements.check(
        programme=world.programme, month=MARCH, persons=[person], actor=checker
    )
    assert "efter sista anställningsdagen" in str(outcome.refused[person.pk].message)


def test_a_refusal_is_said_in_words_and_nothing_is_written(world: World, checker: User) -> None:
    attended(world, MARCH, world.staff[:1], by=checker)
    on_paper(world, MARCH, world.staff[0], world.administrator)
    page = signed_in(checker).post(
        "/manader/2026-03/kontrollera/", {"person": [world.staff[0].public_id]}, follow=True
    )
    assert len(list(page.context["messages"])) == 1
    assert Statement.objects.get().checked_at is None
    page = signed_in(checker).post("/manader/2026-03/las/", {})
    assert page.status_code == 422
    assert not Month.objects.filter(state=Month.State.LOCKED).exists()


def test_reminders_go_once_a_day_to_those_who_have_an_account(world: World, checker: User) -> None:
    from workflows.models import Message

    attended(world, MARCH, world.staff[:2])
    account_for(world.staff[0])
    for _ in range(2):
        signed_in(checker).post("/manader/2026-03/pamin/")
    assert Message.objects.filter(kind="month.attest").count() == 1


def test_a_correction_from_form_to_decision(world: World, checker: User) -> None:
    person = world.staff[0]
    occasion = attended(world, MARCH, [person])
    locked(world, MARCH, [person], world.administrator, checker)
    office, economist = signed_in(world.administrator), signed_in(checker)
    address = f"/rattelser/ny/{occasion.public_id}/{person.public_id}/"
    assert office.get(address).status_code == 200
    form = {"mark": "present", "times": "9.00–10.00", "reason": "Gick tidigare."}
    shown = office.post(address, {**form, "action": "preview"})
    assert shown.context["effect"].minutes_after == 60
    assert not Correction.objects.exists()
    assert office.post(address, {**form, "times": "nio"}).status_code == 422
    office.post(address, {**form, "action": "propose"})
    made = Correction.objects.get()
    page = f"/rattelser/{made.public_id}/"
    office.post(page, {"action": "approve"})
    assert Correction.objects.get().state == "proposed"
    assert economist.get(page).status_code == 200
    economist.post(page, {"action": "approve"})
    assert Correction.objects.get().state == "approved"
    assert economist.get("/rattelser/").status_code == 200
    assert economist.get(page).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"mark": "absent", "times": "9.00–10.00"}, "hör ihop med markeringen närvarande"),
        ({"mark": "present", "times": ""}, "Rättelsen ändrar ingenting"),
        ({"mark": "present", "times": "13.00–14.00"}, "13.00–14.00 ligger utanför tillfället"),
        ({"mark": "present", "times": "12.00–14.00"}, "som är 9.00–12.00"),
    ],
)
def test_what_would_be_refused_is_refused_when_the_effect_is_asked_for(
    world: World, checker: User, sent: dict[str, str], said: str
) -> None:
    person = world.staff[0]
    occasion = attended(world, MARCH, [person])
    locked(world, MARCH, [person], world.administrator, checker)
    address = f"/rattelser/ny/{occasion.public_id}/{person.public_id}/"
    for action in ("preview", "propose"):
        refused = signed_in(checker).post(address, {**sent, "reason": "Fel", "action": action})
        assert refused.status_code == 422
        assert said in refused.content.decode(), action
        assert refused.context["effect"] is None
        assert refused.context["form"]["times"].value() == sent["times"]
        assert refused.context["form"]["mark"].value() == sent["mark"]
    assert not Correction.objects.exists()
    # The control: a time that only reaches outside is counted as far as it lies within.
    fine = {"mark": "present", "times": "11.00–14.00", "reason": "Fel", "action": "preview"}
    assert signed_in(checker).post(address, fine).context["effect"].minutes_after == 60


def test_a_correction_of_who_never_checked_out_asks_when_they_left(
    world: World, checker: User
) -> None:
    person, other = world.staff[:2]
    occasion = attended(world, MARCH, [person, other])
    was_there(occasion, person, "10.00", None)
    locked(world, MARCH, [other], world.administrator, checker)
    client = signed_in(checker)
    address = f"/rattelser/ny/{occasion.public_id}/{person.public_id}/"
    page = client.get(address)
    assert "10.00–?" in page.content.decode()
    assert page.context["form"]["times"].value() == "10.00–"
    sent = {"mark": "present", "reason": "Gick vid lunch", "action": "preview"}
    for times in ("10.00–", "10.00–?", "10.00-"):
        refused = client.post(address, sent | {"times": times})
        assert refused.status_code == 422
        assert "Skriv när personen gick: 14.00–16.30." in refused.content.decode()
    assert client.post(address, sent | {"times": "10.00–11.30"}).status_code == 200


@pytest.mark.parametrize("month", ["2026-13", "2019-01", "xyz", "2026-3", "0000-01"])
def test_a_month_that_is_none_does_not_exist(world: World, checker: User, month: str) -> None:
    assert signed_in(checker).get(f"/manader/{month}/").status_code == 404


def test_thirty_persons_cost_no_more_questions_than_two(world: World, checker: User) -> None:

    client = signed_in(checker)
    occasion = attended(world, MARCH, world.staff[:2])
    finished(world, MARCH, world.staff[:1], world.administrator, checker)
    addresses = ["/manader/", "/manader/2026-03/", "/manader/2026-03/las/", "/rattelser/"]

    def asked() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    few = asked()
    with transaction.atomic(), operation("test.more"):
        more = [person_in(world.unit, 3000 + n) for n in range(28)]
    for person in more:
        mark(occasion, person)
    assert len(figures.persons_of(world.programme.pk, MARCH)) == 30
    assert asked() == few


def test_a_protected_person_is_masked(world: World, checker: User) -> None:

    person = world.staff[0]
    with transaction.atomic(), operation("test.protect"):
        person.protected = True
        person.save()
    attended(world, MARCH, [person])
    shown = signed_in(checker).get("/manader/2026-03/").content.decode()
    assert person.last_name not in shown


def test_the_corrections_of_a_month_say_whose_they_are(world: World, checker: User) -> None:
    person = world.staff[0]
    occasion = attended(world, MARCH, [person])
    locked(world, MARCH, [person], world.administrator, checker)
    proposed(occasion, person, world.administrator)
    page = signed_in(checker).get("/manader/2026-03/").content.decode()
    said = page.partition('id="corrections"')[2].partition("</section>")[0]
    assert f"{person.first_name} {person.last_name}" in said
