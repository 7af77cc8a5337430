"""From plan to follow-up: what is public, equal treatment, award, contract, ceilings."""

import datetime
import json
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator

from audit.models import Operation
from programme.errors import NotAllowed, Refused
from programme.models import CallOff, Contract, Procurement, Question
from programme.procurement import rules
from programme.procurement.actions import asking, contracts, planning
from programme.procurement.errors import AboveCeiling, TooLate, WrongPhase
from programme.procurement.ocds import package
from programme.procurement.public import announced as public_ones
from programme.procurement.public import public_facts
from tests.programme.procurement.builders import (
    Office,
    announced,
    facts,
    opened,
    planned,
    set_limits,
    tender,
)

# What we promise those who read the feed.
PACKAGE = json.loads(
    (settings.BASE_DIR / "docs" / "procurements.schema.json").read_text(encoding="utf-8")
)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def chosen(**fields: object) -> contracts.Chosen:
    given: dict[str, object] = {
        "supplier": "Exempel AB",
        "organisation_number": "559000-0017",
        "amount": 300_000,
        "reasons": "Bäst.",
        "decided_on": timezone.localdate(),
        "decided_by": "Avdelningschef",
    }
    return contracts.Chosen(**{**given, **fields})  # type: ignore[arg-type]


def agreement(**fields: object) -> contracts.Agreement:
    today = timezone.localdate()
    given: dict[str, object] = {
        "record_number": "SOF 2026/2",
        "ceiling": 300_000,
        "signed_on": today + datetime.timedelta(days=11),
        "starts_on": today,
        "ends_on": today + datetime.timedelta(days=300),
    }
    return contracts.Agreement(**{**given, **fields})  # type: ignore[arg-type]


def awarded(office: Office, **fields: object) -> Procurement:
    """Award decided today; the clock stands after the last moment for tenders."""
    procurement = announced(office, **fields)
    tender(procurement, office)
    with time_machine.travel(procurement.tenders_until + datetime.timedelta(hours=1), tick=False):
        opened(procurement, office)
        contracts.award(procurement_id=procurement.pk, chosen=chosen(), actor=office.first)
    procurement.refresh_from_db()
    return procurement


def contract(office: Office, ceiling: int = 300_000, **fields: object) -> Contract:
    procurement = awarded(office, **fields)
    with time_machine.travel(procurement.award.decided_on, tick=False):
        number = f"SOF 2026/{900 + Contract.objects.count()}"
        return contracts.sign(
            procurement_id=procurement.pk,
            agreement=agreement(ceiling=ceiling, record_number=number),
            actor=office.first,
        )


def order(office: Office, under: Contract, amount: int, decision: str = "") -> CallOff:
    return contracts.call_off(
        contract_id=under.pk,
        what="Delrapport",
        amount=amount,
        ordered_on=under.starts_on,
        actor=office.first,
        decision=decision,
    )


def test_nothing_is_public_before_the_announcement(office: Office) -> None:
    procurement = planned(office)
    assert not public_ones().exists()
    assert package("x")["releases"] == []
    planning.announce(procurement_id=procurement.pk, actor=office.first)
    assert public_ones().get() == procurement


def test_an_announcement_needs_two_openers_and_whole_weights(office: Office) -> None:
    procurement = planning.save(facts=facts(office), actor=office.first)
    with pytest.raises(Refused):
        planning.announce(procurement_id=procurement.pk, actor=office.first)
    planning.name_openers(
        procurement_id=procurement.pk, first=office.first, second=office.second, actor=office.first
    )
    planning.add_criterion(
        procurement_id=procurement.pk, kind="weighed", text="Pris", weight=60, actor=office.first
    )
    with pytest.raises(Refused):
        planning.announce(procurement_id=procurement.pk, actor=office.first)
    planning.add_criterion(
        procurement_id=procurement.pk,
        kind="weighed",
        text="Kvalitet",
        weight=40,
        actor=office.first,
    )
    planning.announce(procurement_id=procurement.pk, actor=office.first)
    with pytest.raises(WrongPhase):
        planning.add_criterion(
            procurement_id=procurement.pk,
            kind="requirement",
            text="Nytt krav",
            weight=None,
            actor=office.first,
        )


def test_once_announced_only_the_last_days_move_and_only_forwards(office: Office) -> None:
    procurement = announced(office)
    same = facts(
        office,
        questions_until=procurement.questions_until,
        tenders_until=procurement.tenders_until,
    )
    later = datetime.timedelta(days=2)
    moved = {**vars(same), "tenders_until": same.tenders_until + later}
    planning.save(facts=planning.Facts(**moved), actor=office.first, procurement_id=procurement.pk)
    for change in (
        {"tenders_until": same.tenders_until},
        {"tenders_until": same.tenders_until + later, "estimated_value": 1},
        {"tenders_until": same.tenders_until + later, "title": "Något annat"},
    ):
        with pytest.raises(Refused):
            planning.save(
                facts=planning.Facts(**{**vars(same), **change}),
                actor=office.first,
                procurement_id=procurement.pk,
            )


