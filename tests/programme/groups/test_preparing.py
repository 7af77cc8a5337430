"""Preparations and courses: only those who may, and each guard shown red."""

import pytest

from programme import access
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.groups import editing, preparing
from programme.models import PreparationDone, PreparationPoint
from tests.programme.builders import World
from tests.programme.training import course_of


def point_of(world: World) -> PreparationPoint:
    point = world.programme.preparation_points.first()
    assert point is not None
    return point


def test_only_those_who_arrange_there_mark(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    where = {"point": point_of(world), "wave": world.wave, "district": world.farsta}
    with pytest.raises(NotAllowed):
        preparing.mark_done(**where, note="", actor=world.head)  # type: ignore[arg-type]
    monkeypatch.setattr(preparing, "ensure_arranges", lambda *_given: None)
    preparing.mark_done(**where, note="", actor=world.head)  # type: ignore[arg-type]
    assert PreparationDone.objects.count() == 1


def test_a_mark_is_taken_back_only_with_a_reason(world: World) -> None:
    where = {"point": point_of(world), "wave": world.wave, "district": world.farsta}
    preparing.mark_done(**where, note="", actor=world.administrator)  # type: ignore[arg-type]
    with pytest.raises(ReasonNeeded):
        preparing.mark_not_done(**where, reason=" ", actor=world.administrator)  # type: ignore[arg-type]
    preparing.mark_not_done(**where, reason="Fel", actor=world.administrator)  # type: ignore[arg-type]
    with_history = PreparationDone.history.filter(history_type="-")
    assert with_history.count() == 1


def test_only_those_who_manage_the_programme_change_a_course(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_of(world)
    change = {"course_id": course.pk, "values": {"name": "Serien"}, "reason": "Kortare"}
    with pytest.raises(NotAllowed):
        editing.change_course(**change, actor=world.head)  # type: ignore[arg-type]
    monkeypatch.setattr(access, "ensure_manages_programme", lambda _actor: None)
    editing.change_course(**change, actor=world.head)  # type: ignore[arg-type]
    course.refresh_from_db()
    assert course.name == "Serien"


@pytest.mark.parametrize("breaks", [[[60, 50]], [[0, 400]], [[60, 90], [80, 100]]])
def test_breaks_lie_in_order_within_the_occasion(world: World, breaks: list[list[int]]) -> None:
    with pytest.raises(Refused):
        editing.save_unit(
            course_id=course_of(world).pk,
            unit=None,
            values={"title": "X", "minutes": 300, "breaks": breaks},
            modules=[],
            reason="Prövar",
            actor=world.administrator,
        )
