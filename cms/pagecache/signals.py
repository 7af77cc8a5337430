"""What changes the public pages, and therefore begins a new generation."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from cms.pagecache.generation import renew_on_commit
from people.models import Organisation
from programme.models import Category, Nomination, Place, Programme, Quota, Setting, Wave

# Rows whose values stand on the public pages: figures, facts, goals, windows, settings.
SHOWN: tuple[type[Model], ...] = (
    Programme,
    Category,
    Setting,
    Wave,
    Quota,
    Organisation,
    Nomination,
    Place,
    Site,
    Locale,
    PageViewRestriction,
)


def _changed(**kwargs: Any) -> None:
    renew_on_commit()


def _page_deleted(sender: type[Model], **kwargs: Any) -> None:
    if issubclass(sender, Page):
        renew_on_commit()


def connect() -> None:
    """Listen to everything that changes what visitors see."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(_changed, dispatch_uid="cms.pagecache")
    post_delete.connect(_page_deleted, dispatch_uid="cms.pagecache.deleted")
    for model in SHOWN:
        post_save.connect(_changed, sender=model, dispatch_uid=f"cms.pagecache.{model.__name__}")
        post_delete.connect(_changed, sender=model, dispatch_uid=f"cms.pagecache.{model.__name__}")
