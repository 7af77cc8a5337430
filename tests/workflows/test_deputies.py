"""Deputies: between two days, with both names, and never more than the giver may."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation as open_operation
from people.models import Capability, Role
from tests.workflows.builders import (
    World,
    answer,
    case_in,
    give,
    person_of,
    user,
    version_of,
)
from tests.workflows.test_pages import queries_of, signed_in
from tests.workflows.test_races import all_at_once
from workflows import access, queries
from workflows.actions import CannotDecide, StaleDecision, decide, delegation, engine
from workflows.errors import CannotDelegate
from workflows.many import levels_of
from workflows.models import Case, Decision, Delegation, Message
from workflows.rules import Mode, Step, Verdict

ONE = Step(key="prioritise", name="Prioritera", role="avdelningschef")


def day(n: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=n)


def appoint(
    world: World, giver: str = "avdelning", deputy: str = "nobody", **more: Any
) -> Delegation:
    terms: dict[str, Any] = {
        "valid_from": day(),
        "valid_to": day(7),
        "reason": "semester",
        "actor": world[giver],
    } | more
    return delegation.add(giver=world[giver], deputy=world[deputy], **terms)


def administrator(world: World) -> Any:
    Role.objects.create(
        key="admin", name="Administratör", capabilities=[Capability.MANAGE_ACCOUNTS]
    )
    account = user("Ada Administratör")
    give(account, "admin", world.city)
    return account


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


def test_the_scope_is_a_kind_of_case_or_a_place(world: World) -> None:
    give(world["avdelning"], "avdelningschef", world.norra)
    world["norra_chef"].assignments.all().delete()
    here = case_in(world)
    there = case_in(world, here.version, organisation=world.norra_unit)
    made = appoint(world, organisation=world.farsta)
    assert [item.case for item in queries.inbox(world["nobody"])] == [here]
    with pytest.raises(CannotDecide):
        answer(there, world["nobody"])
    delegation.end(delegation_id=made.pk, actor=world["avdelning"])
    appoint(world, case_kind="annat")
    assert not queries.inbox(world["nobody"]).exists()
    with pytest.raises(CannotDecide):
        answer(here, world["nobody"])
    appoint(world, case_kind="bench")
    assert queries.inbox(world["nobody"]).count() == 2
    answer(here, world["nobody"])


def test_many_cases_and_one_case_agree_on_who_decides(world: World) -> None:
    appoint(world, organisation=world.farsta)
    appoint(world, giver="leader", deputy="avdelning", case_kind="bench")
    appoint(world, giver="deputy_leader", deputy="nobody", case_kind="annat")
    cases = [case_in(world), case_in(world, organisation=world.norra_unit)]
    rows = list(Case.objects.select_related("organisation", "concerns"))
    many = levels_of(rows, on=day())
    for case in cases:
        one = engine.read(Case.objects.get(pk=case.pk)).levels
        assert many[case.pk] == one
        assert any(decider.for_user_id for deciders in one.values() for decider in deciders)


def test_a_batch_names_both_only_where_a_deputy_decided(world: World) -> None:
    from workflows.actions import Choice, decide_many

    give(world["nobody"], "projektledare", world.city)
    appoint(world)
    own = answer(case_in(world), world["avdelning"])
    deputised = case_in(world, own.version)
    choices = [Choice(own.pk, "admit", 1), Choice(deputised.pk, "prioritise", 1)]
    result = decide_many(choices=choices, verdict=Verdict.APPROVE, actor=world["nobody"])
    assert (len(result.decided), result.refused) == (2, [])
    batch = Operation.objects.get(name="case.decide_many")
    assert batch.on_behalf_of == ""
    one = Operation.objects.get(name="case.decide", subject=deputised.reference)
    assert one.on_behalf_of == "Avdelning Person"


def test_what_the_giver_may_not_decide_their_deputy_may_not_for_them(world: World) -> None:
    give(user("Annan Chef"), "avdelningschef", world.department)
    appoint(world)
    about = person_of(world["avdelning"], world.unit)
    case = case_in(world, version_of(ONE), concerns=about)
    assert not queries.inbox(world["nobody"]).exists()
    with pytest.raises(CannotDecide):
        answer(case, world["nobody"])
    started = case_in(world, version_of(ONE), initiator="avdelning")
    assert not queries.inbox(world["nobody"]).exists()
    with pytest.raises(CannotDecide):
        answer(started, world["nobody"])


def test_without_the_bar_the_inbox_would_offer_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.models import Q

    give(user("Annan Chef"), "avdelningschef", world.department)
    appoint(world)
    case_in(world, version_of(ONE), concerns=person_of(world["avdelning"], world.unit))
    monkeypatch.setattr(access, "not_barred", lambda user: Q())
    assert queries.inbox(world["nobody"]).exists()


def test_a_deputy_with_a_role_of_their_own_goes_on_seeing_it(world: World) -> None:
    give(world["nobody"], "avdelningschef", world.department)
    appoint(world)
    case = case_in(world, version_of(ONE), concerns=person_of(world["avdelning"], world.unit))
    rows = queries.inbox_rows(list(queries.inbox(world["nobody"])), world["nobody"])
    assert [row.deputy_for for row in rows] == [""]
    answer(case, world["nobody"])
    assert case.decisions.get().for_user is None


def test_the_deputy_never_decides_their_own_case(world: World) -> None:
    appoint(world, deputy="chef")
    case = case_in(world)
    assert not queries.inbox(world["chef"]).exists()
    with pytest.raises(CannotDecide, match="started"):
        answer(case, world["chef"])


def test_a_deputy_of_two_decides_for_the_one_who_may(world: World) -> None:
    other = user("Xerxes Chef")
    give(other, "avdelningschef", world.department)
    world.people["other"] = other
    appoint(world)
    appoint(world, giver="other")
    case = case_in(world, version_of(ONE), concerns=person_of(world["avdelning"], world.unit))
    assert queries.inbox(world["nobody"]).count() == 1
    answer(case, world["nobody"])
    assert case.decisions.get().for_user == other


def test_nobody_decides_twice_through_two_roles(world: World) -> None:
    appoint(world, giver="leader", deputy="avdelning")
    case = case_in(world)
    answer(case, world["avdelning"])
    assert not queries.inbox(world["avdelning"]).exists()
    with pytest.raises(CannotDecide, match="already decided"):
        answer(case, world["avdelning"])
    assert answer(case, world["leader"]).state == Case.State.APPROVED


def test_the_giver_has_decided_when_the_deputy_has(world: World) -> None:
    give(world["avdelning"], "projektledare", world.city)
    appoint(world)
    case = case_in(world)
    answer(case, world["nobody"])
    with pytest.raises(CannotDecide, match="already decided"):
        answer(case, world["avdelning"])
    with pytest.raises(CannotDecide, match="already decided"):
        answer(case, world["nobody"])


def test_where_all_must_approve_a_deputy_is_no_extra_vote(world: World) -> None:
    every = Step(key="admit", name="Anta", role="projektledare", mode=Mode.ALL)
    appoint(world, giver="leader")
    case = case_in(world, version_of(every))
    assert case.work_items.get().needed == 2
    answer(case, world["nobody"])
    with pytest.raises(CannotDecide):
        answer(case, world["leader"])
    assert answer(case, world["deputy_leader"]).state == Case.State.APPROVED


def test_a_deputy_hands_nothing_on_to_a_deputy_of_their_own(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    appoint(world)
    appoint(world, giver="nobody", deputy="auditor")
    case = case_in(world)
    assert not queries.inbox(world["auditor"]).exists()
    with pytest.raises(CannotDecide):
        answer(case, world["auditor"])


@pytest.mark.django_db(transaction=True)
def test_giver_and_deputy_at_once_make_one_decision(committed_world: World) -> None:
    world = committed_world
    with transaction.atomic(), open_operation("test"):
        case = case_in(world)
    appoint(world)
    both = [world["avdelning"], world["nobody"]]
    errors = all_at_once(
        lambda index: decide(
            case_id=case.pk,
            step_key="prioritise",
            round=1,
            verdict=Verdict.APPROVE,
            actor=both[index],
        ),
        2,
    )
    assert [type(error) for error in errors] == [StaleDecision]
    assert Decision.objects.filter(case=case).count() == 1


def form(**more: str) -> dict[str, str]:
    return {
        "valid_from": f"{day():%Y-%m-%d}",
        "valid_to": f"{day(5):%Y-%m-%d}",
        "case_kind": "",
        "organisation": "",
        "reason": "semester",
    } | more


def test_a_deputy_is_found_by_name_and_appointed(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:new_deputy")
    page = client.get(url, {"q": "nobo"}).content.decode()
    assert "Nobody Person" in page
    assert "Leader Person" not in page
    chosen = f"{url}?ersattare={world['nobody'].public_id}"
    wrong = client.post(chosen, form(valid_to=f"{day(-5):%Y-%m-%d}"))
    assert wrong.status_code == 422
    assert client.post(chosen, form()).status_code == 302
    page = client.get(reverse("workflows:deputies")).content.decode()
    assert "Nobody Person" in page
    assert "holds now" in page
    page = signed_in(world["nobody"]).get(reverse("workflows:deputies")).content.decode()
    assert "Avdelning Person" in page


def test_protected_and_closed_accounts_are_not_found(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    hidden = person_of(world["nobody"], world.unit)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:new_deputy")
    assert "Nobody Person" in client.get(url, {"q": "nobody"}).content.decode()
    hidden.protected = True
    hidden.save()
    assert "Nobody Person" not in client.get(url, {"q": "nobody"}).content.decode()
    page = client.get(url, {"ersattare": world["nobody"].public_id}).content.decode()
    assert "Nobody Person" not in page


def test_participants_are_nobody_s_business_here(world: World) -> None:
    person_of(world["nobody"], world.unit)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:new_deputy")
    assert "Nobody Person" not in client.get(url, {"q": "nobody"}).content.decode()
    assert "Nobody Person" not in client.get(url, {"q": "example.org"}).content.decode()
    give(world["nobody"], "revisor", world.city)
    assert "Nobody Person" in client.get(url, {"q": "nobody"}).content.decode()
    assert "Nobody Person" not in client.get(url, {"q": "example.org"}).content.decode()
    assert "Nobody Person" in client.get(url, {"q": "nobody.person@example.org"}).content.decode()


def test_ending_asks_first(world: World) -> None:
    made = appoint(world)
    url = reverse("workflows:end_deputy", args=[made.public_id])
    client = signed_in(world["avdelning"])
    assert "Nobody Person may decide for Avdelning Person" in client.get(url).content.decode()
    made.refresh_from_db()
    assert made.ended_at is None
    assert client.post(url).status_code == 302
    made.refresh_from_db()
    assert made.ended_by_name == "Avdelning Person"
    assert signed_in(world["leader"]).get(url).status_code == 404
    assert signed_in(world["leader"]).post(url).status_code == 404


def test_an_administrator_finds_giver_and_deputy(world: World) -> None:
    give(world["nobody"], "revisor", world.city)
    ada = administrator(world)
    client = signed_in(ada)
    url = reverse("workflows:new_deputy")
    assert "Avdelning Person" in client.get(url, {"for": "annan", "q": "avdel"}).content.decode()
    both = f"{url}?for={world['avdelning'].public_id}&ersattare={world['nobody'].public_id}"
    assert client.post(both, form()).status_code == 302
    assert Delegation.objects.get().created_by_name == "Ada Administratör"
    page = client.get(reverse("workflows:deputies")).content.decode()
    assert "Nobody Person" in page
    assert "Avdelning Person" in page
    for who in ("leader", "nobody"):
        assert signed_in(world[who]).get(both).status_code == 404
        assert signed_in(world[who]).post(both, form()).status_code == 404


def test_whoever_holds_no_role_appoints_nobody(world: World) -> None:
    client = signed_in(world["nobody"])
    assert client.get(reverse("workflows:deputies")).status_code == 200
    assert client.get(reverse("workflows:new_deputy")).status_code == 404
    assert Client().get(reverse("workflows:deputies")).status_code == 302


def test_the_pages_cost_the_same_with_more_rows(world: World) -> None:
    for n in range(2):
        appoint(world, valid_from=day(n * 2), valid_to=day(n * 2))
    client = signed_in(world["avdelning"])
    few = queries_of(client, reverse("workflows:deputies"))
    for n in range(2, 24):
        appoint(world, valid_from=day(n * 2), valid_to=day(n * 2))
    assert queries_of(client, reverse("workflows:deputies")) == few


def test_the_inbox_of_a_deputy_costs_the_same_with_more_rows(world: World) -> None:
    appoint(world)
    first = case_in(world)
    case_in(world, first.version)
    client = signed_in(world["nobody"])
    few = queries_of(client, reverse("workflows:work"))
    for _ in range(20):
        case_in(world, first.version)
    assert queries_of(client, reverse("workflows:work")) == few
