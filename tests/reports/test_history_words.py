"""History is read by people: every column, kind, list and subject has its words in Swedish."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import trans_real

from audit import registry
from audit.queries import Change, in_words, plainly
from programme.models import CountedTime
from programme.months import corrections
from reports import telling
from reports.naming import TECHNICAL
from reports.subjects import named_subjects
from tests.clients import signed_in
from tests.programme.attendance import reports
from tests.programme.attendance.conftest import room_of
from tests.programme.attendance.received import JOIN, LEAVE, LONG, counted
from tests.programme.builders import World
from tests.programme.months.builders import MARCH, attended, locked, proposed, staff_account
from tests.programme.training import participation_of


@pytest.fixture(autouse=True)
def _swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


def without_words(catalogue: Any) -> list[str]:
    """The columns that history shows by a name that Django made, and that has no Swedish."""
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in registry.tracked_models()
        for field in model.history.model.tracked_fields  # type: ignore[attr-defined]
        if field.name not in TECHNICAL
        and not (field.primary_key and field.remote_field is None)
        and not isinstance(field.verbose_name, Promise)
        and field.verbose_name not in catalogue
    )


def test_every_column_of_history_has_its_swedish() -> None:
    catalogue: Any = trans_real.translation("sv")._catalog  # type: ignore[attr-defined]
    assert without_words(catalogue) == []
    # The control: without the words, those that only history shows are found.
    assert "programme.Correction.decided_by" in without_words({})


def test_every_operation_is_something_somebody_did() -> None:
    capital = [name for name, words in registry.operation_names() if words[:1].isupper()]
    assert capital == []


def test_a_correction_is_told_in_words(world: World) -> None:
    checker = staff_account(world, "ekonom")
    occasion = attended(world, MARCH, world.staff[:1])
    locked(world, MARCH, world.staff[:1], world.administrator, checker)
    made = proposed(occasion, world.staff[0], world.administrator)
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    text = signed_in(world.auditor).get("/revision/").content.decode()
    assert "närvarande, 9.00–10.00" in text
    assert "180 → 60 min; -834,00 kr; filer att skicka om: 2026-03" in text
    assert "Beslutad av" in text
    # Whose row was changed is said, though it is the same before and after.
    person = world.staff[0]
    named = f"{person.first_name} {person.last_name}, {occasion.title}, {MARCH.replace(day=3)}"
    assert f"<caption>Närvaro: {named}" in text or f"<caption>Räknad tid: {named}" in text
    assert f": {named}, 2026-03" in text
    for raw in ('"step"', '"mark"', "segments", "Decided by", "Explanation", "participation "):
        assert raw not in text, raw


def test_what_an_older_version_wrote_is_shown_as_it_stands(world: World) -> None:
    field = ("programme.countedtime", "explanation")
    columns = [each.column for each in CountedTime.history.model.tracked_fields]
    after = dict.fromkeys(columns) | {"explanation": [{"old": 1}]}
    change = Change(
        model=CountedTime,
        history_id=1,
        pk="1",
        kind="+",
        at=timezone.now(),
        operation_id=uuid.uuid4(),
        after=after,
        before=None,
    )
    (words,) = in_words([change], tellers={field: telling.TELLERS[field]})
    assert [each.after for each in words.differences if each.after] == ['[{"old": 1}]']


def test_the_subject_is_named_and_its_code_stands_beside_it(world: World) -> None:
    room = room_of(world)
    evidence = counted(
        room,
        reports.teams(
            [("A", JOIN, LEAVE, LONG, room.persons[0].email), ("B", JOIN, LEAVE, LONG, "")]
        ),
    )
    code = room.occasion.public_id
    text = signed_in(room.world.auditor).get("/revision/").content.decode()
    assert f'{room.occasion.title}, 2026-09-15 <span class="muted">{code}</span>' in text
    assert f"{evidence.name} ({evidence.public_id})" in text
    assert "rad 1" in text
    assert "evidence " not in text
    assert "report row " not in text


def test_a_row_with_no_name_is_its_kind_and_its_code(world: World) -> None:
    stay = participation_of(world, world.staff[0])
    assert plainly(stay) == f"deltagande {stay.public_id}"


def test_a_protected_person_is_not_named_as_a_subject(world: World, operation: None) -> None:
    person = world.staff[0]
    assert person.last_name in named_subjects([person.public_id], world.auditor)[person.public_id]
    type(person).objects.filter(pk=person.pk).update(protected=True)
    said = named_subjects([person.public_id, "2026-08", "Grupp 1"], world.auditor)
    assert list(said) == [person.public_id]
    assert person.last_name not in said[person.public_id]
