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
    LectureIndexPage,
    LecturePage,
    ProcurementIndexPage,
    ProcurementPage,
)
from cms.setup import load_site
from people.models import Capability
from programme.evaluation import actions as evaluation
from programme.lectures import making
from programme.models import (
    Course,
    EvaluationReport,
    LearningUnit,
    LectureTag,
    Procurement,
    Question,
)
from programme.procurement.actions import asking, planning
from tests.cms.kept import Change
from tests.people import builders as people
from tests.programme.lectures import builders as lectures
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
    index = ProcurementIndexPage.objects.get(locale__language_code="sv")
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
    index = EvaluationIndexPage.objects.get(locale__language_code="sv")
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


def published_report(office: Office) -> EvaluationReport:
    """A published report with a finding and a recommendation, and its page."""
    today = timezone.localdate()
    report: EvaluationReport = evaluation.register(
        programme=office.programme,
        facts=evaluation.Facts("Delrapport", "Exempel AB", "våren", "Kort.", today),
        actor=office.evaluator,
    )
    finding = evaluation.add_finding(
        report_id=report.pk,
        text="Underlaget räcker",
        criterion="implementation",
        principles=["accessibility"],
        actor=office.evaluator,
    )
    evaluation.recommend(finding_id=finding.pk, text="Ge tid", actor=office.evaluator)
    with transaction.atomic(), operation("test.leader"):
        leader = people.account("leader")
        people.holds(leader, "leader", office.city, Capability.MANAGE_PROGRAMME)
    evaluation.present(report_id=report.pk, on=today, actor=leader)
    evaluation.publish(report_id=report.pk, actor=office.writer)
    index = EvaluationIndexPage.objects.get(locale__language_code="sv")
    with transaction.atomic(), operation("test.page"):
        page = EvaluationReportPage(title="Sidan", report=report, locale=index.locale)
        index.add_child(instance=page)
        page.save_revision().publish()
    return report


def lecture_page(office: Office) -> LecturePage:
    """A lecture whose page an editor has published, and nobody has written much on."""
    with transaction.atomic(), operation("test.lecture"):
        admin = people.account("admin")
        people.holds(admin, "admin", office.city, Capability.MANAGE_PROGRAMME)
        people.holds(admin, "maker", office.city, Capability.MANAGE_CONTENT)
        Course.objects.create(programme=office.programme, key="forelasning", name="Föreläsning")
    lecture = making.save_lecture(
        facts=lectures.facts(description="Om paddling."), programme=office.programme, actor=admin
    )
    index = LectureIndexPage.objects.get(locale__language_code="sv")
    with transaction.atomic(), operation("test.page"):
        page = LecturePage(title="Samtal", lecture=lecture, locale=index.locale)
        index.add_child(instance=page)
        page.save_revision().publish()
    return page


def test_a_lecture_is_found_by_its_own_words_and_anew_when_they_change(
    office: Office, change: Change
) -> None:
    page = lecture_page(office)
    lecture = page.lecture
    assert search("paddling")
    assert not search("granatäpplen")

    def other_words() -> None:
        lecture.unit.description = "Om granatäpplen."
        lecture.unit.save()

    change(other_words)
    assert search("granatäpplen")
    assert not search("paddling")
    tag = LectureTag(programme=office.programme, kind=LectureTag.Kind.SERVICE_AREA)
    tag.name = "Skogsbruk"

    def tick() -> None:
        tag.save()
        lecture.tags.add(tag)

    change(tick)
    assert search("skogsbruk")

    def another() -> None:
        lecture.lecturer = "Forskare i rymdfart"
        lecture.save()

    change(another)
    assert search("rymdfart")
    change(page.unpublish)
    assert not search("rymdfart")


def test_without_the_listener_the_old_words_stay(office: Office, change: Change) -> None:
    """The control."""
    page = lecture_page(office)
    post_save.disconnect(sender=LearningUnit, dispatch_uid="cms.findable")

    def other_words() -> None:
        page.lecture.unit.description = "Om granatäpplen."
        page.lecture.unit.save()

    try:
        change(other_words)
    finally:
        findable.connect()
    assert not search("granatäpplen")


def test_a_procurement_is_found_by_what_is_public_of_it(office: Office, change: Change) -> None:
    procurement = builders.announced(office)
    page_of(procurement)
    change(
        lambda: asking.register(
            procurement_id=procurement.pk,
            asked_by="Kålrot AB",
            text="Vad gäller för rymdfart?",
            actor=office.writer,
        )
    )
    assert not search("rymdfart")
    question = Question.objects.get()
    change(lambda: asking.answer(question_id=question.pk, text="Ingenting.", actor=office.writer))
    assert not search("rymdfart")
    change(lambda: asking.publish_answers(procurement_id=procurement.pk, actor=office.writer))
    assert search("rymdfart")
    # Who asks is nobody's to find.
    assert not search("kålrot")


def test_a_report_is_found_by_its_findings_and_answers(office: Office, change: Change) -> None:
    found = published_report(office)
    assert search("underlag")
    recommendation = found.findings.get().recommendations.get()

    def answer() -> None:
        recommendation.text = "Ge mer granatäpplen"
        recommendation.save()

    change(answer)
    assert search("granatäpplen")
