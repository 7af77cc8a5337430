"""Registers that come with the portal: laid out once, then the staff's own."""

import datetime
import json
from pathlib import Path

from audit.operations import operation
from forms_app.models import FormDefinition
from forms_app.setup import ensure_form
from people.access import actor_of
from people.models import User
from programme.models import Register

FILE = Path(__file__).resolve().parent.parent / "data" / "registers.json"


def load_registers(*, since: datetime.date, actor: User | None = None) -> None:
    """Add what is missing; a register that is here already is left as staff have made it.

    :param since: the programme's first day, from which rhythms hold.
    """
    bundles = json.loads(FILE.read_text(encoding="utf-8"))
    with operation("register.load", actor=actor_of(actor) if actor else None):
        known = set(Register.objects.values_list("key", flat=True))
        for bundle in bundles:
            plain = bundle["register"]
            if plain["key"] in known:
                continue
            ensure_form(actor=actor, **bundle["form"])
            Register.objects.create(
                form=FormDefinition.objects.get(key=bundle["form"]["key"]),
                rhythm_from=since if "rhythm" in plain else None,
                **plain,
            )
