"""Files that the whole site answers with: the map for search engines, and the poster."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import sitemap as wagtail_sitemap
from wagtail.models import Page

from cms import poster as making
from programme.queries import current_programme

# What a search engine has no use for: tools behind the sign-in, and search itself.
NOT_FOR_ROBOTS = ("/cms/", "/arbete/", "/logga-in/", "/sok/", "/en/search/")


class PortalSitemap(Sitemap):
    """The pages of every language; Wagtail's own lists those of one."""

    def items(self) -> Any:
        """Every published page that anyone may read."""
        pages = Page.objects.live().public().filter(depth__gt=1).order_by("path")
        return pages.defer_streamfields().specific()


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The map of the site."""
    response: HttpResponse = wagtail_sitemap(request, sitemaps={"pages": PortalSitemap})
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where the map is, and what is not worth reading."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS),
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('cms:sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """The poster in A3 that the regulation asks for (2021/1060 article 50.1 d)."""
    language = "en" if request.GET.get("sprak") == "en" else "sv"
    programme = current_programme()
    if programme is None:
        raise Http404
    content = making.poster(programme, language=language, made_at=timezone.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="affisch-{language}.pdf"'
    return response


@require_safe
def poster_page(request: HttpRequest) -> HttpResponse:
    """The poster as a page that fills a screen in an entrance, which is as good by law."""
    programme = current_programme()
    if programme is None:
        raise Http404
    content = making.content(programme, "sv")
    return render(request, "cms/poster.html", {"poster": content, "programme": programme})
