"""The story holds together, is the same every time, and keeps its planted errors apart."""

import datetime
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Min, Q, Sum
from pytest_django import DjangoDbBlocker

from audit.operations import operation
from core.workdays import is_working_day
from people.models import Organisation, Person, Sex
from programme.attendance import importing
from programme.demo_story import cast, plan
from programme.demo_story.story import DEMO
from programme.models import (
    AdaptationNeed,
    Attendance,
    Booking,
    CountedTime,
    Evidence,
    Group,
    Invitation,
    Membership,
    Month,
    Occasion,
    Participation,
    Programme,
    ReportRow,
    Segment,
    Statement,
)
from programme.months import figures
from programme.months.rules import Standing
from reports.models import Certificate, ScbFile
from tests.programme.demo_story.findings import QUERIES, finder

# The mark makes the runner create the database before the story is laid in it.
pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
DOCS = Path(__file__).resolve().parents[3] / "docs" / "demo.md"


def tell(scale: float = 1, today: datetime.date = TODAY) -> None:
    """The command itself."""
    call_command("demo", scale=scale, today=today, verbosity=0, stdout=StringIO())


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole story, laid once for this module and never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        tell()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def database(story: None) -> None:
    """Every test here reads the same story."""


def test_eleven_districts_and_all_who_are_planned_take_part() -> None:
    persons = Participation.objects.aggregate(
        all=Count("person", distinct=True), districts=Count("district", distinct=True)
    )
    assert persons == {"all": 1140, "districts": 11}
    managers = Participation.objects.filter(category__is_manager=True).count()
    assert managers == 140
    women = Person.objects.filter(participations__isnull=False, sex=Sex.WOMAN).count()
    assert 0.75 < women / 1140 < 0.81


def test_a_further_copy_is_as_large_as_the_first() -> None:
    groups = {plan.MANAGERS: 7, plan.SERIES: 50}
    with transaction.atomic(), operation("demo.story", actor=DEMO):
        further = cast.gather(Programme.objects.get(), 1, groups, plan.GROUP_SIZE)
        sizes = {course: len(members) for course, members in further.members.items()}
        known = Participation.objects.filter(person__in=[one.person for one in further.all()])
        assert not known.exists()
        transaction.set_rollback(True)
    assert sizes == {plan.MANAGERS: 140, plan.SERIES: 1000}


def test_fifty_groups_of_the_series_and_seven_of_managers() -> None:
    assert Group.objects.filter(course__key=plan.SERIES).count() == 50
    assert Group.objects.filter(course__key=plan.MANAGERS).count() == 7
    sizes = Group.objects.annotate(
        number=Count("memberships", filter=Q(memberships__to_date=None))
    ).values_list("number", flat=True)
    assert max(sizes) <= 24
    assert set(Group.objects.values_list("state", flat=True)) == {"planned", "started", "finished"}


def test_managers_go_first_in_every_wave() -> None:
    first = {
        (row["group__wave"], row["group__course__key"]): row["first"]
        for row in Occasion.objects.values("group__wave", "group__course__key").annotate(
            first=Min("starts_at")
        )
    }
    for (wave, course), starts in first.items():
        if course == plan.SERIES:
            assert first[wave, plan.MANAGERS] < starts


def test_attendance_is_that_of_real_life() -> None:
    marks = dict(Attendance.objects.values_list("mark").annotate(number=Count("pk")).order_by())
    assert 0.85 < marks["present"] / sum(marks.values()) < 0.95
    assert Participation.objects.filter(state="dropped").exclude(end_reason="").exists()
    assert Membership.objects.filter(to_date__isnull=False).exclude(reason="").exists()
    assert Occasion.objects.filter(state="cancelled").exclude(cancel_reason="").exists()
    assert Occasion.objects.filter(state="planned", sequence__gt=0).exists()
    assert Occasion.objects.filter(online=True).exclude(deviation_reason="").exists()
    kinds = set(Evidence.objects.values_list("kind", flat=True))
    assert kinds == {"report", "list"}
    assert AdaptationNeed.objects.filter(erased_at__isnull=False, text="").exists()
    assert AdaptationNeed.objects.filter(erased_at__isnull=True).exists()


def test_the_meeting_reports_say_what_was_read_of_them() -> None:
    for evidence in Evidence.objects.filter(kind="report").select_related("occasion"):
        read = [(row.number, row.joined_at, row.left_at) for row in importing.preview(evidence)]
        kept = ReportRow.objects.filter(evidence=evidence)
        assert read == list(kept.values_list("number", "joined_at", "left_at"))
        assert len(read) == evidence.summary["rows"]


