"""What an editor can put on a page, named as an editor would say it."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import (
    TypedTableBlock,
    TypedTableBlockValidationError,
)
from wagtail.images.blocks import ImageBlock

# Headings are blocks of their own, so that a page's outline is never a matter of taste.
TEXT_FEATURES = ["bold", "link", "document-link", "ol", "ul"]


def own_or_web_address(value: str) -> None:
    """An address here or on the web; nothing that a browser would run."""
    if not re.fullmatch(r"(/(?!/)|https?://|mailto:|#)[^\s<>\"]*", value):
        raise ValidationError(_("Write an address that begins with / or https://."))


class HeadingBlock(blocks.CharBlock):
    """A heading of the second level; the page's title is the first."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "cms/blocks/heading.html"


class QuestionBlock(blocks.StructBlock):
    """One question with its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=160)
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)

    class Meta:
        icon = "help"
        label = _("Question and answer")


class CallOutBlock(blocks.StructBlock):
    """A box that stands out."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link"])

    class Meta:
        icon = "warning"
        label = _("Box that stands out")
        template = "cms/blocks/call_out.html"


class ButtonBlock(blocks.StructBlock):
    """A link that looks like a button: to a page here or to an address."""

    text = blocks.CharBlock(label=_("Words on the button"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(
        label=_("Address"), required=False, max_length=200, validators=[own_or_web_address]
    )

    class Meta:
        icon = "link"
        label = _("Button")
        template = "cms/blocks/button.html"


class StepsBlock(blocks.StructBlock):
    """Numbered steps: how something is done, from first to last."""

    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("What"), max_length=80)),
                ("text", blocks.CharBlock(label=_("How"), max_length=300)),
            ]
        ),
        label=_("Steps"),
    )

    class Meta:
        icon = "list-ol"
        label = _("Numbered steps")
        template = "cms/blocks/steps.html"


class PictureBlock(blocks.StructBlock):
    """A picture that says what it shows, or says that it is only decoration."""

    picture = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Words under the picture"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms/blocks/picture.html"


class QuoteBlock(blocks.StructBlock):
    """What somebody has said; a role and never a name, unless consent is recorded (R-178)."""

    text = blocks.TextBlock(label=_("Quote"), max_length=500)
    who = blocks.CharBlock(
        label=_("Who says it"),
        max_length=120,
        help_text=_("A role, such as «head of unit, Farsta». No names without recorded consent."),
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "cms/blocks/quote.html"


class FactBlock(blocks.StructBlock):
    """A box with facts, as labels and values."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    facts = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("label", blocks.CharBlock(label=_("What"), max_length=80)),
                ("value", blocks.CharBlock(label=_("Fact"), max_length=200)),
            ]
        ),
        label=_("Facts"),
    )

    class Meta:
        icon = "list-ul"
        label = _("Fact box")
        template = "cms/blocks/facts.html"


class VideoBlock(blocks.StructBlock):
    """A link to a video elsewhere; nothing is loaded from there before the reader follows it."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    address = blocks.URLBlock(label=_("Address"))
    length = blocks.CharBlock(label=_("Length"), required=False, max_length=40)
    transcript = blocks.RichTextBlock(
        label=_("What is said and shown"),
        features=["bold", "ol", "ul"],
        help_text=_("For those who cannot hear or see the video. The video has captions too."),
    )

    class Meta:
        icon = "media"
        label = _("Video with a transcript")
        template = "cms/blocks/video.html"


class CaptionedTableBlock(TypedTableBlock):
    """A table that says what it shows."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        columns = local_blocks or [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.CharBlock(label=_("Number"), required=False)),
        ]
        super().__init__(columns, **kwargs)

    def clean(self, value: Any) -> Any:
        """Refuse a table without words above it: read aloud, it would have no name."""
        cleaned = super().clean(value)
        if not (cleaned.caption or "").strip():
            raise TypedTableBlockValidationError(
                {}, non_block_errors=ErrorList([str(_("Say in the caption what the table shows."))])
            )
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")
        template = "cms/blocks/table.html"


class TimelineBlock(blocks.StructBlock):
    """What happens when, in order."""

    events = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("when", blocks.CharBlock(label=_("When"), max_length=60)),
                ("title", blocks.CharBlock(label=_("What"), max_length=120)),
                (
                    "text",
                    blocks.TextBlock(label=_("More about it"), required=False, max_length=400),
                ),
                ("done", blocks.BooleanBlock(label=_("Has happened"), required=False)),
            ]
        ),
        label=_("Events"),
    )

    class Meta:
        icon = "history"
        label = _("Timeline")
        template = "cms/blocks/timeline.html"


class AccordionBlock(blocks.StructBlock):
    """Long text in parts that the reader opens."""

    parts = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Title"), max_length=120)),
                ("text", blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)),
            ]
        ),
        label=_("Parts"),
    )

    class Meta:
        icon = "collapse-down"
        label = _("Parts that open")
        template = "cms/blocks/accordion.html"


class CardBlock(blocks.StructBlock):
    """A card: what it is and where it leads."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.CharBlock(label=_("Text"), max_length=240)
    link_text = blocks.CharBlock(label=_("Words of the link"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(
        label=_("Address"), required=False, max_length=200, validators=[own_or_web_address]
    )

    class Meta:
        icon = "doc-full"
        label = _("Card")


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = HeadingBlock()
    paragraph = blocks.RichTextBlock(
        features=TEXT_FEATURES, icon="pilcrow", label=_("Text"), template="cms/blocks/text.html"
    )
    list = blocks.ListBlock(
        blocks.CharBlock(label=_("Line")),
        icon="list-ul",
        label=_("List"),
        template="cms/blocks/list.html",
    )
    steps = StepsBlock()
    questions = blocks.ListBlock(
        QuestionBlock(),
        icon="help",
        label=_("Questions and answers"),
        template="cms/blocks/questions.html",
    )
    call_out = CallOutBlock()
    button = ButtonBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    facts = FactBlock()
    table = CaptionedTableBlock()
    timeline = TimelineBlock()
    accordion = AccordionBlock()
    cards = blocks.ListBlock(
        CardBlock(), icon="grip", label=_("Cards"), template="cms/blocks/cards.html"
    )
    video = VideoBlock()
