"""Guards in the editors' tool: what others link to stays, and nobody publishes their own words."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page, ReferenceIndex

from cms import moderation, pictures
from cms.documents import editor as documents
from cms.models import PortalPage


def _refuse(request: HttpRequest, words: str, to: Page) -> HttpResponse:
    messages.error(request, words)
    answer: HttpResponse = redirect("wagtailadmin_explore", to.pk)
    return answer


def why_it_must_stay(page: Page) -> str:
    """Why the page, or one below it, cannot vanish; empty when it can."""
    tree = Page.objects.descendant_of(page, inclusive=True)
    specific = [one.specific for one in tree.defer_streamfields()]
    if any(isinstance(one, PortalPage) and one.is_fixed for one in specific):
        return _("Every page links here, so the page must stay published.")
    ids = {str(one.pk) for one in specific}
    linking = [
        reference
        for one in specific
        for reference in ReferenceIndex.get_references_to(one)
        if reference.object_id not in ids
    ]
    live = Page.objects.live().filter(
        pk__in=[int(one.object_id) for one in linking if one.object_id.isdigit()]
    )
    titles = sorted(set(live.values_list("title", flat=True)))
    if titles:
        return _("Other pages link here: %(pages)s. Change them first.") % {
            "pages": ", ".join(titles[:5])
        }
    return ""


def keep_linked_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Pages that others link to stay published; two of them by law."""
    if request.method != "POST":
        return None
    why = why_it_must_stay(page)
    return _refuse(request, why, page.get_parent()) if why else None


def keep_fixed_pages_in_place(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    """Moving a page that the foot links to would change its address; others get a redirect."""
    tree = Page.objects.descendant_of(page, inclusive=True).defer_streamfields()
    fixed = any(isinstance(p, PortalPage) and p.is_fixed for p in (one.specific for one in tree))
    if request.method == "POST" and fixed:
        words = _("Every page links here, so the page must stay published.")
        return _refuse(request, words, page.get_parent())
    return None


def somebody_else_publishes(request: HttpRequest, page: Page) -> HttpResponse | None:
    """What the user has written is kept as a draft for somebody else to approve."""
    if not moderation.has_written(page, request.user):
        return None
    return _refuse(
        request,
        _(
            "The page is saved as a draft. You have written it yourself, so somebody else publishes."
        ),
        page.get_parent(),
    )


def guard_many(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """The same guards where several pages are ticked at once."""
    if request.method != "POST":
        return None
    pages = [one for one in objects if isinstance(one, Page)]
    for page in pages:
        if action_type in ("delete", "unpublish") and (why := why_it_must_stay(page)):
            return _refuse(request, f"{page.title}: {why}", page.get_parent())
        if action_type == "move":
            refused = keep_fixed_pages_in_place(request, page, page)
            if refused is not None:
                return refused
        if action_type == "publish" and moderation.has_written(page, request.user):
            return _refuse(request, f"{page.title}: {moderation.OWN_WORK}", page.get_parent())
    return None


hooks.register("before_delete_page", keep_linked_pages)
hooks.register("before_unpublish_page", keep_linked_pages)
hooks.register("before_move_page", keep_fixed_pages_in_place)
documents.register()
pictures.register()
hooks.register("before_publish_page", somebody_else_publishes)
hooks.register("before_bulk_action", guard_many)
