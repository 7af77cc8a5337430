"""The envelope that definitions travel in: what is read, what is refused and how."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core import exchange

SHELF: dict[str, dict[str, Any]] = {}


def _problems(key: str, content: Any) -> list[str]:
    return ["ingen sådan roll"] if content.get("role") == "none" else []


def _apply(key: str, content: Any, actor: Any) -> None:
    SHELF[key] = dict(content)


KIND = exchange.Kind(
    key="shelf",
    name="hylla",
    version=2,
    upgrades={1: lambda old: {"title": old["name"]}},
    schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["title"],
        "properties": {
            "title": {"type": "string", "maxLength": 10},
            "role": {"enum": ["none", "boss"]},
        },
    },
    export=SHELF.get,
    problems=_problems,
    changes=lambda key, content: [] if SHELF.get(key) == content else ["annan titel"],
    apply=_apply,
)


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    known = dict(exchange._KINDS)
    exchange.register(KIND)
    SHELF.clear()
    SHELF["a"] = {"title": "Å"}
    yield
    exchange._KINDS.clear()
    exchange._KINDS.update(known)


def file(**changed: Any) -> bytes:
    """An exported file with something changed, and the digest made anew."""
    plain = {**json.loads(exchange.write("shelf", "a")), **changed}
    plain.pop("digest")
    return json.dumps({**plain, "digest": exchange.digest_of(plain)}).encode()


def refusal(data: bytes, **asked: Any) -> str:
    with pytest.raises(exchange.Refused) as error:
        exchange.read(data, **asked)
    return " ".join(error.value.problems)


@pytest.mark.django_db
def test_what_is_exported_is_taken_in_and_exported_to_the_same_bytes() -> None:
    exported = exchange.write("shelf", "a")
    SHELF.clear()
    read = exchange.read(exported)
    shown = exchange.preview(read)
    assert shown.is_new
    assert not SHELF  # the dry run wrote nothing
    exchange.apply(read, actor=None)
    assert exchange.write("shelf", "a") == exported
    assert not exchange.preview(read).changes


@pytest.mark.django_db
def test_what_is_missing_here_stops_it_before_anything_is_written() -> None:
    read = exchange.read(file(key="b", content={"title": "x", "role": "none"}))
    assert exchange.preview(read).problems == ["ingen sådan roll"]
    with pytest.raises(exchange.Refused):
        exchange.apply(read, actor=None)
    assert "b" not in SHELF


def test_an_older_edition_is_lifted_and_a_newer_one_refused() -> None:
    assert exchange.read(file(kind_version=1, content={"name": "Ny"})).content == {"title": "Ny"}
    assert "nyare" in refusal(file(kind_version=3))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe", "kan inte läsas"),
        (b"[" * 100_000, "kan inte läsas"),
        (b'{"a": 1, "a": 2}', "kan inte läsas"),
        (b'{"a": NaN}', "kan inte läsas"),
        (b'{"a": 1e999}', "kan inte läsas"),
        (b'{"a": ' * 300 + b"1" + b"}" * 300, "kan inte läsas"),
        (b'{"a": "\\ud800"}', "kan inte läsas"),
        (b" " * (exchange.MAX_BYTES + 1), "större"),
        (b"{}", "saknar"),
        (b"[]", "fel sort"),
    ],
)
def test_a_strange_file_is_refused_in_words(data: bytes, says: str) -> None:
    assert says in refusal(data)


def test_faults_are_named_with_their_place() -> None:
    assert "content" in refusal(file(content={}))
    assert "title" in refusal(file(content={"title": 5}))
    assert "okänt" in refusal(file(content={"title": "x", "extra": 1}))
    assert "king" in refusal(file(content={"title": "x", "role": "king"}))
    assert "lagras" in refusal(file(content={"title": "a\x00"}))


def test_what_is_missing_is_said_once() -> None:
    assert refusal(b"{}").count("format_version") == 1


def test_another_kind_is_refused() -> None:
    assert "no-such" in refusal(file(kind="no-such"))
    assert "shelf" in refusal(exchange.write("shelf", "a"), only="form")


def test_a_changed_file_is_found_out() -> None:
    changed = exchange.write("shelf", "a").replace("Å".encode(), "Ö".encode())
    assert "ändrats" in refusal(changed)
    # The control: with a digest of its own the same change is read.
    assert exchange.read(file(content={"title": "Ö"})).content["title"] == "Ö"


@pytest.mark.parametrize("key", ["a\n", "a\r\nSet-Cookie: x", "\na", "a b", "Å"])
def test_a_key_is_the_whole_text(key: str) -> None:
    assert "key" in refusal(file(key=key))


def test_without_the_own_reading_of_patterns_a_line_break_slips_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange, "_Validator", Draft202012Validator)
    assert exchange.read(file(key="a\n")).key == "a\n"


def test_a_file_as_deep_as_a_definition_can_be_is_read() -> None:
    inner: Any = 1
    for _level in range(exchange.MAX_DEPTH - 4):
        inner = [inner]
    assert "extra" in refusal(file(content={"title": "x", "extra": inner}))
