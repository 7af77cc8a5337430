"""What a person revoked stays revoked until a person issues a new one."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.operations import operation
from people.models import Person
from programme.errors import NotAllowed
from programme.models import Month
from reports.certificates import actions, health, tasks
from reports.certificates.errors import AlreadyIssued, NotIssuable
from reports.models import Certificate
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.staff.builders import counted
from tests.programme.training import occasion_of
from tests.reports.certificates.builders import completed, month_of, stated


def revoked(world: World, certificate: Certificate, reason: str = "Fel person") -> Certificate:
    return actions.revoke(certificate_id=certificate.pk, reason=reason, actor=world.administrator)


def test_the_night_leaves_a_course_that_a_person_revoked(world: World) -> None:
    taken = completed(world, world.staff[0])
    assert tasks.mind_certificates() == 1
    old = revoked(world, Certificate.objects.get())
    assert tasks.mind_certificates() == 0
    assert actions.issue_courses(participation_ids=[taken.pk]) == 0
    assert not Certificate.objects.filter(revoked_at=None).exists()
    assert taken.ended_on is not None
    assert list(health.check(taken.ended_on + datetime.timedelta(days=9))) == []
    office = signed_in(world.administrator)
    assert "Fel person" in office.get("/narvarointyg/").content.decode()
    office.post(f"/intyg/{old.public_id}/utfarda-nytt/")
    new = Certificate.objects.get(revoked_at=None)
    old.refresh_from_db()
    assert (old.replaced_by, new.issued_by) == (new, world.administrator)
    assert office.get("/narvarointyg/").context["by_hand"] == []


def test_what_the_portal_took_back_itself_the_night_issues_again(world: World) -> None:
    taken = completed(world, world.staff[0])
    tasks.mind_certificates()
    first = Certificate.objects.get()
    revoked(world, first)
    actions.issue_anew(certificate_id=first.pk, actor=world.administrator)
    with transaction.atomic(), operation("test.rename"):
        Person.objects.filter(pk=taken.person_id).update(last_name="Nytt")
    # An earlier revocation by a person, which a person has settled, stops nothing.
    assert tasks.mind_certificates() == 1
    assert Certificate.objects.get(revoked_at=None).content["facts"]["name"].endswith("Nytt")


def test_issuing_a_month_leaves_out_what_a_person_revoked_and_says_so(world: World) -> None:
    month = month_of(world)
    for person in world.staff[:2]:
        stated(world, person, month)
    office, address = signed_in(world.administrator), "/narvarointyg/2026-09/"
    office.post(f"{address}utfarda/")
    old = revoked(world, Certificate.objects.get(person=world.staff[0]))
    stated(world, world.staff[2], month)
    page = office.get(address)
    assert page.context["waiting"] == 1
    assert [each.pk for each, _name in page.context["by_hand"]] == [old.pk]
    said = office.post(f"{address}utfarda/", follow=True).content.decode()
    assert "1 person är inte med" in said
    again = office.post(f"{address}utfarda/", follow=True).content.decode()
    assert "Alla vars timmar är kontrollerade har redan" not in again
    valid = Certificate.objects.filter(revoked_at=None)
    assert {one.person_id for one in valid} == {one.pk for one in world.staff[1:3]}
    with transaction.atomic(), operation("test.locked"):
        Month.objects.filter(pk=month.pk).update(
            locked_at=datetime.datetime(2026, 10, 5, tzinfo=datetime.UTC)
        )
    assert list(health.check(datetime.date(2026, 12, 1))) == []
    office.post(f"/intyg/{old.public_id}/utfarda-nytt/")
    old.refresh_from_db()
    assert old.replaced_by is not None
    assert old.replaced_by.person == world.staff[0]


def test_a_month_that_the_portal_took_back_is_issued_with_the_rest(world: World) -> None:
    month, person = month_of(world), world.staff[0]
    stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    counted(world, person.participations.get(), occasion_of(world), 100)
    tasks.mind_certificates()
    stated(world, person, month, units=2)
    assert actions.issue_month(month_id=month.pk, actor=world.administrator) == 1


def test_only_what_a_person_revoked_is_issued_anew_and_once(world: World) -> None:
    month, person = month_of(world), world.staff[0]
    stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    one = Certificate.objects.get()
    with pytest.raises(AlreadyIssued):
        actions.issue_anew(certificate_id=one.pk, actor=world.administrator)
    revoked(world, one)
    with pytest.raises(NotAllowed):
        actions.issue_anew(certificate_id=one.pk, actor=world.chief)
    with transaction.atomic():
        counted(world, person.participations.get(), occasion_of(world), 100)
        # The hours have changed since: there is nothing that holds to certify.
        with pytest.raises(NotIssuable):
            actions.issue_anew(certificate_id=one.pk, actor=world.administrator)
        transaction.set_rollback(True)
    actions.issue_anew(certificate_id=one.pk, actor=world.administrator)
    with pytest.raises(AlreadyIssued):
        actions.issue_anew(certificate_id=one.pk, actor=world.administrator)


def test_more_that_is_revoked_costs_no_more_questions(world: World) -> None:
    month = month_of(world)
    for person in world.staff[:4]:
        stated(world, person, month)
    actions.issue_month(month_id=month.pk, actor=world.administrator)
    office = signed_in(world.administrator)

    def visit() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert office.get("/narvarointyg/2026-09/").status_code == 200
        return len(seen)

    first, *rest = Certificate.objects.all()
    revoked(world, first)
    visit()
    few = visit()
    for each in rest[:2]:
        revoked(world, each)
    assert visit() == few
