"""StreamField blocks that staff build forms from; one block a kind, made from the registry."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.conditions import OPERATOR_WORDS
from core.editor import KeyBlock
from forms_app import prefill
from forms_app.calculations import OPERATION_WORDS
from forms_app.care import LEGAL_BASES, MAX_DAYS, SENSITIVE_BASES
from forms_app.files import DEFAULT_EXTENSIONS, MAX_MEGABYTES
from forms_app.kinds import KINDS, ROW_KINDS, Kind
from forms_app.picker import QuestionKeyBlock
from forms_app.raw import MOST_ROWS
from forms_app.schema import key_from

KEY_HELP = _(
    "A short name for conditions, lists and exports. It is made from the text the first time "
    "you save, and stays when you change the text: answers are found by it."
)


class KeyedBlock(blocks.StructBlock):
    """A block with a key that is made once from its text and then stays."""

    named_by = "label"

    def clean(self, value: Any) -> Any:
        """Fill in a missing key."""
        cleaned = super().clean(value)
        if not cleaned.get("key"):
            cleaned["key"] = key_from(cleaned.get(self.named_by) or "")
        return cleaned


class RuleBlock(blocks.StructBlock):
    """One comparison with an earlier answer."""

    field = QuestionKeyBlock(
        "condition", label=_("question"), help_text=_("The key of an earlier question")
    )
    operator = blocks.ChoiceBlock(
        label=_("comparison"),
        choices=[(operator.value, words) for operator, words in OPERATOR_WORDS.items()],
    )
    value = blocks.CharBlock(
        label=_("value"),
        required=False,
        help_text=_("Yes/no questions: yes or no. Several values: separate them with commas."),
    )


MATCHES = [("all", _("all of these are true")), ("any", _("any of these is true"))]


class RuleGroupBlock(blocks.StructBlock):
    """Comparisons that count as one, inside a condition."""

    match = blocks.ChoiceBlock(label=_("met when"), choices=MATCHES, default="any")
    rules = blocks.ListBlock(RuleBlock(), label=_("comparisons"), default=[])

    class Meta:
        icon = "list-ul"


class ConditionBlock(blocks.StructBlock):
    """Comparisons and groups of them, combined with «all» or «any»; none means always."""

    match = blocks.ChoiceBlock(label=_("met when"), choices=MATCHES, default="all")
    rules = blocks.ListBlock(RuleBlock(), label=_("comparisons"), default=[])
    groups = blocks.ListBlock(
        RuleGroupBlock(),
        label=_("groups of comparisons"),
        default=[],
        help_text=_("Each group counts as one comparison: «this and (that or that)»."),
    )

    class Meta:
        icon = "help"
        collapsed = True


class ChoiceRowBlock(KeyedBlock):
    """One alternative of a choice."""

    label = blocks.CharBlock(label=_("text"))
    key = KeyBlock(label=_("value"), help_text=KEY_HELP)


class CalculationBlock(blocks.StructBlock):
    """What a value is worked out from."""

    operation = blocks.ChoiceBlock(
        label=_("worked out as"),
        choices=[(operation.value, words) for operation, words in OPERATION_WORDS.items()],
    )
    first = QuestionKeyBlock(
        "first",
        label=_("the first question, or the group"),
        help_text=_("The key of an earlier question"),
    )
    second = QuestionKeyBlock(
        "second",
        label=_("the second question, or the group's column"),
        required=False,
        help_text=_("Not needed for the number of rows"),
    )

    class Meta:
        icon = "table"


def _columns_block() -> blocks.StreamBlock:
    return blocks.StreamBlock(
        [(key, field_block(KINDS[key], in_row=True)) for key in ROW_KINDS],
        label=_("questions of a row"),
        required=False,
    )


def _rows_block(label: Any) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=label, required=False, min_value=0, max_value=MOST_ROWS)


def _limit_blocks(kind: Kind, *, in_row: bool) -> dict[str, blocks.Block]:
    """The limits that staff can set for a kind."""
    size = {"required": False, "min_value": 0}
    day_or_number = blocks.DateBlock if kind.key == "date" else blocks.DecimalBlock
    known: dict[str, Any] = {
        "choices": lambda: blocks.ListBlock(ChoiceRowBlock(), label=_("choices"), min_num=0),
        "max_length": lambda: blocks.IntegerBlock(label=_("longest text"), **size),
        "minimum": lambda: day_or_number(
            label=_("earliest") if kind.key == "date" else _("smallest"), required=False
        ),
        "maximum": lambda: day_or_number(
            label=_("latest") if kind.key == "date" else _("largest"), required=False
        ),
        "decimals": lambda: blocks.IntegerBlock(
            label=_("decimals"), required=False, min_value=0, max_value=4, default=0
        ),
        "max_megabytes": lambda: blocks.IntegerBlock(
            label=_("largest size, MB"), required=False, min_value=1, max_value=MAX_MEGABYTES
        ),
        "extensions": lambda: blocks.MultipleChoiceBlock(
            label=_("file types"),
            choices=[(one, one) for one in DEFAULT_EXTENSIONS],
            required=False,
            help_text=_("None chosen means all of them."),
        ),
        "fields": _columns_block,
        "min_rows": lambda: _rows_block(_("fewest rows")),
        "max_rows": lambda: _rows_block(_("most rows")),
        "calculation": lambda: CalculationBlock(label=_("calculation")),
        "prefill": lambda: blocks.ChoiceBlock(
            label=_("fetched from"), choices=prefill.choices, required=False
        ),
        "prefill_locked": lambda: blocks.BooleanBlock(
            label=_("what was fetched may not be corrected"), required=False
        ),
    }
    limits = [one for one in kind.limits if not (in_row and one == "prefill")]
    if "prefill" in limits:
        limits.append("prefill_locked")
    return {limit: known[limit]() for limit in limits}


class PrivacyBlock(blocks.StructBlock):
    """Why a question asks for personal data; shown to the person who answers."""

    purpose = blocks.TextBlock(
        label=_("purpose"),
        required=False,
        rows=2,
        help_text=_("What the answer is used for, in words that the person answering understands."),
    )
    legal_basis = blocks.ChoiceBlock(
        label=_("legal basis"), choices=list(LEGAL_BASES.items()), required=False
    )
    sensitive_basis = blocks.ChoiceBlock(
        label=_("exception for sensitive data"),
        choices=list(SENSITIVE_BASES.items()),
        required=False,
        help_text=_("Health, union, religion, origin, politics, sexual life or biometric data."),
    )

    class Meta:
        icon = "lock"
        collapsed = True


class RetentionBlock(blocks.StructBlock):
    """How long the answer is kept, where it differs from the form's."""

    delete_after_days = blocks.IntegerBlock(
        label=_("delete after, days"), required=False, min_value=1, max_value=MAX_DAYS
    )
    keep_until = blocks.DateBlock(label=_("keep until"), required=False)
    keep_decision = blocks.CharBlock(
        label=_("decision to keep"), required=False, help_text=_("For example the record number.")
    )

    class Meta:
        icon = "calendar-alt"
        collapsed = True


