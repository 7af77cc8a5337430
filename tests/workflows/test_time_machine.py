"""A case on another day: the same days as the clock's, and nothing written."""

import datetime

import pytest
import time_machine as travel
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.clients import signed_in
from tests.workflows.builders import World, case_in, give, user, version_of
from tests.workflows.clocks import FULL, OPENED, at
from tests.workflows.test_mail_links import WRITE
from workflows import time_machine
from workflows.actions import clock, delegation
from workflows.models import Case, StepEvent


@pytest.fixture
def case(world: World) -> Case:
    with travel.travel(OPENED, tick=False):
        return case_in(world, version_of(FULL))


def on(case: Case, day: int, month: int = 11) -> time_machine.Then:
    fresh = Case.objects.select_related("organisation", "concerns", "version").get(pk=case.pk)
    with travel.travel(OPENED, tick=False):
        return time_machine.then(fresh, datetime.date(2026, month, day))


def test_the_days_are_those_on_which_the_clock_then_acts(case: Case) -> None:
    told = [one.day for one in on(case, 30).happenings]
    with travel.travel(OPENED, tick=False) as now:
        for _ in range(30):
            clock.tick()
            now.shift(datetime.timedelta(days=1))
    assert told == [event.at.date() for event in StepEvent.objects.order_by("at")]
    assert len(told) == 3


def test_who_would_decide_follows_roles_deputies_and_lateness(world: World, case: Case) -> None:
    with travel.travel(OPENED, tick=False):
        delegation.add(
            giver=world["avdelning"],
            deputy=world["nobody"],
            valid_from=datetime.date(2026, 11, 5),
            valid_to=datetime.date(2026, 11, 6),
            reason="semester",
            actor=world["avdelning"],
        )
    assert "Nobody" not in on(case, 4).waiting_for[0]
    assert "Nobody Person (deputy for Avdelning Person)" in on(case, 6).waiting_for[0]
    assert "Nobody" not in on(case, 9).waiting_for[0]
    assert "Leader" not in on(case, 10).waiting_for[0]
    late = on(case, 12).waiting_for[0]
    assert "Leader Person" in late
    assert "3 working days late" in late
    assert on(case, 16).lapsed
    # And the case itself is as it was.
    item = case.work_items.get()
    assert item.escalated_role_id is None


def test_a_role_that_ends_is_seen_ahead(world: World, case: Case) -> None:
    give(user("Distrikt Chef"), "avdelningschef", world.farsta)
    world["avdelning"].assignments.update(valid_to=datetime.date(2026, 11, 4))
    assert "Avdelning Person" in on(case, 4).waiting_for[0]
    assert "Distrikt Chef" in on(case, 5).waiting_for[0]


def test_the_page_is_the_office_s_and_writes_nothing(world: World, case: Case) -> None:
    url = reverse("workflows:time_machine", args=[case.reference])
    client = signed_in(world["leader"])
    for query in ("", "?dag=2026-11-12", "?dag=tok", "?dag=2026-02-31", "?dag=9999-12-31"):
        with travel.travel(at(2), tick=False), CaptureQueriesContext(connection) as context:
            assert client.get(url + query).status_code == 200
        assert not [q["sql"] for q in context if WRITE.match(q["sql"] or "")]
    with travel.travel(at(2), tick=False):
        body = client.get(url, {"dag": "2026-11-12"}).content.decode()
        assert "2026-11-11: “Prioritera” is late: projektledare may decide too." in body
        for who in ("chef", "avdelning", "norra_chef", "auditor"):
            assert signed_in(world[who]).get(url).status_code == 404
