"""``manage.py demo``: the real programme with invented people, ready to try."""

import datetime
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

import cms.demo
import cms.documents.demo
import cms.events
import cms.lecture_setup
import cms.setup
import people.demo
import people.setup
import programme.case_types.demo
import programme.demo
import programme.demo_story.story
import programme.evaluation.demo
import programme.governance.demo
import programme.lectures.demo
import programme.procurement.demo
import programme.registers.demo
import programme.registrations.demo
import programme.setup
import reports.demo
from audit.operations import Actor, operation
from core import planner
from programme.models import Programme

DEMO_ACTOR = Actor(id="demo", name="Demo")
# The waves' windows are counted from here when the story is told: it begins weeks later.
WAVES_FROM = datetime.date(2025, 12, 20)


class Command(BaseCommand):
    """Load what the demo shows; run again, it adds only what is missing."""

    help = "Load the demo: organisations, roles, programme, pages, people and the story so far."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, and up to which day."""
        parser.add_argument(
            "--scale",
            type=float,
            default=1,
            help="how many copies of the story; 0 for none, 0.1 for its first groups",
        )
        parser.add_argument(
            "--today",
            type=datetime.date.fromisoformat,
            default=None,
            help="tell the story up to this day, as YYYY-MM-DD",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build each step in one transaction, so a broken run leaves nothing half done."""
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("The demo's password is public: set DEMO=1 to load it.")
        scale, today = options["scale"], options["today"] or timezone.localdate()
        if scale < 0:
            raise CommandError("The scale is 0 or more.")
        for words, step in (
            ("organisations, roles and texts", self._ground),
            ("people and accounts", people.demo.build_people),
            ("programme, forms and workflows", lambda: self._programme(scale)),
            ("pages", cms.setup.load_site),
            ("a page that waits for its approval", cms.demo.send_in),
            # Nominating is what visitors do, so its window is open today whatever the story says.
            ("nominations", lambda: programme.demo.build_nominations(told=bool(scale))),
            ("costs", programme.case_types.demo.build_costs),
            ("procurements", programme.procurement.demo.build_procurements),
            ("evaluation", programme.evaluation.demo.build_evaluation),
            ("meetings and decisions", lambda: programme.governance.demo.build_governance(today)),
            ("registers", lambda: programme.registers.demo.build_registers(today)),
            ("documents", cms.documents.demo.build_documents),
        ):
            explained = operation("demo.load", actor=DEMO_ACTOR, reason=words)
            with self._step(words), transaction.atomic(), explained:
                step()
        with self._step("the story so far"):
            programme.demo_story.story.tell(today=today, scale=scale, say=self._say)
        with self._step("lectures and events"):
            programme.registrations.demo.build_registrations(today=today)
            cms.events.put_up_events()
        if scale:
            explained = operation("demo.load", actor=DEMO_ACTOR, reason="lectures")
            with self._step("lectures"), transaction.atomic(), explained:
                programme.lectures.demo.build_lectures(today)
                cms.lecture_setup.publish_drafts()
            with self._step("files and certificates"):
                reports.demo.report_months(today=today)
                programme.demo_story.story.disturb()
                reports.demo.certify()
        # Only our own: the catalogues are shared with other databases, where someone may wait
        # for them.
        names = connection.introspection.django_table_names(only_existing=True)
        planner.look_at(names)

    def _ground(self) -> None:
        people.setup.load_organisations()
        people.setup.load_roles()
        people.setup.load_notices()

    def _programme(self, scale: float) -> Programme:
        return programme.setup.load_programme(today=WAVES_FROM if scale else None)

    def _say(self, words: str) -> None:
        self.stdout.write(f"    {words} …")

    @contextmanager
    def _step(self, words: str) -> Iterator[None]:
        self.stdout.write(f"  {words} …")
        begun = time.monotonic()
        yield
        self.stdout.write(f"    {time.monotonic() - begun:.1f} s")
