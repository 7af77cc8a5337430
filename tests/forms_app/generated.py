"""Random conditions, forms and answers, for comparing the server with the page's script."""

import random
from typing import Any

from core.conditions import AllOf, AnyOf, Condition, Operator, Rule
from forms_app.calculations import Calculation, Operation
from forms_app.schema import Choice, FieldSchema, StepSchema

#: Values that two languages easily read differently.
TEXTS = (
    "", " ", "\u00a0", "\ufeff", "\x1f", "ja", "Ja ", "NEJ", "yes", "no", "true", "FALSE", "none",
    "Åsa", "åSA", "ÅSA\u00a0", "Straße", "STRASSE", "ΌΣΟΣ", "όσος", "İ", "i̇", "ı", "I", "ﬁ", "fi", "ꭰ", "Ꭰ",
    "0", "-0", "12", "12.0", "012", "+12", "12,5", "12.50", " 12.5 ", "1 200", "1\u00a0200,50", "1200.5",
    "12 34", "1,2,3", "1_000", "1e3", "1E-2", "1e9999", "٣", "²", ".5", "5.", ",", "NaN", "Infinity", "0x10",
    "99999999999999", "0.1", "0.10", "2026-02-28", "2026-02-29", "2024-02-29", " 2026-03-01", "20260301",
    "2026/3/1", "2026-3-1", "2026-W10-1", "0001-01-01", "0000-01-01", "9999-12-31", "röd", "RÖD", "blå",
    "a@b.se", "inte en adress", "rad ett\nrad två",
)  # fmt: skip
FIELDS = ("a", "b", "c")
#: Texts of which several are the same but for the case.
ALIKE = ("Straße", "STRASSE", "strasse", "ΌΣΟΣ", "όσος", "ﬁ", "FI")
NUMBERS = (0, 1, -1, 12, 1200, 0.1, 12.5, 1.0, 1e-7, 1e21, -0.5, 10**15)
COLOURS = ("röd", "blå", "grön")
NUMBER_TEXTS = (
    "",
    "0",
    "3",
    "12",
    "12,5",
    "1 200",
    "-4",
    "0,05",
    "12.345",
    "999999",
    "tolv",
    "1e3",
)
DAYS = ("", "2026-02-28", "2026-02-29", "20260301", "2026/3/1", "2027-12-31", "i maj")


def value(rng: random.Random, *, lists: bool = True) -> Any:
    """Anything that an answer or a rule may hold."""
    match rng.randrange(12 if lists else 10):
        case 0:
            return rng.choice((True, False))
        case 1:
            return None
        case 2 | 3:
            return rng.choice(NUMBERS)
        case 4:
            return rng.choice(ALIKE)
        case 10:
            return [value(rng, lists=False) for _one in range(rng.randrange(4))]
        case 11:
            return [{"a": value(rng, lists=False)} for _one in range(rng.randrange(3))]
    return rng.choice(TEXTS)


def condition(rng: random.Random, data: dict[str, Any], depth: int = 0) -> Condition:
    """A condition about answers, up to three levels deep; it often asks for what is answered."""
    if depth < 3 and rng.random() < (0.6 if depth == 0 else 0.3):
        parts = [condition(rng, data, depth + 1) for _one in range(rng.randrange(4))]
        return rng.choice((AllOf, AnyOf))(parts)
    near = list(data.values())
    asked = rng.choice(near) if near and rng.random() < 0.3 else value(rng)
    return Rule(rng.choice(FIELDS), rng.choice(list(Operator)), asked)


def _fitting(rng: random.Random, field: FieldSchema) -> Any:
    """A value that a rule about the field would have, so that rules are met now and then."""
    if field.kind in ("number", "calculated"):
        return rng.choice(NUMBER_TEXTS)
    if field.kind == "date":
        return rng.choice(DAYS)
    if field.kind in ("choice", "choices"):
        return rng.choice((*COLOURS, "RÖD"))
    return rng.choice(("yes", "no", True)) if field.kind == "yes_no" else value(rng)


def _about(rng: random.Random, earlier: list[FieldSchema]) -> Condition | None:
    if not earlier or rng.random() < 0.4:
        return None
    rules = []
    for _one in range(rng.randrange(1, 4)):
        field = rng.choice(earlier)
        given = _fitting(rng, field)
        if rng.random() < 0.2:
            given = (given, _fitting(rng, field))
        rules.append(Rule(field.key, rng.choice(list(Operator)), given))
    if len(rules) == 1:
        return rules[0]
    inner = AnyOf(rules[1:]) if rng.random() < 0.5 else AllOf(rules[1:])
    return rng.choice((AllOf, AnyOf))([rules[0], inner])


