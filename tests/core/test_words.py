"""What counts as a reason: something that can be read."""

import pytest

from core.words import said, says, whole


@pytest.mark.parametrize("text", ["Sjuk.", "  x ", "\u200bÅ\u200b", "\u202eabc", "1", "…", "👍"])
def test_something_that_can_be_read_says_something(text: str) -> None:
    assert says(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\t",
        "\u200b",
        "\u200b\u200d\ufeff",
        "\u202e\u202c",
        "\u00a0",
        "\x00",
        "\u2060 ",
    ],
)
def test_what_no_one_can_see_says_nothing(text: str) -> None:
    assert not says(text)


def test_cutting_spaces_alone_would_let_it_pass() -> None:
    assert "\u200b".strip()
    assert "\u202e\u202c".strip()


def test_what_is_said_is_without_the_space_around_it_and_nothing_where_it_says_nothing() -> None:
    assert said("  För att. \n") == "För att."
    assert said(" \u200b\u202e ") == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 7 ", 7),
        ("", None),
        ("-1", None),
        ("²", None),
        ("٣", None),
        ("9" * 5000, None),
    ],
)
def test_a_whole_number_is_figures_and_no_more_than_a_key_can_hold(
    text: str, number: int | None
) -> None:
    assert whole(text) == number


def test_asking_for_digits_alone_would_let_a_raised_one_through() -> None:
    assert "²".isdigit()
    with pytest.raises(ValueError, match="invalid literal"):
        int("²")