def test_answers_reach_everybody_at_the_same_moment(office: Office) -> None:
    procurement = announced(office)
    for text in ("Får vi vara två?", "Ingår resor?", "Obesvarad?"):
        asking.register(
            procurement_id=procurement.pk, text=text, asked_by="Firma A", actor=office.writer
        )
    first, second, third = Question.objects.all()
    for question in (first, second):
        asking.answer(question_id=question.pk, text="Ja.", actor=office.writer)
    assert list(public_facts(procurement).questions) == []

    asking.publish_answers(procurement_id=procurement.pk, actor=office.writer)
    told = public_facts(procurement).questions
    assert [one.text for one in told] == [first.text, second.text]
    assert len({one.published_at for one in told}) == 1
    with pytest.raises(Refused):
        asking.answer(question_id=first.pk, text="Nej.", actor=office.writer)
    with pytest.raises(Refused):
        asking.publish_answers(procurement_id=procurement.pk, actor=office.writer)
    assert third.published_at is None
    assert "Firma A" not in str(package("x"))


def test_a_question_after_its_time_is_refused(office: Office) -> None:
    procurement = announced(office)
    late = procurement.questions_until + datetime.timedelta(seconds=1)
    with time_machine.travel(late, tick=False), pytest.raises(TooLate):
        asking.register(
            procurement_id=procurement.pk, text="Sent?", asked_by="B", actor=office.first
        )


def test_an_award_waits_for_the_opening(office: Office) -> None:
    procurement = announced(office)
    tender(procurement, office)
    with pytest.raises(WrongPhase):
        contracts.award(procurement_id=procurement.pk, chosen=chosen(), actor=office.first)


def test_no_contract_is_signed_before_the_standstill_has_ended(office: Office) -> None:
    set_limits(office, standstill_days=15)
    procurement = awarded(office)
    decided = procurement.award.decided_on
    assert procurement.award.standstill_until == decided + datetime.timedelta(days=15)
    for days, allowed in ((15, False), (16, True)):
        signed = agreement(
            signed_on=decided + datetime.timedelta(days=days),
            starts_on=decided,
            ends_on=decided + datetime.timedelta(days=90),
        )
        if allowed:
            contracts.sign(procurement_id=procurement.pk, agreement=signed, actor=office.first)
        else:
            with pytest.raises(Refused):
                contracts.sign(procurement_id=procurement.pk, agreement=signed, actor=office.first)


def test_call_offs_stop_at_the_contracts_ceiling(office: Office) -> None:
    under = contract(office, ceiling=300_000)
    order(office, under, 200_000)
    with pytest.raises(AboveCeiling) as refused:
        order(office, under, 100_001)
    assert (refused.value.over.limit_of, refused.value.over.total) == ("contract", 300_001)
    first = order(office, under, 100_000)
    contracts.cancel_call_off(call_off_id=first.pk, reason="Fel belopp", actor=office.first)
    order(office, under, 100_000)


def test_call_offs_of_all_contracts_stop_at_the_budget_line(office: Office) -> None:
    """The line is 500 000 kronor; two contracts of 300 000 do not both fit."""
    one = contract(office)
    other = contract(office, record_number="SOF 2026/50")
    order(office, one, 300_000)
    with pytest.raises(AboveCeiling) as refused:
        order(office, other, 200_001)
    assert (refused.value.over.limit_of, refused.value.over.limit) == ("line", 500_000)
    with pytest.raises(AboveCeiling):
        order(office, other, 200_001, decision="  ")
    allowed = order(office, other, 200_001, decision="Styrgruppen 2026-09-01 § 4")
    assert allowed.decision == "Styrgruppen 2026-09-01 § 4"
    assert Operation.objects.filter(
        name="procurement.call_off", reason="Styrgruppen 2026-09-01 § 4"
    ).exists()


@pytest.mark.parametrize(
    ("amount", "called", "ceiling", "on_line", "line", "expected"),
    [
        (10, 90, 100, 0, 1_000, None),
        (11, 90, 100, 0, 1_000, "contract"),
        (10, 0, 100, 990, 1_000, None),
        (10, 0, 100, 991, 1_000, "line"),
        (200, 0, 100, 1_000, 1_000, "contract"),
    ],
)
def test_the_rule_of_ceilings(
    amount: int, called: int, ceiling: int, on_line: int, line: int, expected: str | None
) -> None:
    over = rules.passed_limit(
        amount=amount, called_off=called, ceiling=ceiling, on_line=on_line, line=line
    )
    assert (over.limit_of if over else None) == expected


