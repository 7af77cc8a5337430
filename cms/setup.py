"""The public pages' first words: from then on they belong to the editors."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import (
    Locale,
    Page,
    PageLogEntry,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from audit.operations import operation
from cms.models import AnotherReadsTask, ContactPage, HomePage, PortalPage
from cms.pagecache import renew_on_commit
from cms.plan import HOME, Planned, pages
from people.groups import APPROVERS
from people.models import Role

DATA = Path(__file__).resolve().parent / "data"
ENGLISH = DATA / "en"
# Kept by Wagtail as JSON in one column.
STREAMS = ("body", "cards", "seats")
DATES = ("assessed_on", "updated_on", "date", "published_on")
WORKFLOW = "Granskning av webbsidor"
# In Wagtail's log of a page, which outlives the page: the address that it was laid at.
LAID = "laid"
ANSWERS_VISITORS = "administrator"


@transaction.atomic
def load_site(*, examples: bool = True) -> Site:
    """Put up the pages that are missing; what an editor has written or removed is never touched.

    :param examples: false leaves out news and results, which tell of what has happened.
    :raises ImproperlyConfigured: when the site's address cannot be read.
    """
    with operation("cms.load"):
        swedish, _created = Locale.objects.get_or_create(language_code="sv")
        english, _created = Locale.objects.get_or_create(language_code="en")
        home = _home(swedish)
        planned = [one for one in pages() if examples or not one.example]
        made = _swedish(home, planned)
        _english(home, made, english, planned)
        site = _site(home)
        _remove_welcome(home)
        load_moderation(home)
    renew_on_commit()
    return site


def site_address() -> tuple[str, int]:
    """Host and port of the site, as links in messages begin (``BASE_URL``).

    :raises ImproperlyConfigured: when that is no address.
    """
    base = settings.WAGTAILADMIN_BASE_URL
    try:
        parts = urlsplit(base)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            f"BASE_URL is «{base}», which is no address: write it as https://portal.example.org"
        )
    return host, port or (443 if parts.scheme == "https" else 80)


def _site(home: HomePage) -> Site:
    """The site that answers, at the address that the settings name; no row is written in vain."""
    site: Site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    before = (site.hostname, site.port, site.site_name, site.root_page_id)
    site.hostname, site.port = site_address()
    site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
    # Wagtail's own first page until now; another root is an editor's choice.
    if site.root_page_id is None or not isinstance(site.root_page.specific, HomePage):
        site.root_page = home
    if site.pk is None or before != (
        site.hostname,
        site.port,
        site.site_name,
        site.root_page_id,
    ):
        site.save()
        # Wagtail forgets the addresses when the row is saved, where others may still read the old.
        transaction.on_commit(Site.clear_site_root_paths_cache, robust=True)
    return site


def load_moderation(home: HomePage) -> Workflow:
    """The workflow that every page is published through: somebody else reads it first."""
    task = AnotherReadsTask.objects.first()
    if task is None:
        task = AnotherReadsTask.objects.create(name="Någon annan läser sidan")
        group, _created = Group.objects.get_or_create(name=APPROVERS)
        task.groups.add(group)
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if created:
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    for page in (home, *home.get_translations()):
        if not WorkflowPage.objects.filter(page_id=page.pk).exists():
            WorkflowPage.objects.create(page_id=page.pk, workflow=workflow)
    return workflow


def _home(locale: Locale) -> HomePage:
    """The first page, beside Wagtail's own until the site points here."""
    home: HomePage | None = HomePage.objects.filter(locale=locale).first()
    if home is None:
        root = Page.get_first_root_node()
        home = HomePage(locale=locale, **_words(HOME, DATA / f"{HOME}.json"))
        _put_up(root, home)
    return home


def _swedish(home: HomePage, plan: Sequence[Planned]) -> dict[str, Page]:
    """Every planned page in Swedish, by its address."""
    made: dict[str, Page] = {HOME: home}
    laid = _laid(home.locale)
    for planned in plan:
        parent = made.get(planned.parent)
        if parent is None:  # an editor has taken the section away
            continue
        found = Page.objects.child_of(parent).filter(slug=planned.slug).first()
        if found is not None:
            made[planned.slug] = found
        elif planned.slug not in laid:
            made[planned.slug] = _add(
                parent, planned, planned.slug, DATA / f"{planned.slug}.json", home.locale
            )
    return made


def _english(
    home: HomePage, made: dict[str, Page], locale: Locale, plan: Sequence[Planned]
) -> None:
    """The pages that exist in English too, each bound to the Swedish one."""
    top = HomePage.objects.filter(locale=locale).first()
    if top is None:
        words = _words("hem-en", ENGLISH / f"{HOME}.json")
        top = HomePage(locale=locale, translation_key=home.translation_key, **words)
        _put_up(home.get_parent(), top)
    laid = _laid(locale)
    for planned in plan:
        original = made.get(planned.slug)
        if not planned.english or planned.english in laid:
            continue
        if original is None or original.get_translations().exists():
            continue
        above = made[planned.parent].get_translation_or_none(locale)
        if above is not None and not Page.objects.child_of(above).filter(slug=planned.english):
            key = original.translation_key
            file = ENGLISH / f"{planned.slug}.json"
            _add(above, planned, planned.english, file, locale, translation_key=key)


def _add(
    parent: Page, planned: Planned, slug: str, file: Path, locale: Locale, **more: Any
) -> PortalPage:
    page = planned.kind(locale=locale, show_in_menus=planned.in_menu, **_words(slug, file), **more)
    if isinstance(page, ContactPage):
        page.told_role = Role.objects.filter(key=ANSWERS_VISITORS).first()
    # Anew, since the parent's count of children may be from before the last one.
    _put_up(Page.objects.get(pk=parent.pk), page)
    log(page, "wagtail.create", data={LAID: slug, "language": locale.language_code})
    return page


def _laid(locale: Locale) -> set[str]:
    """The addresses of pages laid before: one that is gone now has been removed or moved."""
    entries = PageLogEntry.objects.filter(data__has_key=LAID, data__language=locale.language_code)
    return {entry.data[LAID] for entry in entries}


def _put_up(parent: Page, page: PortalPage) -> None:
    """Public at once; the first version that is kept for comparison is an editor's."""
    page.live = True
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)


def _words(slug: str, file: Path) -> dict[str, Any]:
    """The first words of a page, with streams as Wagtail stores them."""
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for name in STREAMS:
        if name in words:
            words[name] = json.dumps(words[name])
    for name in DATES:
        if name in words:
            words[name] = datetime.date.fromisoformat(words[name])
    return {"slug": slug, **words}


def _remove_welcome(home: HomePage) -> None:
    """Wagtail's own first page, which nobody has written."""
    welcome = Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk).first()
    if welcome is not None and welcome.specific_class is Page and welcome.numchild == 0:
        welcome.delete()
