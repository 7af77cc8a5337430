"""Pages of the demo's events; from then on they belong to the editors."""

import json

from django.db import transaction
from wagtail.models import Page

from audit.operations import operation
from cms.models import EventIndexPage, EventPage, HomePage
from programme.models import Occasion

LEAD = (
    "Vi berättar vad vi har lärt oss, och du som arbetar i en annan kommun eller organisation är"
    " välkommen att ta med dig det hem."
)
BODY = [
    {
        "type": "paragraph",
        "value": "<p>Du får höra hur chefer och medarbetare i stadens socialtjänst har arbetat med"
        " metoder, bemötande och delaktighet, vad som gick bra och vad vi skulle göra annorlunda."
        " Efteråt finns tid för frågor.</p>",
    }
]


@transaction.atomic
def put_up_events() -> None:
    """A page for each event that has none."""
    swedish = {"locale__language_code": "sv"}
    parent: Page | None = (
        EventIndexPage.objects.filter(**swedish).first()
        or HomePage.objects.filter(**swedish).first()
    )
    if parent is None:
        return
    without = Occasion.objects.filter(kind=Occasion.Kind.EVENT).exclude(
        pk__in=EventPage.objects.values("occasion")
    )
    with operation("cms.load"):
        for occasion in without.order_by("starts_at", "pk"):
            page = EventPage(
                locale=parent.locale,
                title=occasion.title,
                slug=f"evenemang-{occasion.public_id}",
                lead=LEAD,
                body=json.dumps(BODY),
                occasion=occasion,
            )
            parent.add_child(instance=page)
            page.save_revision().publish()
