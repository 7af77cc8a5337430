"""The ground and the demo: run twice they add nothing, and the golden numbers hold."""

import time
from decimal import Decimal

import pytest
from django.db import transaction

import people.setup
from audit.operations import operation
from people.demo import build_people
from people.models import Organisation, Person
from programme import figure_rules, queries
from programme.demo import build_nominations
from programme.models import Nomination, Place, Quota, Rate
from programme.setup import load_programme
from tests.programme.builders import World
from workflows.models import Case


def test_the_programme_is_loaded_once(world: World) -> None:
    quotas = Quota.objects.count()
    load_programme(actor=world.administrator)
    assert Quota.objects.count() == quotas
    assert world.programme.waves.count() == 3
    assert world.programme.record_number == "25-021-S02"


def test_quotas_sum_to_a_thousand_and_a_hundred_and_forty(world: World) -> None:
    balances = {row.category.key: row.balance for row in queries.quota_balances(world.programme)}
    assert balances["medarbetare"].allotted == balances["medarbetare"].planned == 1000
    assert balances["chef"].allotted == balances["chef"].planned == 140


def test_planned_hours_and_the_rate_are_the_budgets(world: World) -> None:
    assert queries.hours(world.programme).planned == 28_520
    rate = Rate.objects.get(programme=world.programme, kind="participant")
    assert rate.amount == Decimal(417)
    assert rate.valid_from == world.programme.starts_on
    assert figure_rules.planned_hours([(1000, 26), (140, 18)]) * 417 == 11_892_840


@pytest.mark.django_db
def test_the_demo_is_quick_full_of_states_and_built_once() -> None:
    with transaction.atomic(), operation("test.demo"):
        people.setup.load_organisations()
        people.setup.load_roles()
        people.setup.load_notices()
    build_people()
    begun = time.monotonic()
    build_nominations()
    assert time.monotonic() - begun < 20
    count = Nomination.objects.count()
    assert 20 <= count <= 30
    build_nominations()
    assert Nomination.objects.count() == count
    assert set(Case.objects.values_list("state", flat=True)) >= {
        "waiting",
        "returned",
        "approved",
        "declined",
    }
    assert {"reserve", "offered", "accepted"} <= set(Place.objects.values_list("state", flat=True))
    farsta = Organisation.objects.get(code="farsta")
    first = Organisation.objects.filter(
        lineage__contains=[farsta.pk], kind=Organisation.Kind.UNIT
    ).order_by("pk")[0]
    free = Person.objects.filter(unit=first, is_manager=False, nominations=None)
    assert free.count() >= 8
