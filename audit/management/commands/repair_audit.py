"""Put missing or altered audit triggers back, and leave a trace of having done so."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from audit import drift, installation
from audit.operations import operation


class Command(BaseCommand):
    """Runs as the owner of the tables."""

    help = "Install every audit trigger again; what was wrong is recorded as an event."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, repair, record."""
        with transaction.atomic(), operation("audit.repair"):
            problems = drift.problems("default")
            installation.install_all("default")
            if problems:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "INSERT INTO audit_inbox"
                        " (at, tbl, op, pk, operation_id, db_user, txid, payload) SELECT"
                        " clock_timestamp(), 'audit', '!', '', audit_operation_of("
                        "current_setting('audit.operation')::jsonb), session_user,"
                        " pg_current_xact_id()::text::bigint, %s",
                        [json.dumps({"problems": problems})],
                    )
        for problem in problems:
            self.stdout.write(problem)
        self.stdout.write(f"{len(problems)} repaired")
