"""What this room can fetch into a form's answers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms_app.prefill import Source, register
from people.models import User
from programme.models import NominationKind


def programme_name(viewer: User, context: Mapping[str, Any]) -> str:
    """The programme that the nomination belongs to; nothing in other forms."""
    found = NominationKind.objects.select_related("programme").filter(
        public_id=context.get("kind", "")
    )
    return found[0].programme.name if found else ""


def register_sources() -> None:
    """Offer them to whoever builds forms; called when the room starts."""
    register(Source("programme_name", _("the programme"), programme_name))
