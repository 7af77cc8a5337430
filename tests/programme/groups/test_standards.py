"""Courses, modules and what districts prepare are made and changed in the browser (R-021, R-027)."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from programme.errors import NotAllowed, ReasonNeeded, Refused
from programme.groups import editing, in_use, preparing, standards
from programme.groups.errors import InUse
from programme.models import (
    Course,
    Group,
    Module,
    NominationKind,
    Occasion,
    Participation,
    PreparationPoint,
)
from tests.programme.builders import World
from tests.programme.training import course_of, group_of, occasion_of, participation_of, units_of

COURSE = {
    "name": "Handledning i grupp",
    "description": "",
    "kind": None,
    "counts_towards_plan": True,
    "needs_change_application": False,
}
KEEP = ("name", "description", "counts_towards_plan", "needs_change_application")
UNIT = (
    *("title", "description", "minutes", "breaks", "days_after_previous", "must_have"),
    *("homework", "homework_days_before"),
)


def make(world: World, **extra: Any) -> Course:
    values: dict[str, Any] = {
        "programme": world.programme,
        "values": COURSE | extra,
        "reason": "Nytt behov",
        "actor": world.administrator,
    }
    return editing.make_course(**values)


def rest(world: World, course: Course) -> Course:
    """The course taken out of use, everything else as it is."""
    return editing.change_course(
        course_id=course.pk,
        values={name: getattr(course, name) for name in KEEP} | {"in_use": False},
        reason="Ges inte mer",
        actor=world.administrator,
    )


def staff(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def test_a_course_is_made_in_the_browser_and_gets_its_units(world: World) -> None:
    client = staff(world)
    assert reverse("groups:course_new") in client.get(reverse("groups:courses")).content.decode()
    form = {"name": "Handledning i grupp", "counts_towards_plan": "on"}
    assert client.post(reverse("groups:course_new"), form).status_code == 422
    answer = client.post(reverse("groups:course_new"), form | {"reason": "Nytt behov"})
    course = Course.objects.get(name="Handledning i grupp")
    assert answer["Location"] == reverse("groups:course", args=[course.public_id])
    assert (course.key, course.in_use, course.kind) == ("handledning-i-grupp", True, None)
    assert course.history.count() == 1
    assert reverse("groups:unit_new", args=[course.public_id]) in (
        client.get(answer["Location"]).content.decode()
    )


def test_two_courses_have_two_names_and_two_keys(world: World) -> None:
    first = make(world)
    with pytest.raises(Refused, match="det namnet"):
        make(world, name="handledning i GRUPP")
    second = make(world, name="Handledning – i grupp")
    assert (first.key, second.key) == ("handledning-i-grupp", "handledning-i-grupp-2")


def test_only_who_manages_the_programme_and_says_why(world: World) -> None:
    for actor, reason, error in (
        (world.chief, "Nytt", NotAllowed),
        (world.administrator, " ", ReasonNeeded),
    ):
        with pytest.raises(error):
            editing.make_course(
                programme=world.programme, values=COURSE, reason=reason, actor=actor
            )
        with pytest.raises(error):
            standards.save_module(
                programme=world.programme,
                module=None,
                name="Ny",
                order=1,
                reason=reason,
                actor=actor,
            )
    client = Client()
    client.force_login(world.chief)
    for name in ("course_new", "modules", "points"):
        assert client.get(reverse(f"groups:{name}")).status_code == 404


def test_one_kind_of_nomination_leads_to_one_course(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = course_of(world).kind
    with pytest.raises(InUse, match="tar redan emot"):
        make(world, kind=kind)
    monkeypatch.setattr(in_use, "ensure_kind_is_free", lambda programme, kind: None)
    assert make(world, kind=kind)


def test_a_course_that_somebody_goes_through_stays_in_use(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_of(world)
    group = group_of(world, course, name="Farsta 7")
    with pytest.raises(InUse, match="Farsta 7"):
        rest(world, course)
    with transaction.atomic(), operation("test.finished"):
        Group.objects.filter(pk=group.pk).update(state=Group.State.FINISHED)
    stay = participation_of(world, world.staff[0], course)
    with pytest.raises(InUse, match="inte är klara"):
        rest(world, course)
    with transaction.atomic(), operation("test.completed"):
        Participation.objects.filter(pk=stay.pk).update(state=Participation.State.COMPLETED)
    assert not rest(world, course).in_use
    # The control: without the look nothing stops it.
    other = course_of(world, "fordjupning")
    group_of(world, other)
    monkeypatch.setattr(in_use, "ensure_course_may_rest", lambda course: None)
    assert not rest(world, other).in_use


def test_a_unit_that_is_planned_or_asked_for_stays_in_use(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_of(world)
    unit = units_of(course)[0]
    start = timezone.now() + datetime.timedelta(days=30)
    planned = occasion_of(world, group_of(world, course), unit=unit, starts_at=start)
    rule = course.completion_rules.get()

    def take_out() -> bool:
        return editing.save_unit(
            course_id=course.pk,
            unit=unit,
            values={name: getattr(unit, name) for name in UNIT} | {"in_use": False},
            modules=[],
            reason="Utgår",
            actor=world.administrator,
        ).in_use

    with pytest.raises(InUse, match=f"{timezone.localdate(start):%Y-%m-%d}"):
        take_out()
    unit.refresh_from_db()
    with transaction.atomic(), operation("test.cancelled"):
        Occasion.objects.filter(pk=planned.pk).update(state=Occasion.State.CANCELLED)
        type(rule).objects.filter(pk=rule.pk).update(least_units=len(units_of(course)))
    with pytest.raises(InUse, match="krävs"):
        take_out()
    unit.refresh_from_db()
    monkeypatch.setattr(in_use, "ensure_unit_may_rest", lambda unit: None)
    assert not take_out()


def test_a_module_is_made_renamed_and_removed_in_the_browser(world: World) -> None:
    client = staff(world)
    modules = reverse("groups:modules")
    form = {"name": "Barnets bästa", "order": "40", "reason": "Styrgruppen"}
    assert client.post(modules, form).status_code == 302
    assert client.post(modules, form).status_code == 422
    made = Module.objects.get(name="Barnets bästa")
    page = reverse("groups:module", args=[made.key])
    assert client.post(page, form | {"name": "Barnets rätt"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.key, made.history.count()) == ("Barnets rätt", "barnets-basta", 2)
    assert client.post(page, {"action": "remove", "remove-reason": ""}).status_code == 422
    assert client.post(page, {"action": "remove", "remove-reason": "Utgår"}).status_code == 302
    assert not Module.objects.filter(pk=made.pk).exists()


def test_a_module_that_units_belong_to_is_not_removed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = Module.objects.filter(units__course=course_of(world))[0]
    page = reverse("groups:module", args=[module.key])
    answer = staff(world).post(page, {"action": "remove", "remove-reason": "Utgår"})
    assert answer.status_code == 422
    assert "hör till modulen" in answer.content.decode()
    # The control: without the look it would be gone, and the units would have lost it.
    monkeypatch.setattr(in_use, "ensure_module_may_go", lambda module: None)
    standards.remove_module(module=module, reason="Utgår", actor=world.administrator)
    assert not Module.objects.filter(pk=module.pk).exists()


def marked(world: World) -> PreparationPoint:
    """A point that Farsta has done."""
    point = PreparationPoint.objects.filter(programme=world.programme)[0]
    preparing.mark_done(
        point=point, wave=world.wave, district=world.farsta, note="", actor=world.administrator
    )
    return point


def test_a_preparation_is_added_and_taken_out_of_use_in_the_browser(world: World) -> None:
    client = staff(world)
    points = reverse("groups:points")
    form = {"text": "Boka tolk", "days_before": "21", "in_use": "on", "reason": "Behövs"}
    assert client.post(points, form | {"days_before": "-1"}).status_code == 422
    assert client.post(points, form).status_code == 302
    made = PreparationPoint.objects.get(text="Boka tolk")
    assert made.order == PreparationPoint.objects.filter(programme=world.programme).count()
    del form["in_use"]
    page = reverse("groups:point", args=[made.pk])
    assert client.post(page, form).status_code == 302
    made.refresh_from_db()
    assert (made.in_use, made.history.count()) == (False, 2)


def test_a_preparation_that_is_marked_keeps_its_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = marked(world)
    page = reverse("groups:point", args=[point.pk])
    form = {"text": "Något annat", "days_before": "9", "in_use": "on", "reason": "Ändrat"}
    answer = staff(world).post(page, form)
    assert answer.status_code == 422
    assert world.farsta.short_name in answer.content.decode()
    # When it is due may change: nobody has vouched for that.
    assert staff(world).post(page, form | {"text": point.text}).status_code == 302
    monkeypatch.setattr(in_use, "ensure_point_may_be_reworded", lambda point: None)
    assert staff(world).post(page, form).status_code == 302


def test_kinds_that_a_course_can_take_are_the_programmes_own(world: World) -> None:
    shown = staff(world).get(reverse("groups:course_new")).content.decode()
    for kind in NominationKind.objects.filter(programme=world.programme):
        assert f'value="{kind.key}"' in shown
