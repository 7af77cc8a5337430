"""The month's certificates: what the page says of those that no longer are so."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from people.models import Person
from programme.models import Month
from programme.months import following
from reports.certificates import actions, tasks
from reports.models import Certificate
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.staff.builders import counted
from tests.programme.training import occasion_of
from tests.reports.certificates.builders import month_of, stated, statement_of


def test_a_certificate_whose_hours_have_changed_is_named_until_it_is_revoked(world: World) -> None:
    month, (changed, kept) = month_of(world), world.staff[:2]
    for person in (changed, kept):
        stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    office, address = signed_in(world.administrator), "/narvarointyg/2026-09/"
    assert office.get(address).context["outdated"] == []
    counted(world, changed.participations.get(), occasion_of(world), 100)
    page = office.get(address)
    assert page.context["outdated"] == [f"{changed.first_name} {changed.last_name}"]
    assert "1 intyg stämmer inte längre" in page.content.decode()
    (row,) = office.get("/narvarointyg/").context["rows"]
    assert (row["issued"], row["outdated"]) == (2, 1)
    assert "varav 1 återkallas i natt" in office.get("/narvarointyg/").content.decode()
    tasks.mind_certificates()
    assert office.get(address).context["outdated"] == []
    (row,) = office.get("/narvarointyg/").context["rows"]
    assert (row["issued"], row["outdated"]) == (1, 0)


def test_a_change_of_a_locked_month_reaches_its_certificates_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(tasks.refresh_month, "delay", tasks.refresh_month)
    month, (corrected, checked, kept) = month_of(world), world.staff[:3]
    for person in (corrected, checked, kept):
        stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    for person in (corrected, checked):
        counted(world, person.participations.get(), occasion_of(world), 100)
    statement_of(world, checked, month)
    with django_capture_on_commit_callbacks(execute=True):
        following.tell(month)
    standing = Certificate.objects.filter(revoked_at=None).order_by("person_id")
    assert [one.person for one in standing] == [checked, kept]
    old = Certificate.objects.get(person=checked, revoked_at__isnull=False)
    assert old.replaced_by == standing[0]
    assert len(old.content["facts"]["lines"]) + 1 == len(standing[0].content["facts"]["lines"])


def test_months_to_come_have_no_certificates_to_list(world: World) -> None:
    month_of(world)
    with transaction.atomic(), operation("test.month"):
        Month.objects.create(programme=world.programme, first_day=datetime.date(2099, 1, 1))
    page = signed_in(world.administrator).get("/narvarointyg/").content.decode()
    assert "September 2026" in page
    assert "2099" not in page


def test_a_protected_person_has_no_place_in_the_alphabet(world: World) -> None:
    """The page is read by someone who may see the names, since the order is everyone's."""
    month = month_of(world)
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk=world.staff[1].pk).update(protected=True)
    for person in world.staff[:3]:
        stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    page = signed_in(world.administrator).get("/narvarointyg/2026-09/").content.decode()
    names = [world.staff[number].last_name for number in (1, 0, 2)]
    assert sorted(names, key=page.index) == names


def test_the_page_says_how_many_are_not_in_the_file_for_signing(world: World) -> None:
    month = month_of(world)
    for person in world.staff[:3]:
        stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    office, auditor = signed_in(world.administrator), signed_in(world.auditor)
    address, link = "/narvarointyg/2026-09/", "/narvarointyg/2026-09/intyg.pdf"
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk=world.staff[0].pk).update(protected=True)
    page = auditor.get(address).content.decode()
    assert "1 giltigt intyg är inte med i filen" in page
    assert "projektets administratör" in page
    assert link in page
    # Whoever may know the names has them all.
    assert "är inte med i filen" not in office.get(address).content.decode()
    with CaptureQueriesContext(connection) as one:
        auditor.get(address)
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk__in=[each.pk for each in world.staff]).update(protected=True)
    with CaptureQueriesContext(connection) as all_of_them:
        page = auditor.get(address).content.decode()
    assert len(one) == len(all_of_them)
    assert "3 giltiga intyg är inte med i filen" in page
    # A file of nobody is not offered.
    assert link not in page
