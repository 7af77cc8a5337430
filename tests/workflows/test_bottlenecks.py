"""Where cases wait: the figures are those that counting by hand gives."""

import datetime
import statistics

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.workdays import working_days_between
from people.access import held_by
from tests.clients import signed_in
from tests.workflows.builders import World, answer, case_in, give, organisation, version_of
from tests.workflows.test_pages import queries_of
from workflows import bottlenecks
from workflows.actions import withdraw
from workflows.models import Case, Decision, WorkItem
from workflows.rules import Step

ONE = Step(key="prioritise", name="Prioritera", role="avdelningschef", working_days=5)
NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture
def now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def decided(world: World, opened: datetime.datetime, after: int, where: str = "unit") -> Case:
    """A case whose step was decided so many days after it began."""
    who = "avdelning" if where == "unit" else "norra_chef"
    version = version_of(ONE)
    with time_machine.travel(opened, tick=False):
        case = case_in(world, version, organisation=getattr(world, where))
    with time_machine.travel(opened + datetime.timedelta(days=after), tick=False):
        answer(case, world[who])
    return case


def figures(world: World, who: str = "leader", **more: object) -> bottlenecks.Page:
    terms: dict[str, object] = {"kind": "", "days": 90} | more
    return bottlenecks.page(world[who], **terms)  # type: ignore[arg-type]


@pytest.mark.usefixtures("now")
def test_median_and_slowest_are_counted_in_working_days(world: World) -> None:
    # From before All Saints' Day: Saturday 31 October is free anyway, weekends do not count.
    start = datetime.datetime(2026, 10, 28, 22, 30, tzinfo=datetime.UTC)
    took = []
    for after in (0, 1, 2, 5, 12):
        decided(world, start, after)
        first = timezone.localdate(start)
        took.append(working_days_between(first, first + datetime.timedelta(days=after)))
    [step] = figures(world).steps
    [farsta] = step.districts
    assert farsta.name == "Farsta"
    assert farsta.median == statistics.median(took)
    assert farsta.slowest == pytest.approx(statistics.quantiles(took, n=10, method="inclusive")[8])
    assert (farsta.decided, farsta.waiting, farsta.late) == (5, 0, 0)


@pytest.mark.usefixtures("now")
def test_waiting_and_late_are_counted_and_the_whole_is_the_sum(world: World) -> None:
    for day in (2, 18, 19):
        with time_machine.travel(NOW.replace(day=day), tick=False):
            case_in(world, version_of(ONE))
    with time_machine.travel(NOW.replace(day=18), tick=False):
        case_in(world, version_of(ONE), organisation=world.norra_unit)
    decided(world, NOW.replace(day=9), 2, "norra_unit")
    page = figures(world)
    [step] = page.steps
    rows = {row.name: (row.waiting, row.late, row.decided) for row in step.districts}
    assert rows == {"Farsta": (3, 1, 0), "Norra": (1, 0, 1)}
    assert (step.total.waiting, step.total.late, step.total.decided) == (4, 1, 1)
    assert (page.waiting, page.late, page.worst) == (4, 1, step)


@pytest.mark.usefixtures("now")
def test_what_was_withdrawn_or_decided_too_long_ago_is_left_out(world: World) -> None:
    decided(world, NOW - datetime.timedelta(days=60), 1)
    with time_machine.travel(NOW.replace(day=18), tick=False):
        case = case_in(world, version_of(ONE))
        withdraw(case_id=case.pk, actor=world["chef"], reason="x")
    assert figures(world, days=30).steps == []
    assert figures(world, days=90).steps[0].total.decided == 1


@pytest.mark.usefixtures("now")
def test_everyone_sees_only_their_own_part(world: World) -> None:
    give(world["norra_chef"], "revisor", world.city)
    decided(world, NOW.replace(day=9), 2)
    decided(world, NOW.replace(day=9), 3, "norra_unit")
    [farsta] = figures(world, "avdelning").steps
    assert [row.name for row in farsta.districts] == ["Farsta"]
    [norra] = figures(world, "norra_chef").steps
    assert [row.name for row in norra.districts] == ["Norra"]
    url = reverse("workflows:bottlenecks")
    assert "Norra" not in signed_in(world["avdelning"]).get(url).content.decode()
    for who in ("chef", "auditor", "nobody"):
        assert signed_in(world[who]).get(url).status_code == 404


@pytest.mark.usefixtures("now")
def test_without_the_reach_a_head_would_see_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(world, NOW.replace(day=9), 3, "norra_unit")
    monkeypatch.setattr(bottlenecks, "places", lambda held: [world.city.pk])
    assert figures(world, "avdelning").steps
    monkeypatch.undo()
    assert not figures(world, "avdelning").steps
    assert bottlenecks.places(held_by(world["avdelning"])) == [world.department.pk]


@pytest.mark.usefixtures("now")
def test_the_page_can_be_narrowed_and_survives_nonsense(world: World) -> None:
    decided(world, NOW.replace(day=9), 3)
    client = signed_in(world["leader"])
    url = reverse("workflows:bottlenecks")
    body = client.get(url, {"slag": "bench", "dagar": "30"}).content.decode()
    assert "Prioritera" in body
    assert "<svg" in body
    for query in ({"slag": "annat"}, {"slag": "x\x00' OR 1=1", "dagar": "-1"}):
        body = client.get(url, query).content.decode()
        assert "Nothing waits and nothing has been decided" in body


@pytest.mark.usefixtures("now")
def test_the_page_costs_the_same_with_more_districts(world: World) -> None:
    decided(world, NOW.replace(day=9), 3)
    client = signed_in(world["leader"])
    few = queries_of(client, reverse("workflows:bottlenecks"))
    for n in range(20):
        place = organisation(f"Stadsdel {n}", "district", world.city)
        give(world["norra_chef"], "avdelningschef", place)
        world.norra_unit = place
        decided(world, NOW.replace(day=9), 2, "norra_unit")
    assert queries_of(client, reverse("workflows:bottlenecks")) == few


@pytest.mark.usefixtures("now")
def test_the_database_adds_up_however_many_there_are(world: World) -> None:
    case = decided(world, NOW.replace(day=9), 3)
    item, decision = case.work_items.get(), case.decisions.get()
    cases = [
        Case(
            **{
                field.attname: getattr(case, field.attname)
                for field in Case._meta.concrete_fields
                if field.attname not in ("id", "reference")
            },
            reference=f"B-1-{n}",
        )
        for n in range(2_000)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Case.objects.bulk_create(cases, batch_size=5000)
        for model, row in ((WorkItem, item), (Decision, decision)):
            columns = [
                f.column for f in model._meta.concrete_fields if f.column not in ("id", "case_id")
            ]
            names = ", ".join(f'"{c}"' for c in columns)
            cursor.execute(
                f'INSERT INTO "{model._meta.db_table}" (case_id, {names})'
                f" SELECT c.id, {', '.join(f'x.{c}' for c in columns)}"
                f' FROM workflows_case c, "{model._meta.db_table}" x'
                f" WHERE x.id = %s AND c.id != x.case_id",
                [row.pk],
            )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE workflows_workitem, workflows_decision, workflows_case")
    with CaptureQueriesContext(connection) as queries:
        [step] = figures(world).steps
    assert step.total.decided == 2_001
    assert len([q for q in queries if "workflows_workitem" in q["sql"]]) == 1
