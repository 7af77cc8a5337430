"""The public pages' first words: from then on they belong to the editors."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site, Workflow, WorkflowPage, WorkflowTask

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
ANSWERS_VISITORS = "administrator"


@transaction.atomic
def load_site() -> Site:
    """Put up the pages that are missing; what an editor has written is never touched."""
    with operation("cms.load"):
        swedish, _created = Locale.objects.get_or_create(language_code="sv")
        english, _created = Locale.objects.get_or_create(language_code="en")
        home = _home(swedish)
        made = _swedish(home)
        _english(home, made, english)
        site, _created = Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": "localhost",
                "root_page": home,
                "site_name": "Kompetensportalen",
            },
        )
        _remove_welcome(home)
        load_moderation(home)
    renew_on_commit()
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


def _swedish(home: HomePage) -> dict[str, Page]:
    """Every planned page in Swedish, by its address."""
    made: dict[str, Page] = {HOME: home}
    for planned in pages():
        parent = made.get(planned.parent)
        if parent is None:  # an editor has taken the section away
            continue
        found = Page.objects.child_of(parent).filter(slug=planned.slug).first()
        made[planned.slug] = found or _add(
            parent, planned, planned.slug, DATA / f"{planned.slug}.json", home.locale
        )
    return made


def _english(home: HomePage, made: dict[str, Page], locale: Locale) -> None:
    """The pages that exist in English too, each bound to the Swedish one."""
    top = HomePage.objects.filter(locale=locale).first()
    if top is None:
        words = _words("hem-en", ENGLISH / f"{HOME}.json")
        top = HomePage(locale=locale, translation_key=home.translation_key, **words)
        _put_up(home.get_parent(), top)
    for planned in pages():
        original = made.get(planned.slug)
        if not planned.english or original is None or original.get_translations().exists():
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
    return page


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
