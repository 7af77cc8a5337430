"""Deputies: between two days, with both names, and never more than the giver may."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation
from tests.clients import signed_in
from tests.workflows.builders import (
    World,
    answer,
    case_in,
)
from tests.workflows.deputies import administrator, appoint, day
from tests.workflows.test_races import all_at_once
from workflows import queries
from workflows.actions import CannotDecide, delegation
from workflows.errors import CannotDelegate
from workflows.models import Delegation, Message


def test_the_deputy_decides_and_both_names_stand_everywhere(world: World) -> None:
    appoint(world)
    case = case_in(world)
    row = queries.inbox_rows(list(queries.inbox(world["nobody"])), world["nobody"])[0]
    assert row.deputy_for == "Avdelning Person"
    body = signed_in(world["nobody"]).get(reverse("workflows:work")).content.decode()
    assert "for Avdelning Person" in body
    page = signed_in(world["nobody"]).get(case.get_absolute_url()).content.decode()
    assert "You decide as deputy for <strong>Avdelning Person</strong>" in page
    assert "Nobody Person (deputy for Avdelning Person)" in page
    answer(case, world["nobody"])
    decision = case.decisions.get()
    assert (decision.actor, decision.for_user) == (world["nobody"], world["avdelning"])
    page = signed_in(world["auditor"]).get(case.get_absolute_url()).content.decode()
    assert "Nobody Person, deputy for Avdelning Person," in page
    operation = Operation.objects.get(name="case.decide", subject=case.reference)
    assert (operation.actor_name, operation.on_behalf_of) == ("Nobody Person", "Avdelning Person")
    # The control: in one's own name, nobody else is named.
    answer(case, world["leader"])
    own = Operation.objects.get(
        name="case.decide", subject=case.reference, actor_name="Leader Person"
    )
    assert own.on_behalf_of == ""


def test_the_auditor_s_desk_names_both(world: World) -> None:
    appoint(world)
    case = case_in(world)
    answer(case, world["nobody"])
    url = reverse("reports:audit_case", args=[case.reference])
    page = signed_in(world["auditor"]).get(url).content.decode()
    assert "Nobody Person" in page
    assert "on behalf of Avdelning Person" in page


def test_deputies_are_told_and_read_that_they_are_asked_as_such(world: World) -> None:
    appoint(world)
    assert Message.objects.get(kind="delegation.appointed").recipient == world["nobody"]
    case = case_in(world)
    bodies = dict(
        Message.objects.filter(case=case, kind="case.waiting").values_list(
            "recipient__first_name", "body"
        )
    )
    assert set(bodies) == {"Avdelning", "Nobody"}
    assert ("som ersättare" in bodies["Nobody"]) or ("as a deputy" in bodies["Nobody"])
    assert bodies["Avdelning"] in bodies["Nobody"]
    for name in ("Avdelning", "Nobody", "Person"):
        assert name not in bodies["Nobody"]


def test_the_day_after_the_last_it_is_over(world: World) -> None:
    appoint(world, valid_to=day(1))
    case = case_in(world)
    last = datetime.datetime.combine(day(1), datetime.time(23, 59), timezone.get_current_timezone())
    with time_machine.travel(last, tick=False):
        assert queries.inbox(world["nobody"]).count() == 1
        assert signed_in(world["nobody"]).get(case.get_absolute_url()).status_code == 200
    with time_machine.travel(last + datetime.timedelta(minutes=1), tick=False):
        assert queries.inbox(world["nobody"]).count() == 0
        assert signed_in(world["nobody"]).get(case.get_absolute_url()).status_code == 404
        with pytest.raises(CannotDecide):
            answer(case, world["nobody"])


def test_without_the_dates_it_would_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from workflows.models.delegation import DelegationQuerySet

    appoint(world, valid_to=day(1))
    case_in(world)
    monkeypatch.setattr(DelegationQuerySet, "on", lambda self, day: self)
    with time_machine.travel(day(30), tick=False):
        assert queries.inbox(world["nobody"]).count() == 1


def test_ended_early_it_is_over_at_once(world: World) -> None:
    made = appoint(world)
    case = case_in(world)
    assert queries.inbox(world["nobody"]).count() == 1
    delegation.end(delegation_id=made.pk, actor=world["avdelning"])
    assert queries.inbox(world["nobody"]).count() == 0
    with pytest.raises(CannotDecide):
        answer(case, world["nobody"])
    with pytest.raises(CannotDelegate, match="over"):
        delegation.end(delegation_id=made.pk, actor=world["avdelning"])
    assert Message.objects.get(kind="delegation.ended").recipient == world["nobody"]
    # And someone else can be appointed for the same days.
    appoint(world, deputy="auditor")


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"deputy": "avdelning"}, "own deputy"),
        ({"actor": "leader"}, "for yourself"),
        ({"valid_from": -1}, "first day has passed"),
        ({"valid_from": 5, "valid_to": 4}, "last day comes before"),
        ({"valid_to": 400}, "year ahead"),
        ({"reason": "  "}, "Write why"),
        ({"giver": "nobody", "deputy": "leader"}, "no role"),
    ],
)
def test_what_is_refused(world: World, terms: dict[str, Any], words: str) -> None:
    given = dict(terms)
    for key in ("valid_from", "valid_to"):
        if key in given:
            given[key] = day(given[key])
    if "actor" in given:
        given["actor"] = world[given["actor"]]
    with pytest.raises(CannotDelegate, match=words):
        appoint(world, **given)
    assert not Delegation.objects.exists()


def test_a_closed_account_is_nobody_s_deputy(world: World) -> None:
    account = world["nobody"]
    account.is_active = False
    account.save()
    with pytest.raises(CannotDelegate, match="closed"):
        appoint(world)


def test_two_for_the_same_cases_and_days_are_refused(world: World) -> None:
    appoint(world)
    with pytest.raises(CannotDelegate, match="already deputy"):
        appoint(world, deputy="auditor", valid_from=day(7), valid_to=day(9))
    appoint(world, deputy="auditor", valid_from=day(8), valid_to=day(9))
    appoint(world, deputy="auditor", case_kind="bench")
    appoint(world, deputy="auditor", organisation=world.unit)


@pytest.mark.django_db(transaction=True)
def test_appointed_by_two_clicks_at_once_there_is_one(committed_world: World) -> None:
    errors = all_at_once(lambda index: appoint(committed_world), 4)
    assert Delegation.objects.count() == 1
    assert {type(error) for error in errors} == {CannotDelegate}
    assert len(errors) == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_giver_s_lock_there_would_be_several(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    together = threading.Barrier(4)
    free = delegation._ensure_free

    def all_have_looked(*given: Any) -> None:
        free(*given)
        together.wait(timeout=30)

    monkeypatch.setattr(delegation, "_ensure_free", all_have_looked)
    monkeypatch.setattr(
        "people.models.User.objects.select_for_update",
        lambda: __import__("people.models").models.User.objects.all(),
    )
    all_at_once(lambda index: appoint(committed_world), 4)
    assert Delegation.objects.count() == 4


def test_an_administrator_appoints_for_someone_who_is_ill_and_both_are_named(
    world: World,
) -> None:
    ada = administrator(world)
    made = appoint(world, actor=ada, reason="sjuk")
    assert made.created_by_name == "Ada Administratör"
    told = Message.objects.filter(kind="delegation.appointed")
    assert set(told.values_list("recipient__first_name", flat=True)) == {"Avdelning", "Nobody"}
    event = Operation.objects.get(name="delegation.add")
    assert (event.actor_name, event.on_behalf_of) == ("Ada Administratör", "Avdelning Person")
    assert event.reason == "sjuk"
    with pytest.raises(CannotDelegate, match="Write why"):
        delegation.end(delegation_id=made.pk, actor=ada)
    delegation.end(delegation_id=made.pk, actor=ada, reason="frisk")


def test_an_administrator_never_takes_the_decisions_of_others(world: World) -> None:
    ada = administrator(world)
    with pytest.raises(CannotDelegate, match="yourself"):
        delegation.add(
            giver=world["avdelning"],
            deputy=ada,
            valid_from=day(),
            valid_to=day(3),
            reason="sjuk",
            actor=ada,
        )


def test_strangers_end_nothing(world: World) -> None:
    made = appoint(world)
    with pytest.raises(CannotDelegate):
        delegation.end(delegation_id=made.pk, actor=world["leader"], reason="x")
    delegation.end(delegation_id=made.pk, actor=world["nobody"])
