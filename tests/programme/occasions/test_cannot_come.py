"""Whoever cannot come leaves the seat free, is seen by staff, and may change their mind."""

import pytest
import time_machine
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from audit.operations import operation
from programme.attendance import marking, paper, show
from programme.models import Attendance, Invitation, Occasion, Programme
from programme.models import occasion as model
from programme.occasions import answering, checks
from programme.occasions.errors import NotExpected
from programme.occasions.inviting import withdraw
from programme.occasions.rules import Finding
from programme.staff import progress
from reports.economy.reading import forecast
from tests.programme.occasions.builders import Scene, at, occasion_in
from tests.programme.occasions.test_inviting import account_of, invitation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def say(occasion: Occasion, scene: Scene, number: int = 0, *, coming: bool = False) -> Invitation:
    """The member's own answer."""
    row = invitation(scene, occasion, number)
    return answering.answer(invitation_id=row.pk, coming=coming, actor=account_of(row))


def office(scene: Scene) -> Client:
    client = Client()
    client.force_login(scene.office, backend=BACKEND)
    return client


def booked(programme: Programme) -> int:
    """Seats that the forecast of co-financing reckons with."""
    return sum(one.persons for one in forecast(programme).seats)


def test_the_seat_is_free_until_the_no_is_taken_back(scene: Scene) -> None:
    occasion = occasion_in(scene)
    assert booked(scene.world.programme) == 3
    say(occasion, scene)
    assert booked(scene.world.programme) == 2
    assert Invitation.objects.expected().filter(occasion=occasion).count() == 2
    say(occasion, scene, coming=True)
    assert booked(scene.world.programme) == 3


def test_without_the_rule_the_seat_would_stay_taken(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = occasion_in(scene)
    say(occasion, scene)
    monkeypatch.setattr(model, "EXPECTED", Q(withdrawn_at__isnull=True))
    assert booked(scene.world.programme) == 3


def test_the_venue_is_not_crowded_by_those_who_cannot_come(scene: Scene) -> None:
    occasion = occasion_in(scene)
    scene.venue.capacity = 2
    assert Finding.CROWDED in dict(checks.look_ahead(occasion, venue=scene.venue).found)
    say(occasion, scene)
    assert Finding.CROWDED not in dict(checks.look_ahead(occasion, venue=scene.venue).found)


def test_when_all_have_said_no_the_group_is_not_expected_instead(scene: Scene) -> None:
    occasion = occasion_in(scene)
    for number in range(3):
        say(occasion, scene, number)
    scene.venue.capacity = 0
    assert Finding.CROWDED not in dict(checks.look_ahead(occasion, venue=scene.venue).found)


def test_a_make_up_seat_is_offered_where_somebody_cannot_come(scene: Scene) -> None:
    with transaction.atomic(), operation("test.unit"):
        unit = scene.group.course.units.create(number=91, title="Ett moment")
    occasion = occasion_in(scene, unit=unit)
    now = timezone.now()
    [(_one, taken)] = progress._offered([unit.pk], now)[unit.pk]
    say(occasion, scene)
    [(_one, after)] = progress._offered([unit.pk], now)[unit.pk]
    assert (taken, after) == (3, 2)


def test_staff_see_who_and_how_many_seats_are_free(scene: Scene) -> None:
    occasion = occasion_in(scene)
    person = invitation(scene, occasion).person
    client = office(scene)
    before = client.get(f"/tillfallen/{occasion.public_id}/").content.decode()
    assert "Kan inte komma:" not in before
    say(occasion, scene)
    page = client.get(f"/tillfallen/{occasion.public_id}/").content.decode()
    assert "2 personer väntas." in page
    assert "18 av gruppens platser är lediga." in page
    shown = page.split("Kan inte komma:", 1)[1][:300]
    assert person.last_name in shown
    assert "ge platsen till en kollega" in shown
    assert "1 kan inte komma" in client.get(f"/grupper/{scene.group.public_id}/").content.decode()


def test_the_printed_list_shows_it_and_the_person_stands_last(scene: Scene) -> None:
    occasion = occasion_in(scene)
    row = say(occasion, scene)
    values = paper._values(occasion, scene.office)
    assert values["rows"][-1] == [
        f"{row.person.first_name} {row.person.last_name}",
        "Har sagt: kan inte komma",
    ]
    assert any("2 av 3" in str(fact["value"]) for fact in values["facts"])
    assert paper.printed(occasion, scene.office).startswith(b"%PDF")


def test_everyone_present_does_not_mean_those_who_said_no(scene: Scene) -> None:
    occasion = occasion_in(scene)
    row = say(occasion, scene)
    with time_machine.travel(at(1, 13), tick=False):
        assert show.list_page(occasion, scene.office)["unmarked"] == 2
        marking.save_list(occasion_id=occasion.pk, wanted={}, actor=scene.office, rest_present=True)
        assert Attendance.objects.filter(occasion=occasion, mark="present").count() == 2
        assert not Attendance.objects.filter(person=row.person).exclude(mark="").exists()


def test_an_answer_to_a_seat_that_is_given_away_is_refused_in_words(scene: Scene) -> None:
    occasion = occasion_in(scene)
    row = say(occasion, scene)
    with transaction.atomic(), operation("test.away"):
        withdraw(row, "Kollegan kom i stället")
    with pytest.raises(NotExpected):
        say(occasion, scene, coming=True)
    client = Client()
    client.force_login(account_of(row), backend=BACKEND)
    answer = client.post(
        f"/tillfallen/{occasion.public_id}/svar/", {"answer": "coming"}, follow=True
    )
    assert "Du väntas inte längre vid det här tillfället" in answer.content.decode()
    row.refresh_from_db()
    assert row.answer == Invitation.Answer.NOT_COMING