def test_what_lies_ahead_is_planned_and_nothing_more() -> None:
    ahead = Occasion.objects.filter(starts_at__date__gte=TODAY)
    assert ahead.exists()
    assert not Segment.objects.filter(occasion__in=ahead).exists()
    assert not Attendance.objects.filter(occasion__in=ahead).exists()
    assert not CountedTime.objects.filter(occasion__in=ahead).exists()
    assert Invitation.objects.filter(occasion__in=ahead).exists()


def test_every_occasion_that_was_held_is_counted_for_everyone_present() -> None:
    present = Attendance.objects.filter(mark="present").exclude(
        occasion__counted__person=F("person"), occasion__counted__current=True
    )
    assert not present.exists()
    absent = CountedTime.objects.filter(
        minutes__gt=0, current=True, occasion__attendances__person=F("person")
    ).exclude(occasion__attendances__mark="present", occasion__attendances__person=F("person"))
    assert not absent.exists()


def test_nobody_is_expected_where_they_are_no_member() -> None:
    standing = Invitation.objects.filter(withdrawn_at=None, participation__isnull=False)
    assert not standing.filter(~Q(participation__person=F("person"))).exists()
    strangers = standing.exclude(participation__memberships__group=F("occasion__group"))
    assert not strangers.exists()


def test_nobody_teaches_and_no_room_holds_two_occasions_at_once() -> None:
    taught = Occasion.trainers.through.objects.filter(occasion__state="planned")
    days = list(taught.values_list("user", "occasion__starts_at__date"))
    assert len(days) == len(set(days))
    assert Booking.objects.filter(cancelled_at=None).count() > 200


def test_working_days_only_but_for_the_planted_one() -> None:
    days = [moment.date() for moment in Occasion.objects.values_list("starts_at", flat=True)]
    assert sum(not is_working_day(day) for day in days) == 1
    assert plan.STARTS <= min(days) <= max(days) <= plan.ENDS


def test_months_are_locked_as_the_lock_itself_would_have_done() -> None:
    programme = Programme.objects.get()
    locked = Month.objects.filter(state="locked")
    assert [f"{month}" for month in locked][-1] == "2026-10"
    changed = 0
    for month in locked:
        persons = figures.persons_of(programme.pk, month.first_day)
        checked = [one for one in persons if one.standing == Standing.CHECKED]
        changed += len(persons) - len(checked)
        assert month.summary["persons"] == len(persons)
        stated = Statement.objects.filter(month=month, replaced_at=None)
        assert month.summary["minutes"] == (stated.aggregate(sum=Sum("minutes"))["sum"] or 0)
        assert not stated.filter(checked_at=None).exists()
    assert changed == 1


def test_files_are_made_and_sent_in_order_with_what_was_locked() -> None:
    files = ScbFile.objects.order_by("month__first_day")
    assert files.count() >= 6
    for file in files:
        # Who left the month before is in it too, with no hours.
        with_hours = [line for line in file.lines if line["minutes"]]
        assert len(with_hours) == file.month.summary["persons"] <= file.rows
        assert file.minutes == file.month.summary["minutes"]
    states = list(files.values_list("state", flat=True))
    assert states == sorted(states, reverse=True)
    assert Certificate.objects.filter(kind="month", revoked_at=None).count() > 1000
    assert Certificate.objects.filter(kind="course", revoked_at=None).exists()


@pytest.mark.parametrize("name", QUERIES)
def test_each_planted_error_is_there_exactly_once(name: str) -> None:
    found = finder(name)()
    assert len(found) == 1, found


@pytest.mark.parametrize("name", QUERIES)
def test_each_planted_error_is_documented(name: str) -> None:
    assert f"## {name[0].upper()}{name[1:]}" in DOCS.read_text(encoding="utf-8")


def test_running_again_adds_nothing() -> None:
    before = counts()
    tell()
    assert counts() == before


def test_the_visitor_can_still_nominate_in_farsta() -> None:
    farsta = Organisation.objects.get(code="farsta")
    first = Organisation.objects.filter(
        lineage__contains=[farsta.pk], kind=Organisation.Kind.UNIT
    ).order_by("pk")[0]
    free = Person.objects.filter(
        unit=first, is_manager=False, nominations=None, participations=None
    )
    assert free.count() >= 8


ROWS = (
    Person,
    Participation,
    Group,
    Occasion,
    Invitation,
    Segment,
    CountedTime,
    Statement,
    ScbFile,
    Certificate,
)


def counts() -> dict[str, int]:
    """Rows of the story's tables."""
    return {model.__name__: model._default_manager.count() for model in ROWS}
