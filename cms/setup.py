"""The public pages' first words: from then on they belong to the editors."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from audit.operations import operation
from cms import addresses
from cms.lecture_setup import load_lecture_index
from cms.models import (
    AccessibilityPage,
    HomePage,
    PersonalDataPage,
    PortalPage,
    ProjectPage,
    StandardPage,
)

DATA = Path(__file__).resolve().parent / "data"
KINDS: dict[str, type[PortalPage]] = {
    addresses.ABOUT: ProjectPage,
    addresses.MANAGERS: StandardPage,
    addresses.PARTICIPANTS: StandardPage,
    addresses.ACCESSIBILITY: AccessibilityPage,
    addresses.PERSONAL_DATA: PersonalDataPage,
}


@transaction.atomic
def load_site() -> Site:
    """Put up the pages that are missing; what an editor has written is never touched."""
    with operation("cms.load"):
        Locale.objects.get_or_create(language_code="sv")
        home = _home()
        for slug, kind in KINDS.items():
            if not Page.objects.child_of(home).filter(slug=slug).exists():
                _add(home, kind, slug)
        load_lecture_index(home)
        site, _created = Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": "localhost",
                "root_page": home,
                "site_name": "Kompetensportalen",
            },
        )
        _remove_welcome(home)
    return site


def _home() -> HomePage:
    """The first page, beside Wagtail's own until the site points here."""
    home: HomePage | None = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        home = HomePage(locale=Locale.objects.get(language_code="sv"), **_words("hem"))
        root.add_child(instance=home)
        home.save_revision().publish()
    return home


def _add(home: HomePage, kind: type[PortalPage], slug: str) -> None:
    page = kind(locale=home.locale, **_words(slug))
    home.add_child(instance=page)
    page.save_revision().publish()


def _words(slug: str) -> dict[str, Any]:
    """The first words of a page, with the body as Wagtail stores it."""
    words: dict[str, Any] = json.loads((DATA / f"{slug}.json").read_text(encoding="utf-8"))
    for name in ("body", "cards"):
        if name in words:
            words[name] = json.dumps(words[name])
    for name in ("assessed_on", "updated_on"):
        if name in words:
            words[name] = datetime.date.fromisoformat(words[name])
    return {"slug": slug, **words}


def _remove_welcome(home: HomePage) -> None:
    """Wagtail's own first page, which nobody has written."""
    welcome = Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk).first()
    if welcome is not None and welcome.specific_class is Page and welcome.numchild == 0:
        welcome.delete()
