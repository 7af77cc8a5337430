"""Guards in the editors' tool."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from cms.documents import editor as documents
from cms.models import PortalPage


def keep_fixed_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The pages that every page links to stay published; two of them by law."""
    specific = page.specific
    if not (isinstance(specific, PortalPage) and specific.is_fixed):
        return None
    if request.method == "POST":
        messages.error(request, _("Every page links here, so the page must stay published."))
        answer: HttpResponse = redirect("wagtailadmin_explore", page.get_parent().pk)
        return answer
    return None


def keep_fixed_pages_in_place(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    """Moving such a page would change its address."""
    return keep_fixed_pages(request, page)


hooks.register("before_delete_page", keep_fixed_pages)
hooks.register("before_unpublish_page", keep_fixed_pages)
hooks.register("before_move_page", keep_fixed_pages_in_place)
documents.register()
