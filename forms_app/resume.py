"""Going on with a draft on another device: a signed link that only its owner can use.

The link says which draft and where; it lets nobody in. Whoever opens it signs in first,
and anyone but the owner is told that there is no such page.
"""

import datetime
from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import post
from forms_app.models import Draft
from people.models import User

SALT = "forms_app.resume"
LASTS = datetime.timedelta(days=14)
#: Where in the draft's own memory the wizard's address is kept.
ADDRESS = "resume_at"
#: Clicks within this time give one message.
ONE_MESSAGE = datetime.timedelta(minutes=5)


class LinkExpired(Exception):
    """The link was good, but is too old."""


class LinkBroken(Exception):
    """The link was cut off or changed on its way."""


@dataclass(frozen=True)
class Link:
    """What a link says."""

    draft: str
    owner: int


def token_of(draft: Draft) -> str:
    """The signed link's own part."""
    return signing.dumps([draft.public_id, draft.owner_id], salt=SALT)


def address_of(link: Link) -> str | None:
    """Where the link leads; nothing when the draft is no longer there."""
    draft = Draft.objects.filter(public_id=link.draft, owner=link.owner).first()
    return draft.context.get(ADDRESS) if draft else None


def read(token: str) -> Link:
    """What the link says.

    :raises LinkExpired: when it is older than :data:`LASTS`.
    :raises LinkBroken: when it is not one of ours.
    """
    try:
        return Link(*signing.loads(token, salt=SALT, max_age=LASTS))
    except signing.SignatureExpired:
        raise LinkExpired from None
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkBroken from None


def answer(request: HttpRequest, draft: Draft, address: str) -> HttpResponse:
    """What the wizard's button «Send me a link» leads to: the same page again."""
    assert isinstance(request.user, User)
    send_link(draft=draft, address=address, actor=request.user)
    messages.success(request, _("A link is on its way to %s.") % request.user.email)
    return redirect(address)


@transaction.atomic
def send_link(*, draft: Draft, address: str, actor: User) -> None:
    """Mail the link to the draft's owner; the form's name is all that the mail tells.

    :param address: the page of the wizard to go on with.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk, owner=actor)
    # The address stays here: a link in a mail is as short as it can be.
    locked.context = {**locked.context, ADDRESS: address}
    locked.save(update_fields=["context"])
    name = draft.version.schema.get("name") or draft.version.definition.name
    spell = int(timezone.now().timestamp() // ONE_MESSAGE.total_seconds())
    post.send(
        recipient=actor,
        kind="resume",
        dedupe_key=f"resume:{draft.public_id}:{spell}",
        values={"form": name, "days": LASTS.days},
        link=reverse("forms_app:resume", args=[token_of(draft)]),
    )