def _calculation(rng: random.Random, earlier: list[FieldSchema]) -> Calculation:
    groups = [one for one in earlier if one.kind == "group"]
    if groups and rng.random() < 0.5:
        group = rng.choice(groups)
        column = rng.choice(group.fields).key
        return Calculation(
            *rng.choice(
                ((Operation.SUM_ROWS, group.key, column), (Operation.COUNT_ROWS, group.key))
            )
        )
    way = rng.choice(
        (Operation.SUM, Operation.DIFFERENCE, Operation.PRODUCT, Operation.DAYS_BETWEEN)
    )
    fitting = ("date",) if way == Operation.DAYS_BETWEEN else ("number", "calculated")
    asked = [one for one in earlier if one.kind in fitting]
    if not asked or rng.random() < 0.2:
        asked = earlier
    return Calculation(way, rng.choice(asked).key, rng.choice(asked).key)


def field(
    rng: random.Random, key: str, earlier: list[FieldSchema], *, in_row: bool = False
) -> FieldSchema:
    """A question that may ask about those before it."""
    kinds = [
        "text",
        "long_text",
        "number",
        "number",
        "date",
        "date",
        "choice",
        "choices",
        "yes_no",
        "email",
    ]
    kinds += ["calculated"] * 2 if earlier else []
    kinds += [] if in_row else ["group"]
    kind = rng.choice(kinds)
    columns: list[FieldSchema] = []
    if kind == "group":
        for number in range(rng.randrange(1, 4)):
            columns.append(field(rng, f"{key}_{number}", [*earlier, *columns], in_row=True))
    return FieldSchema(
        key=key,
        label=key.upper(),
        kind=kind,
        required=kind != "calculated" and rng.random() < 0.3,
        show_if=_about(rng, earlier),
        require_if=None if kind == "calculated" else _about(rng, earlier),
        choices=tuple(Choice(one, one.title()) for one in COLOURS)
        if kind in ("choice", "choices")
        else (),
        max_length=8 if kind == "text" and rng.random() < 0.3 else None,
        decimals=rng.randrange(3) if kind in ("number", "calculated") else 0,
        minimum={"number": "1", "date": "2026-06-01"}.get(kind) if rng.random() < 0.2 else None,
        maximum={"number": "1000", "date": "2027-01-01"}.get(kind) if rng.random() < 0.2 else None,
        fields=tuple(columns),
        calculation=_calculation(rng, earlier) if kind == "calculated" else None,
    )


def typed(rng: random.Random, one: FieldSchema) -> Any:
    """What someone may type in the question."""
    match one.kind:
        case "group":
            # The page always shows a row; often nothing is typed in it.
            return [
                {
                    column.key: typed(rng, column)
                    for column in one.fields
                    if column.kind != "calculated"
                }
                if rng.random() < 0.8
                else {}
                for _row in range(rng.randrange(1, 4))
            ]
        case "choices":
            return [colour for colour in COLOURS if rng.random() < 0.4]
        case "choice":
            return rng.choice(("", *COLOURS))
        case "yes_no":
            return rng.choice(("", "yes", "no"))
        case "number":
            return rng.choice(NUMBER_TEXTS if rng.random() < 0.7 else TEXTS)
        case "date":
            return rng.choice(DAYS if rng.random() < 0.7 else TEXTS)
        case "email":
            return rng.choice(("", "a@b.se", "inte en adress"))
        case "text":
            return rng.choice([text for text in TEXTS if "\n" not in text])
    return rng.choice(TEXTS).replace("\n", "\r\n")


def page(rng: random.Random) -> tuple[StepSchema, dict[str, Any], dict[str, Any]]:
    """A step, what is known from the steps before it, and what is typed in it."""
    before = [field(rng, f"k{number}", [], in_row=True) for number in range(rng.randrange(3))]
    known = {one.key: value(rng) for one in before if rng.random() < 0.8}
    fields: list[FieldSchema] = []
    if rng.random() < 0.3:
        # Two days and what lies between them come together too seldom by themselves.
        days = Calculation(Operation.DAYS_BETWEEN, "d0", "d1")
        fields += [FieldSchema(key=f"d{number}", label="D", kind="date") for number in range(2)]
        fields += [FieldSchema(key="d2", label="D", kind="calculated", calculation=days)]
    for number in range(rng.randrange(2, 8)):
        fields.append(field(rng, f"f{number}", [*before, *fields]))
    given = {one.key: typed(rng, one) for one in fields if one.kind != "calculated"}
    return StepSchema(key="s", title="S", fields=tuple(fields)), known, given
