"""Groups that lead or advise the project: by role, never by name (R-178, R-190, R-196)."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, ChoiceBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.models.standard import BodyPage

PARTS = [
    ("chair", _("chair")),
    ("member", _("member")),
    ("presenter", _("presents matters, without a vote")),
]


class SeatBlock(StructBlock):
    """One seat: which role sits there, for which organisation."""

    role = CharBlock(
        label=_("Role"), max_length=120, help_text=_("The role, never the person's name.")
    )
    organisation = CharBlock(label=_("Organisation"), max_length=120)
    part = ChoiceBlock(label=_("Part"), choices=PARTS, default="member")

    class Meta:
        icon = "user"
        label = _("Seat")


class SeatsBlock(StreamBlock):
    """The seats of a group."""

    seat = SeatBlock()


class GroupPage(BodyPage):
    """What a group decides or advises on, and which roles sit in it."""

    seats = StreamField(SeatsBlock(), verbose_name=_("seats"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("seats"),
        FieldPanel("body"),
    ]
    search_fields = [*BodyPage.search_fields, index.SearchField("seats")]
    template = "cms/group.html"

    class Meta:
        verbose_name = _("steering or reference group")
