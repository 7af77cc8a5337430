"""Style sheets and scripts as few, small files whose names follow their content."""

import gzip
import re

import brotli  # type: ignore[import-untyped]
import pytest
from django.test import Client

from core import packing

MOST_BYTES = {"portal.css": 45_000, "portal.js": 2_000, "library.js": 16_000}


def _pack(name: str) -> packing.Pack:
    found = packing.pack(name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", MOST_BYTES)
def test_a_pack_is_small_and_says_the_same_in_every_form(name: str) -> None:
    found = _pack(name)
    assert len(found.plain) > 100
    assert gzip.decompress(found.gzipped) == found.plain
    assert brotli.decompress(found.brotlied) == found.plain
    assert len(found.brotlied) < MOST_BYTES[name]
    assert b"sourceMappingURL" not in found.plain


def test_every_style_sheet_is_in_the_pack_once() -> None:
    text = _pack("portal.css").plain.decode()
    for mark in (".govuk-button{", "--brand-deep", ".masthead {", ".front {", ".put-off-list"):
        assert mark in text, mark
    # A page's own sheet is not: it is asked for by that page.
    assert "css/workflows-editor.css" not in packing.room_styles()


def test_fonts_are_found_from_wherever_the_pack_lies() -> None:
    text = _pack("portal.css").plain.decode()
    addresses = re.findall(r'url\("([^"]+)"\)', text)
    assert addresses
    assert all(address.startswith("/static/vendor/") for address in addresses if "woff2" in address)
    assert "../" not in "".join(addresses)


def test_the_script_asks_for_the_packed_library() -> None:
    script, library = _pack("portal.js"), _pack("library.js")
    assert f'from "{library.address}"' in script.plain.decode()


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", "")])
def test_the_browser_gets_what_it_takes(accepted: str, encoding: str) -> None:
    answer = Client().get(_pack("portal.css").address, headers={"accept-encoding": accepted})
    assert answer.get("Content-Encoding", "") == encoding
    assert answer["Vary"] == "Accept-Encoding"
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.django_db
def test_an_old_name_answers_but_is_not_kept() -> None:
    answer = Client().get("/packat/0000000000000000/portal.css")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert Client().get("/packat/0000000000000000/annat.css").status_code == 404
