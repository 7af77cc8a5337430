"""What the database knows of its tables, for where much is written and read again at once."""

from collections.abc import Iterable

from django.db import connection


def look_at(tables: Iterable[str]) -> None:
    """Let the planner see how large the tables have become; its own look comes much later.

    Until then it takes what has just been filled for empty, and joins it by looking
    through all of it for every row.
    """
    names = ", ".join(map(connection.ops.quote_name, tables))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
