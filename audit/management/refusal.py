"""Commands that would rewrite history, and why they do not run."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser


class RefusedCommand(BaseCommand):
    """Says no; the database's triggers say the same to whoever goes around it."""

    help = "Refused: history is written by the database and never removed or filled in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whatever the original takes, so that the refusal is what people read."""
        parser.add_argument("models", nargs="*")

    def run_from_argv(self, argv: list[str]) -> None:
        """Refuse before the options are read."""
        self.stderr.write(self.help)
        raise SystemExit(1)

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        """Refuse when called from code."""
        raise CommandError(self.help)
