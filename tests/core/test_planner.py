"""The planner sees what has just been written, inside the transaction that wrote it."""

import pytest
from django.db import connection

from core import planner


@pytest.mark.django_db
def test_the_planner_knows_the_size_after_a_look_and_not_before() -> None:
    def expected_rows() -> float:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'just_written'::regclass")
        return float(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE just_written AS SELECT generate_series(1, 500)")
        assert expected_rows() != 500
        planner.look_at(["just_written"])
        assert expected_rows() == 500
