"""What an editor can put on a page, named as an editor would say it."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

# Headings are blocks of their own, so that a page's outline is never a matter of taste.
TEXT_FEATURES = ["bold", "link", "document-link", "ol", "ul"]


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
    address = blocks.CharBlock(label=_("Address"), required=False, max_length=200)

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


class CardBlock(blocks.StructBlock):
    """A card on the first page: what it is and where it leads."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.CharBlock(label=_("Text"), max_length=240)
    link_text = blocks.CharBlock(label=_("Words of the link"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(label=_("Address"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Card")
