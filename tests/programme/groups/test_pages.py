"""The pages: from an empty list to a filled group, and queries that do not grow."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from programme.groups.forms import MakeForm
from programme.models import (
    CompletionRule,
    Course,
    Group,
    LearningUnit,
    Membership,
    Occasion,
    PreparationDone,
)
from tests.clients import signed_in
from tests.programme.builders import World, person_in
from tests.programme.training import course_of, group_of, occasion_of, participation_of, units_of


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world.administrator)


def queries_of(visit: Callable[[], Any]) -> int:
    visit()  # the first visit warms content types and versions
    with CaptureQueriesContext(connection) as captured:
        visit()
    return len(captured)


def sent(world: World, **extra: str) -> dict[str, str]:
    first = datetime.date(2027, 9, 14)
    return {
        "course": "serie",
        "name": "Farsta 1",
        "district": world.farsta.public_id,
        "wave": world.wave.public_id,
        "seats": "20",
        "first_day": first.isoformat(),
        "time": "09:00",
        "weeks": "5",
        "note": "",
        "venue": "",
        "exception_reason": "",
    } | extra


def test_a_group_is_previewed_and_saved_with_the_days_that_staff_chose(
    world: World, client: Client
) -> None:
    url = reverse("groups:make")
    assert client.get(url).status_code == 200
    preview = client.post(url, sent(world))
    assert preview.status_code == 200
    assert not Group.objects.exists()
    page = preview.content.decode()
    assert "2027-09-14" in page
    assert "2027-10-19" in page
    days = {f"day-{n}": f"2027-{8 + n:02d}-15" for n in range(1, 5)} | {
        "day-5": "2028-01-18",
        "day-6": "2028-02-22",
    }
    times = {f"time-{n}": "08:30" for n in range(1, 7)}
    saved = client.post(url, sent(world) | days | times | {"save": "1"})
    assert saved.status_code == 302
    group = Group.objects.get()
    starts = [timezone.localtime(one.starts_at) for one in Occasion.objects.filter(group=group)]
    assert [start.date().isoformat() for start in starts] == list(days.values())
    assert {(start.hour, start.minute) for start in starts} == {(8, 30)}
    assert client.get(saved["Location"]).status_code == 200


def test_a_day_that_is_missing_is_asked_for_again(world: World, client: Client) -> None:
    response = client.post(reverse("groups:make"), sent(world) | {"save": "1", "day-1": "x"})
    assert response.status_code == 422
    assert not Group.objects.exists()


def test_back_from_the_preview_keeps_what_was_written(world: World, client: Client) -> None:
    response = client.post(reverse("groups:make"), sent(world) | {"back": "1"})
    assert response.status_code == 200
    assert 'value="Farsta 1"' in response.content.decode()


def test_a_copy_starts_from_the_settings_and_the_rhythm(world: World, client: Client) -> None:
    group = group_of(world, name="Farsta 1", seats=18)
    start = datetime.datetime(2026, 9, 15, 6, 30, tzinfo=datetime.UTC)
    for n in range(3):
        occasion_of(world, group, starts_at=start + datetime.timedelta(weeks=3 * n))
    url = reverse("groups:copy", args=[group.public_id])
    page = client.get(url).content.decode()
    assert 'value="Farsta 2"' in page
    assert 'value="18"' in page
    assert 'value="08:30"' in page
    assert 'name="weeks" value="3"' in page


def test_everyone_who_waits_is_proposed_changed_and_placed(world: World, client: Client) -> None:
    people = [participation_of(world, person) for person in world.staff[:4]]
    far = participation_of(world, world.others[0])
    group = group_of(world)
    url = reverse("groups:place")
    page = client.get(url, {"kurs": "serie"}).content.decode()
    assert page.count(f'<option value="{group.public_id}" selected>') == 4
    chosen = {f"grupp-{p.public_id}": group.public_id for p in people[:3]}
    chosen |= {f"grupp-{people[3].public_id}": "", f"grupp-{far.public_id}": group.public_id}
    done = client.post(url, chosen | {"kurs": "serie"})
    assert done.status_code == 302
    assert Membership.objects.filter(group=group).count() == 4
    # Sent a second time, from another window: nobody is placed twice and nothing is lost.
    again = client.post(url, chosen | {"kurs": "serie"})
    assert again.status_code == 422
    assert Membership.objects.count() == 4


def test_a_group_that_has_begun_is_offered_but_never_proposed(world: World, client: Client) -> None:
    participation_of(world, world.staff[0])
    group = group_of(world, state=Group.State.STARTED)
    page = client.get(reverse("groups:place"), {"kurs": "serie"}).content.decode()
    assert f'<option value="{group.public_id}">Grupp 1 (0/20), har börjat' in page


def test_where_a_group_has_met_it_is_said_what_whoever_is_placed_has_missed(
    world: World, client: Client
) -> None:
    participation_of(world, world.staff[0])
    group = group_of(world)
    for days in (-40, -10, 10):
        at = timezone.now() + datetime.timedelta(days=days)
        occasion_of(world, group, starts_at=at)
    place, own = reverse("groups:place"), reverse("groups:group", args=[group.public_id])
    page = client.get(place, {"kurs": "serie"}).content.decode()
    assert f'<option value="{group.public_id}">Grupp 1 (0/20), 2 av 3 tillfällen har varit<' in page
    assert "bjuds inte in till de av dess tillfällen som har varit" in page
    page = client.get(own).content.decode()
    assert "2 av 3 tillfällen har varit. Den som placeras nu bjuds inte in" in page
    with transaction.atomic(), operation("test.ahead"):
        Occasion.objects.filter(ends_at__lte=timezone.now()).update(state="cancelled")
    for address in (place, own):
        assert "har varit" not in client.get(address).content.decode()


def test_a_move_from_a_day_after_the_last_of_the_new_group_is_refused(
    world: World, client: Client
) -> None:
    participation = participation_of(world, world.staff[0])
    group, other = group_of(world, members=[participation]), group_of(world, name="Grupp 2")
    empty = group_of(world, name="Grupp 3")
    occasion = occasion_of(world, other, starts_at=timezone.now() + datetime.timedelta(days=5))
    last = timezone.localtime(occasion.starts_at).date()
    url = reverse("groups:group", args=[group.public_id])

    def move(to: Group, day: datetime.date) -> Any:
        return client.post(
            url,
            {
                "action": "move",
                "move-participation": participation.public_id,
                "move-group": to.public_id,
                "move-from_date": day.isoformat(),
                "move-reason": "Byter dag",
            },
        )

    for to, latest in ((other, last), (empty, world.programme.ends_on)):
        day = latest + datetime.timedelta(days=1)
        answer = move(to, day)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f"kan senast vara {latest.isoformat()}" in page
        assert f'value="{day.isoformat()}"' in page
        assert Membership.objects.get().group == group
    assert move(other, last).status_code == 302
    assert Membership.objects.get(to_date=None).from_date == last


def test_groups_elsewhere_are_offered_when_asked_for(world: World, client: Client) -> None:
    participation_of(world, world.staff[0])
    group_of(world)
    far = group_of(world, name="Skärholmen 1", district=world.skarholmen)
    url = reverse("groups:place")
    assert f'value="{far.public_id}"' not in client.get(url).content.decode()
    assert f'value="{far.public_id}"' in client.get(url, {"alla": "1"}).content.decode()


def test_a_member_is_moved_on_the_group_s_page(world: World, client: Client) -> None:
    participation = participation_of(world, world.staff[0])
    group, other = group_of(world, members=[participation]), group_of(world, name="Grupp 2")
    url = reverse("groups:group", args=[group.public_id])
    move = {
        "action": "move",
        "move-participation": participation.public_id,
        "move-group": other.public_id,
        "move-from_date": timezone.localdate().isoformat(),
    }
    assert client.post(url, move).status_code == 422
    assert client.post(url, move | {"move-reason": "Byter dag"}).status_code == 302
    assert Membership.objects.get(to_date=None).group == other


def test_a_move_from_a_day_before_the_group_that_is_left_is_refused(
    world: World, client: Client
) -> None:
    participation = participation_of(world, world.staff[0])
    group, other = group_of(world, members=[participation]), group_of(world, name="Grupp 2")
    first = Membership.objects.get().from_date
    move = {
        "action": "move",
        "move-participation": participation.public_id,
        "move-group": other.public_id,
        "move-from_date": (first - datetime.timedelta(days=1)).isoformat(),
        "move-reason": "Byter dag",
    }
    url = reverse("groups:group", args=[group.public_id])
    answer = client.post(url, move)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"kan tidigast vara {first.isoformat()}" in page
    assert move["move-from_date"] in page
    assert Membership.objects.get().group == group
    assert client.post(url, move | {"move-from_date": first.isoformat()}).status_code == 302
    assert Membership.objects.get(to_date=None).from_date == first


def test_few_members_say_nothing_of_women_and_men(world: World, client: Client) -> None:
    members = [
        participation_of(world, person_in(world.unit, 50 + n, sex="woman")) for n in range(5)
    ]
    group = group_of(world, members=members[:4])
    url = reverse("groups:group", args=[group.public_id])
    assert "100,0" not in client.get(url).content.decode()
    with transaction.atomic(), operation("test.member"):
        Membership.objects.create(
            participation=members[4], group=group, from_date=timezone.localdate()
        )
    page = client.get(url).content.decode()
    assert "är kvinnor" in page
    assert "78 %" in page


def test_protected_members_are_not_named(world: World, client: Client) -> None:
    person = person_in(world.unit, 60, protected=True)
    group = group_of(world, members=[participation_of(world, person)])
    chief = signed_in(world.head)
    assert chief.get(reverse("groups:group", args=[group.public_id])).status_code == 404
    page = client.get(reverse("groups:group", args=[group.public_id])).content.decode()
    assert person.last_name in page  # the administrator may see protected persons


def test_preparations_are_marked_once_and_taken_back_with_a_reason(
    world: World, client: Client
) -> None:
    url = reverse("groups:preparations", args=[world.wave.public_id])
    point = world.programme.preparation_points.first()
    assert point is not None
    mark = {"point": str(point.pk), "district": world.farsta.public_id, "action": "done"}
    for _time in range(2):
        assert client.post(url, mark | {"note": "Möte hållet"}).status_code == 302
    done = PreparationDone.objects.get()
    assert (done.done_by, done.note) == (world.administrator, "Möte hållet")
    page = client.get(url).content.decode()
    assert "Möte hållet" in page
    client.post(url, mark | {"action": "undo"})
    assert PreparationDone.objects.exists()
    client.post(url, mark | {"action": "undo", "reason": "Fel stadsdel"})
    assert not PreparationDone.objects.exists()
    assert client.post(url, mark | {"point": "0"}).status_code == 404


def test_capacity_shows_the_plan_and_the_districts_without_a_group(
    world: World, client: Client
) -> None:
    group = group_of(world, name="Farsta 1")
    occasion_of(world, group)
    page = client.get(reverse("groups:capacity")).content.decode()
    assert "1 grupp av de 50 som planen kräver" in page  # G-20
    assert "0 grupper av de 7" in page  # G-22
    assert "10 stadsdelar har ingen grupp än" in page


def test_a_group_with_a_cancelled_occasion_is_still_planned(world: World, client: Client) -> None:
    group = group_of(world, name="Farsta 1")
    first, _second = occasion_of(world, group), occasion_of(world, group)
    with transaction.atomic(), operation("test.cancel"):
        Occasion.objects.filter(pk=first.pk).update(state="cancelled")
    page = client.get(reverse("groups:capacity")).content.decode()
    assert "har inget tillfälle än" not in page


def test_a_course_is_changed_with_a_reason_and_a_new_rule_leaves_the_old(
    world: World, client: Client
) -> None:
    course = course_of(world)
    url = reverse("groups:course", args=[course.public_id])
    change = {"action": "course", "course-name": "Serien", "course-in_use": "on"}
    assert client.post(url, change).status_code == 422
    assert client.post(url, change | {"course-reason": "Kortare namn"}).status_code == 302
    assert Course.objects.get(pk=course.pk).name == "Serien"
    rule = {
        "action": "completion",
        "completion-valid_from": "2027-01-01",
        "completion-least_units": "4",
        "completion-least_percent": "75",
        "completion-decision": "Styrgruppen 2026-12-01",
    }
    assert client.post(url, rule | {"completion-least_units": "9"}).status_code == 422
    assert client.post(url, rule).status_code == 302
    assert CompletionRule.objects.filter(course=course).count() == 2


def test_a_unit_is_added_changed_and_keeps_its_breaks_in_order(
    world: World, client: Client
) -> None:
    course = course_of(world, "fordjupning")
    url = reverse("groups:unit_new", args=[course.public_id])
    new = {
        "action": "unit",
        "unit-title": "Att följa upp",
        "unit-minutes": "180",
        "unit-breaks": "60–75\n120-130",
        "unit-days_after_previous": "28",
        "unit-homework_days_before": "3",
        "unit-in_use": "on",
        "unit-reason": "Beslut i styrgruppen",
    }
    assert client.post(url, new | {"unit-breaks": "170–190"}).status_code == 422
    assert client.post(url, new | {"unit-breaks": "lunch"}).status_code == 422
    whole = client.post(url, new | {"unit-breaks": "0–180"})
    assert whole.status_code == 422
    assert "lämna tid över" in whole.content.decode()
    assert client.post(url, new).status_code == 302
    unit = LearningUnit.objects.get(course=course, number=3)
    assert unit.breaks == [[60, 75], [120, 130]]
    page = reverse("groups:unit", args=[course.public_id, unit.public_id])
    assert "60–75" in client.get(page).content.decode()
    material = {
        "action": "material",
        "material-title": "Läs detta",
        "material-address": "https://example.org/",
        "material-in_use": "on",
        "material-reason": "Nytt",
    }
    assert client.post(page, material).status_code == 302
    assert client.post(page, material | {"material-in_use": ""}).status_code == 302
    assert [m.in_use for m in unit.materials.all()] == [False]


def test_only_those_who_manage_the_programme_change_courses(world: World) -> None:
    head = signed_in(world.head)
    course = course_of(world)
    assert head.get(reverse("groups:course", args=[course.public_id])).status_code == 404
    assert head.get(reverse("groups:list")).status_code == 404


def test_pages_ask_as_many_questions_for_thirty_rows_as_for_two(
    world: World, client: Client
) -> None:
    course = course_of(world)
    units = units_of(course)

    def fill(numbers: range) -> Group:
        members = [participation_of(world, person_in(world.unit, 100 + n)) for n in numbers]
        waiting = [participation_of(world, person_in(world.unit, 300 + n)) for n in numbers]
        assert waiting
        for n in numbers:
            group = group_of(world, name=f"Grupp {n}")
            occasion_of(world, group, unit=units[0])
        return group_of(world, name=f"Full {numbers[0]}", members=members)

    def visits(group: Group) -> dict[str, str]:
        return {
            "list": reverse("groups:list"),
            "place": reverse("groups:place") + "?kurs=serie",
            "group": reverse("groups:group", args=[group.public_id]),
            "capacity": reverse("groups:capacity"),
            "preparations": reverse("groups:preparations", args=[world.wave.public_id]),
            "courses": reverse("groups:courses"),
        }

    def count(addresses: dict[str, str]) -> dict[str, int]:
        return {name: queries_of(partial(client.get, url)) for name, url in addresses.items()}

    few = count(visits(fill(range(2))))
    many = count(visits(fill(range(2, 32))))
    assert many == few


@pytest.mark.parametrize("day", ["1900-01-01", "9999-12-31"])
def test_a_first_day_outside_the_programme_is_refused_in_words(
    world: World, client: Client, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = group_of(world, course_of(world))
    sent = {
        "name": "Långt bort",
        "course": group.course.key,
        "district": group.district.public_id,
        "seats": "20",
        "first_day": day,
        "time": "09:00",
    }
    answer = client.post(reverse("groups:make"), sent)
    assert answer.status_code == 422
    assert "Välj en dag inom programmet" in answer.content.decode()
    assert not Group.objects.filter(name="Långt bort").exists()
    # The control: without the look at the day the form takes it, and the latest day breaks.
    monkeypatch.setattr(MakeForm, "clean_first_day", lambda form: form.cleaned_data["first_day"])
    client.raise_request_exception = False
    assert client.post(reverse("groups:make"), sent).status_code != 422
