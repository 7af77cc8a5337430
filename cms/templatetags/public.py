"""What the frame of every page needs to know about the public pages."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.images.models import Image

from cms import addresses, feeds, pictures
from people.access import held_by
from people.models import Capability, User

register = template.Library()


@register.simple_tag
def public_address(slug: str) -> str:
    """Where the page with this Swedish address is, in the reader's language."""
    return addresses.path(slug)


@register.simple_tag
def home_address() -> str:
    """The first page in the reader's language."""
    return addresses.home()


@register.simple_tag(takes_context=True)
def other_language(context: template.Context) -> dict[str, str]:
    """The same page in the other language; its first page when there is no such page."""
    here = get_language() or "sv"
    wanted = "sv" if here == "en" else "en"
    words = {"sv": "På svenska", "en": "In English"}[wanted]
    found: list[Any] = context.get("alternates") or []
    url = next((one.url for one in found if one.language == wanted), addresses.home(wanted))
    return {"language": wanted, "url": url, "words": words}


@register.simple_tag
def feed_links() -> list[tuple[str, str]]:
    """The feeds that a page's head names."""
    return feeds.alternate_links()


@register.filter
def for_everyone(picture: Image | None) -> Image | None:
    """The picture if everyone may see it: a page that all read shows no other."""
    return picture if picture is not None and pictures.is_public(picture) else None


@register.simple_tag(takes_context=True)
def opens_for_reader(context: template.Context, address: str) -> bool:
    """Whether a page's button leads anywhere for whoever reads it.

    Somebody signed in who may not nominate would come to a page that does not exist for
    them; whoever is not signed in is asked to do so first, and may be anyone.
    """
    user = getattr(context.get("request"), "user", None)
    if not isinstance(user, User) or not address.startswith(reverse("programme:nominate")):
        return True
    return held_by(user).can(Capability.NOMINATE)
