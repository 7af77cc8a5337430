"""Answers: one check for wizard and spreadsheet, and answers in words."""

from collections.abc import Mapping

import pytest

from forms_app import actions, answers
from forms_app.schema import FormSchema
from people.models import User

from .conftest import Room


def raw(room: Room, **more: object) -> dict[str, object]:
    """Answers that pass."""
    return {"person": room.anna.public_id, "manager": "nej", **more}


def check(room: Room, values: Mapping[str, object], viewer: User | None = None) -> answers.Checked:
    """Check with the room's own form."""
    schema = FormSchema.from_plain(room.version.schema)
    return answers.check(schema, values, viewer=viewer or room.alice)


def test_answers_that_pass_are_stored_as_plain_values(room: Room) -> None:
    checked = check(
        room,
        raw(room, manager="ja", staff="1 234", why_many="Stort", needs=["other"], other_need="x"),
    )
    assert checked.errors == {}
    assert checked.values["manager"] is True
    assert checked.values["staff"] == 1234
    assert checked.values["person"] == room.anna.public_id
    assert checked.values["start"] is None


def test_answers_of_hidden_steps_and_questions_are_dropped(room: Room) -> None:
    checked = check(room, raw(room, staff="40", why_many="hemligt"))
    assert checked.errors == {}
    assert "staff" not in checked.values
    shown = check(room, raw(room, manager="ja", staff="4", why_many="hemligt"))
    assert "why_many" not in shown.values
    # The control: the same answers count once the conditions are met.
    assert check(room, raw(room, manager="ja", staff="40", why_many="x")).values["why_many"] == "x"


def test_a_condition_can_make_an_answer_required(room: Room) -> None:
    assert "other_need" in check(room, raw(room, needs=["other"])).errors
    assert check(room, raw(room, needs=["language"])).errors == {}


def test_a_person_from_another_district_is_refused(room: Room) -> None:
    foreign = {"person": room.sven.public_id, "manager": "ja", "staff": "1"}
    assert "person" in check(room, foreign).errors
    # The control: the same person may be chosen by who may choose there.
    assert check(room, foreign, room.bob).errors == {}


@pytest.mark.parametrize(
    "bad",
    [
        {"person": "x\x00y"},
        {"person": ["a", "b"]},
        {"person": {"a": 1}},
        {"manager": "kanske"},
        {"manager": ["ja", "nej"]},
        {"needs": {"x": "y"}},
        {"needs": ["nonsense"]},
        {"start": "2025-12-31"},
        {"start": "3 mars"},
        {"start": 20260303.5},
        {"mail": "nope"},
        {"mail": 7},
        {"paper": "zzzzzzzzzzzz"},
        {"paper": ["zz"]},
        {"manager": "ja", "staff": "NaN"},
        {"manager": "ja", "staff": "1e999999"},
        {"manager": "ja", "staff": "många"},
    ],
)
def test_bad_answers_are_errors_and_never_crashes(room: Room, bad: dict[str, object]) -> None:
    assert check(room, raw(room, **bad)).errors.keys() & bad.keys()


def test_answers_read_in_words_with_the_questions_of_their_version(room: Room) -> None:
    first = actions.submit_answers(
        version=room.version, raw=raw(room, needs=["other"], other_need="tolk"), actor=room.alice
    )
    second = actions.submit_answers(
        version=room.version,
        raw=raw(room, manager="ja", staff="5", needs=["language"]),
        actor=room.alice,
        replaces=first,
    )
    groups = answers.in_words(second, room.alice, previous=first)
    rows = {row.key: row for group in groups for row in group.rows}
    assert [group.title for group in groups] == ["Vem?", "Ledarskap", "Mer"]
    assert rows["person"].value == "Anna Testsson, North"
    assert not rows["person"].changed
    assert (rows["needs"].value, rows["needs"].before) == ("Språk", "Annat")
    assert rows["manager"].changed
    assert rows["start"].changed is False


def test_the_price_of_words_does_not_grow(
    room: Room, django_assert_max_num_queries: object
) -> None:
    submission = actions.submit_answers(version=room.version, raw=raw(room), actor=room.alice)
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        answers.in_words(submission, None)
