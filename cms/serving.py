"""Finding a page by its whole address at once, where Wagtail asks level by level.

Where a page lies is asked once until the public pages change; what it says, at each visit.
"""

from functools import cache
from typing import cast

from django.db.models import BigIntegerField, Q
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from wagtail import views
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.models.sites import get_site_for_hostname
from wagtail.url_routing import RouteResult

from cms.pagecache.generation import until_changed
from core.prepared import Prepared, Slot


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own way of serving, told which page it is when that is plain.

    Where no page has the address, Wagtail looks itself: for redirects, for pages that have
    addresses of their own below them, and to say that there is nothing.
    """
    language = getattr(request, "LANGUAGE_CODE", "sv")
    root = _root((request.get_host(), request.get_port(), language))
    if root is not None:
        site, above = root
        request._wagtail_site = site  # type: ignore[attr-defined]
        page = _page_at(f"{above}{path}")
        if page is not None:
            request._wagtail_route_for_request = RouteResult(page)  # type: ignore[attr-defined]
    return cast(HttpResponse, views.serve(request, path))


def any_is_restricted() -> bool:
    """Whether there is any restriction at all; asked once until the public pages change."""
    return _restrictions("any")


@until_changed
def around(where: tuple[str, str]) -> list[Page]:
    """Pages above this path, and the page itself in every language, in one query.

    ``where`` is the page's path in the tree and its translation key.
    """
    path, translation_key = where
    above = [path[:end] for end in range(Page.steplen, len(path), Page.steplen)]
    pages = Page.objects.filter(Q(path__in=above) | Q(translation_key=translation_key, live=True))
    return list(pages.select_related("locale"))


def _page_at(url_path: str) -> Page | None:
    """The public page with that address, of its own kind and as it is now."""
    lies = _kind_at(url_path)
    if lies is None:
        return None
    kind, pk = lies
    found = _pages_of(kind)(pk=pk)  # type: ignore[arg-type]  # a class is hashable
    return found[0] if found else None


@cache
def _pages_of(kind: type[Page]) -> Prepared[Page]:
    return Prepared(
        lambda: kind._default_manager.filter(pk=Slot("pk", BigIntegerField()), live=True).order_by()
    )


@until_changed
def _kind_at(url_path: str) -> tuple[type[Page], int] | None:
    page = Page.objects.filter(url_path=url_path, live=True).first()
    kind = page.specific_class if page is not None else None
    # A kind with addresses of its own below it is asked itself.
    if page is None or kind is None or kind.route is not Page.route:
        return None
    return kind, page.pk


@until_changed
def _restrictions(_which: str) -> bool:
    return bool(PageViewRestriction.objects.exists())


@until_changed
def _root(asked: tuple[str, str, str]) -> tuple[Site, str] | None:
    """The site of a host and port, and the address of its first page in a language."""
    host, port, language = asked
    try:
        site = get_site_for_hostname(split_domain_port(host)[0], port)
    except Site.DoesNotExist:
        return None
    home = site.root_page
    locale = Locale.objects.filter(language_code=language).first()
    if locale is not None and locale.pk != home.locale_id:
        home = home.get_translation_or_none(locale) or home
    return site, home.url_path
