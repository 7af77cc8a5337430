"""The public menu: the pages that editors have ticked «show in menus», below the first page."""

from dataclasses import dataclass

from django.core.cache import cache
from wagtail.models import Page

from cms.pagecache.generation import current

KEPT_FOR_SECONDS = 300


@dataclass(frozen=True)
class MenuLink:
    """One word of the menu and where it leads."""

    title: str
    url: str


def menu(language: str) -> list[MenuLink]:
    """The menu in the language, kept until the public pages change."""
    key = f"cms.menu:{current()}:{language}"
    kept: list[MenuLink] | None = cache.get(key)
    if kept is None:
        pages = Page.objects.live().public().in_menu().filter(depth=3)
        kept = [
            MenuLink(page.title, page.get_url() or "")
            for page in pages.filter(locale__language_code=language).order_by("path")
        ]
        cache.set(key, kept, KEPT_FOR_SECONDS)
    return kept
