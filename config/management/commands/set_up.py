"""``manage.py set_up``: what an installation begins with, and who administers it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.setting_up import CannotSetUp, Newcomer, Report, set_up, way_in

DUMMY = "django.core.mail.backends.dummy.EmailBackend"


class Command(BaseCommand):
    """Lay the ground; run again, it adds only what is missing."""

    help = (
        "Lay what an installation begins with: organisations, roles, the programme with its forms"
        " and workflows, kinds of case, pages, and the first administrator's account."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who will be the first administrator."""
        parser.add_argument("--email", default="", help="the first administrator's address")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be added, and add nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write everything or nothing, and say how the administrator comes in."""
        given = Newcomer(options["email"], options["first_name"], options["last_name"])
        try:
            report = set_up(
                given if any(vars(given).values()) else None, dry_run=options["dry_run"]
            )
        except CannotSetUp as refusal:
            raise CommandError(f"{refusal}\nNothing was written.") from refusal
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        verb = "would be written" if dry_run else "written"
        for words, rows in report.rows.items():
            self.stdout.write(f"  {words}: {f'{rows} rows {verb}' if rows else 'nothing missing'}")
        if dry_run:
            self.stdout.write("Nothing was written.")
            return
        if any(report.rows.values()):
            self.stdout.write(f"Published in the name of {report.administrator.get_full_name()}.")
        link = way_in(report.administrator)
        if link is not None:
            until = timezone.localtime(link[1])
            self.stdout.write(
                f"\n{report.administrator.email} chooses a password here, until"
                f" {until:%Y-%m-%d %H:%M}; give the address to nobody else:\n{link[0]}\n"
            )
        if settings.EMAIL_BACKEND == DUMMY:
            self.stdout.write(
                "EMAIL_URL is not set: nobody else can choose a password until mail is sent."
            )
