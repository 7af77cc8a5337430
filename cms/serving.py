"""Finding a page by its whole address at once, where Wagtail asks level by level."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from wagtail import views
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.url_routing import RouteResult

from cms.pagecache import generation

# The roots of the sites by generation, host, port and language; a handful, and history at
# once when a site, a language or a page changes.
_roots: dict[tuple[str, str, str, str], tuple[Site, str]] = {}
MOST_ROOTS = 50


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own way of serving, told which page it is when that is plain.

    Where no page has the address, Wagtail looks itself: for redirects, for pages that have
    addresses of their own below them, and to say that there is nothing.
    """
    root = _root(request)
    if root is not None:
        site, above = root
        request._wagtail_site = site  # type: ignore[attr-defined]
        page = Page.objects.filter(url_path=f"{above}{path}", live=True).first()
        specific = page.specific if page is not None else None
        # A kind with addresses of its own below it is asked itself.
        if specific is not None and type(specific).route is Page.route:
            request._wagtail_route_for_request = RouteResult(specific)  # type: ignore[attr-defined]
    return cast(HttpResponse, views.serve(request, path))


_restricted: dict[str, bool] = {}


def any_is_restricted() -> bool:
    """Whether there is any restriction at all; asked once until the public pages change."""
    name = generation.current()
    if name not in _restricted:
        _restricted.clear()
        _restricted[name] = PageViewRestriction.objects.exists()
    return _restricted[name]


def _root(request: HttpRequest) -> tuple[Site, str] | None:
    language = getattr(request, "LANGUAGE_CODE", "sv")
    key = (generation.current(), request.get_host(), request.get_port(), language)
    if key not in _roots:
        site = Site.find_for_request(request)
        if site is None:
            return None
        home = site.root_page
        locale = Locale.objects.filter(language_code=language).first()
        if locale is not None and locale.pk != home.locale_id:
            home = home.get_translation_or_none(locale) or home
        if len(_roots) >= MOST_ROOTS:
            _roots.clear()
        _roots[key] = (site, home.url_path)
    return _roots[key]
