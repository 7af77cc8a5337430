"""Looking for a text in every table of the database, whatever the column."""

from django.db import connection


def everywhere(text: str) -> list[str]:
    """The tables that hold the text somewhere: history, inbox, search and sessions too."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT 1 FROM "{table}" t WHERE t::text LIKE %s LIMIT 1', [f"%{text}%"]
            )
            if cursor.fetchone():
                found.append(table)
    return found
