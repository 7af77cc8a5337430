"""``manage.py demo``: the real programme with invented people, ready to try."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

import cms.setup
import people.demo
import people.setup
import programme.case_types.demo
import programme.demo
import programme.setup
from audit.operations import Actor, operation

DEMO_ACTOR = Actor(id="demo", name="Demo")


class Command(BaseCommand):
    """Load what the demo shows; run again, it adds only what is missing."""

    help = "Load the demo: organisations, roles, programme, pages, people and nominations."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build everything in one transaction, so a broken run leaves nothing half done."""
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("The demo's password is public: set DEMO=1 to load it.")
        for words, step in (
            ("organisations, roles and texts", self._ground),
            ("people and accounts", people.demo.build_people),
            ("programme, forms and workflows", programme.setup.load_programme),
            ("pages", cms.setup.load_site),
            ("nominations", programme.demo.build_nominations),
            ("costs", programme.case_types.demo.build_costs),
        ):
            self.stdout.write(f"  {words} …")
            with transaction.atomic(), operation("demo.load", actor=DEMO_ACTOR, reason=words):
                step()
        # So much at once, and the planner would still take the tables for empty. Only our own:
        # the catalogues are shared with other databases, where someone may wait for them.
        names = connection.introspection.django_table_names(only_existing=True)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, names))}")

    def _ground(self) -> None:
        people.setup.load_organisations()
        people.setup.load_roles()
        people.setup.load_notices()
