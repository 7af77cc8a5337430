"""What the lectures cost against their budget line (R-096)."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.operations import operation
from people.models import Capability
from programme.lectures import costs, making
from programme.models import BudgetLine, CallOff, Contract, Course, Lecture
from programme.procurement.actions import contracts
from programme.procurement.queries import lectures_bought_by
from programme.procurement.setup import LECTURES
from tests.people import builders as people
from tests.programme.lectures.builders import facts
from tests.programme.procurement import builders
from tests.programme.procurement.builders import Office
from tests.programme.procurement.test_cases import contract


@pytest.fixture
def office(db: None) -> Office:
    """Who buys, on the line for lectures."""
    found = builders.office()
    with transaction.atomic(), operation("test.line"):
        BudgetLine.objects.update(key=LECTURES, amount=230_000)
        Course.objects.create(programme=found.programme, key="forelasning", name="Föreläsning")
        people.holds(found.first, "leader", found.city, Capability.MANAGE_PROGRAMME)
    return found


def lecture(office: Office, title: str) -> Lecture:
    return making.save_lecture(
        facts=facts(title=title), programme=office.programme, actor=office.first
    )


def order(office: Office, under: Contract, amount: int, about: Lecture | None) -> CallOff:
    return contracts.call_off(
        contract_id=under.pk,
        what="Föreläsning",
        amount=amount,
        ordered_on=under.starts_on,
        lecture=about,
        actor=office.first,
    )


def test_each_lecture_s_cost_stands_against_the_line(office: Office) -> None:
    one, two, three = (lecture(office, title) for title in ("Ett", "Två", "Tre"))
    under = contract(office)
    order(office, under, 30_000, one)
    order(office, under, 10_000, one)
    order(office, under, 20_000, two)
    order(office, under, 5_000, None)
    gone = order(office, under, 9_000, two)
    contracts.cancel_call_off(call_off_id=gone.pk, reason="Blev inte av", actor=office.first)
    found = costs.of_programme(office.programme)
    assert found is not None
    assert [(row.title, row.amount) for row in found.lectures] == [("Ett", 40_000), ("Två", 20_000)]
    assert (found.ordered, found.left, found.unnamed, found.each) == (
        65_000,
        165_000,
        5_000,
        30_000,
    )
    # A draft that has cost nothing is nothing to tell of; one that is open is.
    making.open_lecture(lecture_id=three.pk, actor=office.first)
    again = costs.of_programme(office.programme)
    assert again is not None
    assert [(row.title, row.amount) for row in again.lectures][2:] == [("Tre", 0)]


def test_an_order_names_a_lecture_only_where_lectures_are_bought(office: Office) -> None:
    made = lecture(office, "Ett")
    under = contract(office)
    assert list(lectures_bought_by(under.procurement)) == [made]
    client = Client()
    client.force_login(office.first)
    page = reverse("procurement:call_off", args=[under.procurement.public_id, under.public_id])
    assert "Föreläsning som det avser" in client.get(page).content.decode()
    sent = {
        "what": "Ett",
        "amount": "1000",
        "ordered_on": under.starts_on.isoformat(),
        "lecture": made.public_id,
    }
    assert client.post(page, sent).status_code == 302
    assert CallOff.objects.get().lecture == made
    # The control: another line.
    with transaction.atomic(), operation("test.line"):
        BudgetLine.objects.update(key="utvardering")
    assert "Föreläsning som det avser" not in client.get(page).content.decode()
    assert costs.of_programme(office.programme) is None


def test_those_who_see_the_coverage_see_the_cost(office: Office) -> None:
    order(office, contract(office), 30_000, lecture(office, "Ett"))
    client = Client()
    client.force_login(office.first)
    html = client.get(reverse("lectures:coverage")).content.decode()
    assert "Vad föreläsningarna kostar" in html
    assert "230\xa0000" in html


def test_the_price_does_not_follow_the_lectures(office: Office) -> None:
    under = contract(office)

    def price() -> int:
        with CaptureQueriesContext(connection) as asked:
            costs.of_programme(office.programme)
        return len(asked)

    order(office, under, 1_000, lecture(office, "Ett"))
    few = price()
    for number in range(4):
        order(office, under, 1_000, lecture(office, f"Lecture {number}"))
    assert price() == few
