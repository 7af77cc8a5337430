"""Case types as kinds of case, and what the database keeps of them."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audit.operations import operation
from programme.case_types import actions
from programme.case_types.checks import facts_of
from programme.case_types.kind import StaffKind, staff_kinds
from programme.case_types.setup import ensure_case_type
from programme.models import CaseSubmission, CaseType
from tests.case_types.builders import LOAN, City, change, cost, decide, hand_in, waits_at
from tests.clients import signed_in
from workflows import kinds


def test_a_type_is_a_kind_before_there_is_a_case(city: City) -> None:
    kind = kinds.kind_named("kostnad")
    assert isinstance(kind, StaffKind)
    assert kind.condition_fields()["belopp"] == "Belopp utan moms, kronor"
    assert "kostnad" in {one.key for one in kinds.all_kinds()}
    assert kinds.kind_named("finns-inte") is None


def test_a_change_by_another_process_is_seen_at_the_next_click(city: City) -> None:
    """Within a request the kinds are asked once; between requests nothing is kept."""
    client = signed_in(city["administrator"])
    add = reverse("wagtailsnippets_workflows_workflowdefinition:add")
    assert ">Kostnad</option>" in client.get(add).content.decode()
    with connection.cursor() as cursor, transaction.atomic(), operation("test.elsewhere"):
        cursor.execute("UPDATE programme_casetype SET name = 'Utlägg' WHERE key = 'kostnad'")
    assert ">Utlägg</option>" in client.get(add).content.decode()


def test_a_key_or_letters_of_another_kind_are_refused_in_words(city: City) -> None:
    taken = kinds.collisions("nomination", "k")
    assert "nomination" in taken["key"]
    assert "Kostnad" in taken["prefix"]
    assert kinds.collisions("kostnad", "K", besides="kostnad") == {}
    assert set(kinds.collisions("kostnad", "N")) == {"key", "prefix"}
    bundle = {**LOAN, "type": {**LOAN["type"], "key": "nomination", "prefix": "N"}}
    with pytest.raises(Exception, match="nomination"), transaction.atomic():
        ensure_case_type(bundle, actor=city["administrator"])
    assert not CaseType.objects.filter(key="nomination").exists()


def test_what_is_registered_in_code_is_never_replaced_by_a_row(city: City) -> None:
    with transaction.atomic(), operation("test.sneak"):
        CaseType.objects.create(key="nomination", name="Falsk", prefix="F", form=cost().form)
    found = kinds.kind_named("nomination")
    assert found is not None
    assert not isinstance(found, StaffKind)
    assert [one.key for one in kinds.all_kinds()].count("nomination") == 1
    taken = facts_of(CaseType.objects.get(key="nomination")).collisions
    assert "key" in taken


def test_the_source_answers_for_types_out_of_use_too(city: City) -> None:
    actions.retire(case_type=cost(), actor=city["administrator"])
    assert "kostnad" in {kind.key for kind in staff_kinds()}


# What the database refuses --------------------------------------------------


def refused_by_database(sql: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), operation("test.refused"), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError:
        return True
    return False


STATEMENTS = (
    "UPDATE programme_casetype SET key = 'annan'",
    "UPDATE programme_casetype SET prefix = 'X'",
    "DELETE FROM programme_casetype",
    "UPDATE programme_casesubmission SET round = 7",
    "DELETE FROM programme_casesubmission",
)


@pytest.mark.parametrize("sql", STATEMENTS)
def test_the_database_keeps_what_a_case_was_decided_on(city: City, sql: str) -> None:
    hand_in(city)
    assert refused_by_database(sql)


@pytest.mark.parametrize("sql", STATEMENTS[:2] + STATEMENTS[3:4])
def test_the_control_without_the_trigger_the_harm_happens(city: City, sql: str) -> None:
    hand_in(city)
    table = sql.split()[1]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    assert not refused_by_database(sql)


def test_saving_a_type_leaves_its_key_alone_and_keeps_history(city: City) -> None:
    case_type = change(cost(), name="Utlägg", key="annan")
    case_type.refresh_from_db()
    assert (case_type.key, case_type.name) == ("kostnad", "Utlägg")
    names = [row.name for row in case_type.history.all()]
    assert {"Kostnad", "Utlägg"} <= set(names)


def test_every_round_keeps_the_answers_it_was_decided_on(city: City) -> None:
    case = hand_in(city, belopp="100")
    decide(city, case, "approver", "return", reason="?", asked_fields=["belopp"])
    client = signed_in(city["economist"])
    first = client.post(reverse("case_types:complete", args=[case.reference]))["Location"]
    client.post(first, {"belopp": "200"})
    client.post(first.replace("/fakturan/", "/granska/"))
    rows = list(CaseSubmission.objects.filter(case=case).select_related("submission"))
    assert [(row.round, row.submission.answers["belopp"]) for row in rows] == [(1, 100), (2, 200)]
    assert rows[1].submission.replaces_id == rows[0].submission_id
    assert waits_at(case) == "godkannande"
