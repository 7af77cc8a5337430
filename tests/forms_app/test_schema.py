"""The schema's plain shape: what versions store and digests are computed from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.kinds import KINDS, UnknownKind, kind_of
from forms_app.schema import Choice, FieldSchema, FormSchema, StepSchema, digest_of, key_from
from tests.core.test_conditions import CONDITIONS

TEXT = st.text(max_size=20)
MAYBE = st.none() | CONDITIONS
FIELD = st.builds(
    FieldSchema,
    key=TEXT,
    label=TEXT,
    kind=st.sampled_from(list(KINDS)),
    help=TEXT,
    required=st.booleans(),
    show_if=MAYBE,
    require_if=MAYBE,
    choices=st.lists(st.builds(Choice, TEXT, TEXT), max_size=3).map(tuple),
    max_length=st.none() | st.integers(1, 99),
    minimum=st.none() | st.sampled_from(["0", "3", "2026-01-01"]),
    maximum=st.none() | st.sampled_from(["3", "2026-01-01"]),
    decimals=st.integers(0, 4),
    max_megabytes=st.none() | st.integers(1, 50),
    extensions=st.lists(st.sampled_from(["pdf", "txt"]), max_size=2).map(tuple),
)
FORM = st.builds(
    FormSchema,
    name=TEXT,
    introduction=TEXT,
    steps=st.lists(
        st.builds(
            StepSchema,
            key=TEXT,
            title=TEXT,
            description=TEXT,
            show_if=MAYBE,
            fields=st.lists(FIELD, max_size=3).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
)


@given(FORM)
def test_a_form_is_the_same_after_a_round_trip(schema: FormSchema) -> None:
    plain = schema.to_plain()
    again = FormSchema.from_plain(plain)
    assert again.to_plain() == plain
    assert digest_of(again.to_plain()) == digest_of(plain)


def test_an_unknown_kind_fails_loudly() -> None:
    with pytest.raises(UnknownKind, match="mystery"):
        kind_of("mystery")


@given(TEXT)
def test_any_text_gives_a_key(label: str) -> None:
    assert key_from(label)
    assert key_from(label) == key_from(key_from(label))


def test_a_digest_follows_the_content() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