def test_communications_tell_but_do_not_buy(office: Office) -> None:
    procurement = planned(office)
    with pytest.raises(NotAllowed):
        planning.announce(procurement_id=procurement.pk, actor=office.writer)
    with pytest.raises(NotAllowed):
        planning.save(facts=facts(office), actor=office.writer)
    with pytest.raises(NotAllowed):
        planning.cancel(procurement_id=procurement.pk, reason="x", actor=office.writer)
    client = Client()
    client.force_login(office.writer, backend=BACKEND)
    assert client.get(reverse("procurement:case", args=[procurement.public_id])).status_code == 200
    assert client.get(reverse("procurement:new")).status_code == 404


def test_the_open_data_tell_the_award_and_nothing_of_losers(office: Office) -> None:
    procurement = awarded(office)
    release = package("https://example.org/upphandlingar.json")["releases"][0]
    assert release["ocid"].endswith(procurement.public_id)
    assert release["awards"][0]["suppliers"] == [{"id": "SE-559000-0017", "name": "Exempel AB"}]
    assert release["tender"]["numberOfTenderers"] == 1
    assert "Kanarie" not in str(release)


def _faults(package_: dict[str, Any]) -> list[str]:
    # As it leaves the house: through JSON.
    sent = json.loads(json.dumps(package_))
    return [
        f"{'/'.join(map(str, error.path))}: {error.message}"
        for error in Draft202012Validator(PACKAGE).iter_errors(sent)
    ]


def test_the_schema_is_one_itself_and_every_part_of_it_is_used() -> None:
    Draft202012Validator.check_schema(PACKAGE)
    text = json.dumps(PACKAGE)
    assert [part for part in PACKAGE["$defs"] if f'"#/$defs/{part}"' not in text] == []


def test_what_breaks_the_schema_is_told(office: Office) -> None:
    """The control, in each part: a field that nobody has looked up, or one that is not there."""
    awarded(office)
    release = package("https://example.org/upphandlingar.json")["releases"][0]
    for part in (
        release,
        release["tender"],
        release["buyer"],
        release["parties"][0],
        release["awards"][0],
        release["awards"][0]["value"],
    ):
        part["unheard"] = 1
        assert _faults({**package("https://example.org/"), "releases": [release]}) != []
        del part["unheard"]
    assert _faults({**package("https://example.org/"), "releases": [release]}) == []
    del release["ocid"]
    assert _faults({**package("https://example.org/"), "releases": [release]}) != []


def test_the_open_data_keep_to_the_standard_s_shape(office: Office) -> None:
    awarded(office)
    made = package("https://example.org/upphandlingar.json")
    assert made["releases"]
    assert _faults(made) == []


def test_also_while_it_is_announced_and_when_it_is_cancelled(office: Office) -> None:
    procurement = planned(office)
    planning.announce(procurement_id=procurement.pk, actor=office.first)
    made = package("https://example.org/upphandlingar.json")
    assert made["releases"][0]["tag"] == ["tender"]
    assert _faults(made) == []
    planning.cancel(procurement_id=procurement.pk, reason="Behovet är borta", actor=office.first)
    made = package("https://example.org/upphandlingar.json")
    assert made["releases"][0]["tag"] == ["tenderCancellation"]
    assert _faults(made) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("initiationType", None), ("tag", ["news"]), ("date", "2026-01-01"), ("extra", 1)],
)
def test_a_release_at_fault_is_seen(office: Office, field: str, value: object) -> None:
    """The control."""
    awarded(office)
    made = package("https://example.org/upphandlingar.json")
    if value is None:
        made["releases"][0].pop(field)
    else:
        made["releases"][0][field] = value
    assert len(_faults(made)) == 1


def test_a_new_case_is_planned_and_shown(office: Office) -> None:
    client = Client()
    client.force_login(office.first, backend=BACKEND)
    given = vars(facts(office)) | {
        "budget_line": office.line.public_id,
        "responsible": "role-procure",
        "questions_until": "2027-03-01T12:00",
        "tenders_until": "2027-03-10T12:00",
    }
    answer = client.post(reverse("procurement:new"), given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = client.get(answer["Location"]).content.decode()
    assert "Lärande utvärdering" in page
    wrong = client.post(reverse("procurement:new"), {**given, "record_number": "12/34"})
    assert wrong.status_code == 422
    assert "SOF 2026/114" in wrong.content.decode()


def test_the_list_asks_no_more_for_many_cases(office: Office) -> None:
    client = Client()
    client.force_login(office.first, backend=BACKEND)
    address = reverse("procurement:list")
    announced(office)
    client.get(address)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
            package("x")
        return len(queries)

    few = asked()
    for number in range(10, 14):
        announced(office, record_number=f"SOF 2026/{number}")
    assert asked() == few
