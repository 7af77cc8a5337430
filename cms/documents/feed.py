"""Public documents as Atom: what is new or replaced, for those who follow the project."""

import datetime

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from cms.documents.queries import let_out_last
from cms.models.document import RegisteredDocument

NEWEST = 30


class DocumentFeed(Feed):  # type: ignore[type-arg]
    """The documents that became public last, or got a new public version."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """Whose documents they are."""
        return _("Documents from Kompetensportalen")

    def link(self) -> str:
        """The page that lists the same documents."""
        return reverse("documents:list")

    def items(self) -> list[RegisteredDocument]:
        """What anyone may read now, the latest first."""
        return list(let_out_last()[:NEWEST])

    def item_title(self, item: RegisteredDocument) -> str:
        """The document's title."""
        return str(item.title)

    def item_description(self, item: RegisteredDocument) -> str:
        """What has changed in the newest public version, else what it is about; read as HTML."""
        return escape(item.public_versions[0].change or item.description)

    def item_link(self, item: RegisteredDocument) -> str:
        """The page of the document."""
        return item.url

    def item_updateddate(self, item: RegisteredDocument) -> datetime.datetime:
        """When the public could first read the newest version."""
        moment: datetime.datetime = item.told_at
        return moment

    def item_categories(self, item: RegisteredDocument) -> list[str]:
        """Of what kind it is."""
        return [str(item.get_kind_display())]
