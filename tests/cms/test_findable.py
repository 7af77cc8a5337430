"""A page published before its fact is public can be found from the moment that the fact is."""

import datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.operations import operation
from cms import findable, tasks
from cms.models import (
    EvaluationIndexPage,
    EvaluationReportPage,
    ProcurementIndexPage,
    ProcurementPage,
)
from cms.setup import load_site
from people.models import Capability
from programme.evaluation import actions as evaluation
from programme.models import EvaluationReport, Procurement
from programme.procurement.actions import planning
from tests.cms.kept import Change
from tests.people import builders as people
from tests.programme.procurement import builders
from tests.programme.procurement.builders import Office


@pytest.fixture
def office(db: None) -> Office:
    """Those who run procurements, and the pages."""
    found = builders.office()
    with transaction.atomic(), operation("test.site"):
        load_site()
    return found


def search(words: str) -> bool:
    """Whether a visitor who looks for the words is led to a page of them."""
    html = Client().get("/sok/", {"q": words}).content.decode()
    return 'class="news__item"' in html


def page_of(procurement: Procurement) -> ProcurementPage:
    """A page that an editor has published."""
    index = ProcurementIndexPage.objects.get()
    with transaction.atomic(), operation("test.page"):
        page = ProcurementPage(title="Granatäpplen", procurement=procurement, locale=index.locale)
        index.add_child(instance=page)
        page.save_revision().publish()
    return page


def test_a_procurement_is_found_when_it_is_announced(office: Office, change: Change) -> None:
    procurement = builders.planned(office)
    page_of(procurement)
    assert not search("granatäpplen")
    change(lambda: planning.announce(procurement_id=procurement.pk, actor=office.first))
    assert search("granatäpplen")


def test_without_the_signal_only_the_clock_finds_it(office: Office, change: Change) -> None:
    """The control, and what the clock is for: changes that no signal tells of."""
    procurement = builders.planned(office)
    page_of(procurement)
    post_save.disconnect(sender=Procurement, dispatch_uid="cms.findable")
    try:
        change(lambda: planning.announce(procurement_id=procurement.pk, actor=office.first))
    finally:
        findable.connect()
    assert not search("granatäpplen")
    tasks.publish_scheduled()
    assert search("granatäpplen")


def test_the_clock_finds_what_becomes_public_by_time(office: Office, change: Change) -> None:
    procurement = builders.announced(office)
    later = timezone.now() + datetime.timedelta(hours=2)

    def hold_back() -> None:
        procurement.announced_at = later
        procurement.save()

    change(hold_back)
    page_of(procurement)
    tasks.publish_scheduled()
    assert not search("granatäpplen")
    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        tasks.publish_scheduled()
        assert search("granatäpplen")


def test_what_is_no_longer_public_is_forgotten(office: Office, change: Change) -> None:
    procurement = builders.announced(office)
    page_of(procurement)
    assert search("granatäpplen")

    def take_back() -> None:
        procurement.phase = Procurement.Phase.PLANNED
        procurement.save()

    change(take_back)
    assert not search("granatäpplen")


def test_a_report_is_found_when_it_is_published(office: Office, change: Change) -> None:
    today = timezone.localdate()
    report: EvaluationReport = evaluation.register(
        programme=office.programme,
        facts=evaluation.Facts("Delrapport", "Exempel AB", "våren", "Kort.", today),
        actor=office.evaluator,
    )
    evaluation.add_finding(
        report_id=report.pk,
        text="Tid saknas",
        criterion="implementation",
        principles=["accessibility"],
        actor=office.evaluator,
    )
    index = EvaluationIndexPage.objects.get()
    with transaction.atomic(), operation("test.page"):
        leader = people.account("leader")
        people.holds(leader, "leader", office.city, Capability.MANAGE_PROGRAMME)
        page = EvaluationReportPage(title="Granatäpplen", report=report, locale=index.locale)
        index.add_child(instance=page)
        page.save_revision().publish()
    change(lambda: evaluation.present(report_id=report.pk, on=today, actor=leader))
    assert not search("granatäpplen")
    change(lambda: evaluation.publish(report_id=report.pk, actor=office.writer))
    assert search("granatäpplen")


def test_when_all_is_as_it_should_the_clock_writes_nothing(office: Office) -> None:
    page_of(builders.announced(office))
    findable.bring_everything_up_to_date()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        findable.bring_everything_up_to_date()
    assert [row["sql"][:6] for row in captured if row["sql"][:6] != "SELECT"] == []
