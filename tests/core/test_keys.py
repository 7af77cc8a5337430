"""Keys are made once and then stay, whatever is posted."""

import pytest

from core.keys import Keyed, settled, unique
from forms_app.schema import key_from


def usable(key: str) -> bool:
    return key.isidentifier() and key != "granska"


def keys(posted: list[Keyed], saved: dict[str, str] | None = None, length: int = 60) -> list[str]:
    return settled(posted, saved or {}, make=key_from, usable=usable, length=length)


def test_a_new_one_gets_a_key_of_its_label() -> None:
    assert keys([Keyed("1", "", "Vad vill du låna?")]) == ["vad_vill_du_lana"]


def test_what_has_been_saved_keeps_its_key_whatever_is_posted() -> None:
    saved = {"1": "sak"}
    for posted in ("", "annat", "sak"):
        assert keys([Keyed("1", posted, "En helt ny text")], saved) == ["sak"]


def test_a_copy_gets_a_key_of_its_own_even_when_it_stands_first() -> None:
    saved = {"1": "sak"}
    copy, original = Keyed("2", "sak", "Sak"), Keyed("1", "sak", "Sak")
    assert keys([original, copy], saved) == ["sak", "sak_2"]
    assert keys([copy, original], saved) == ["sak_2", "sak"]


def test_a_new_one_keeps_the_key_that_a_condition_on_the_page_names_already() -> None:
    assert keys([Keyed("", "sak", "Den har bytt text"), Keyed("", "", "Sak")]) == ["sak", "sak_2"]


def test_reserved_words_and_nonsense_are_told_apart() -> None:
    assert keys([Keyed("", "", "Granska"), Keyed("", "å ä!", "Namn")]) == ["granska_2", "namn"]
    # One that was saved before it was checked is made anew.
    assert keys([Keyed("1", "granska", "Granska")], {"1": "granska"}) == ["granska_2"]
    assert keys([Keyed("", "", "§"), Keyed("", "", "!")]) == ["field", "field_2"]


@pytest.mark.parametrize("length", [8, 10])
def test_a_long_key_leaves_room_for_its_number(length: int) -> None:
    found = keys([Keyed("", "", "abcdefghijkl") for _ in range(12)], length=length)
    assert len(set(found)) == 12
    assert all(len(key) <= length for key in found)
    assert unique("abc", {"abc", "abc-2"}, length=60, joint="-") == "abc-3"