#: What a browser can fill in (WCAG 1.3.5); the HTML standard's names.
AUTOCOMPLETE = [
    ("name", _("the answering person's name")),
    ("given-name", _("the answering person's first name")),
    ("family-name", _("the answering person's last name")),
    ("email", _("the answering person's e-mail address")),
    ("tel", _("the answering person's telephone number")),
    ("organization-title", _("the answering person's title")),
    ("street-address", _("the answering person's street address")),
    ("postal-code", _("the answering person's postal code")),
    ("off", _("nothing: it is about someone else")),
]


def _autocomplete(kind: Kind) -> list[tuple[str, blocks.Block]]:
    """Only what is typed can be filled in by the browser."""
    if kind.key not in ("text", "email"):
        return []
    block = blocks.ChoiceBlock(
        label=_("the browser may fill in"), choices=AUTOCOMPLETE, required=False
    )
    return [("autocomplete", block)]


def field_block(kind: Kind, *, in_row: bool = False) -> KeyedBlock:
    """The block that a question of the kind is built with.

    :param in_row: the question stands in a group's row.
    """
    demanded: list[tuple[str, blocks.Block]] = [
        ("required", blocks.BooleanBlock(label=_("must be answered"), required=False)),
        ("require_if", ConditionBlock(label=_("must be answered when"))),
    ]
    asked = [] if kind.key == "calculated" else demanded
    return KeyedBlock(
        [
            ("label", blocks.CharBlock(label=_("question"))),
            ("key", KeyBlock(label=_("key"), help_text=KEY_HELP)),
            ("help", blocks.TextBlock(label=_("help text"), required=False, rows=2)),
            *asked[:1],
            *_limit_blocks(kind, in_row=in_row).items(),
            ("show_if", ConditionBlock(label=_("ask only when"))),
            *asked[1:],
            *_autocomplete(kind),
            ("privacy", PrivacyBlock(label=_("personal data"))),
            ("retention", RetentionBlock(label=_("how long the answer is kept"))),
        ],
        label=kind.label,
        icon=kind.icon,
    )


class FormStepBlock(KeyedBlock):
    """One page of the wizard."""

    named_by = "title"

    title = blocks.CharBlock(label=_("title"))
    key = KeyBlock(label=_("key"), help_text=KEY_HELP)
    description = blocks.TextBlock(label=_("introduction"), required=False, rows=3)
    show_if = ConditionBlock(label=_("show the step only when"))
    fields = blocks.StreamBlock(
        [(kind.key, field_block(kind)) for kind in KINDS.values()],
        label=_("questions"),
        required=False,
    )

    class Meta:
        icon = "form"
        label = _("step")
        label_format = format_lazy("{}: {{title}}", _("Step"))
