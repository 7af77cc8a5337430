"""A page of every kind that shows the programme's rows, made with real rows as staff make them."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from cms import lecture_faces
from cms.events import put_up_events
from cms.lecture_setup import publish_drafts
from cms.models import EvaluationReportPage, EventPage, LecturePage, ProcurementPage
from cms.models.document import RegisteredDocument
from cms.setup_procurement import load_case_pages
from people.models import Capability, Organisation
from programme.evaluation import actions as evaluation
from programme.lectures import making
from programme.models import BudgetLine, EvaluationReport
from tests.cms.documents import builders as documents
from tests.cms.people import writer
from tests.people import builders
from tests.programme.builders import World, build_world
from tests.programme.guests.test_guests import list_for
from tests.programme.lectures.builders import facts
from tests.programme.procurement import builders as procurement


@dataclass(frozen=True)
class Kinds:
    """One page of each kind."""

    lecture: LecturePage
    event: EventPage
    procurement: ProcurementPage
    report: EvaluationReportPage
    document: RegisteredDocument

    def addresses(self) -> list[str]:
        """Where each lies, and the lists that lead to them."""
        pages = (self.lecture, self.event, self.procurement, self.report)
        indexes = (
            "/forelasningar/",
            "/upphandlingar/",
            "/utvardering/",
            "/handlingar/",
            "/handelser/",
        )
        return [*(str(page.url) for page in pages), self.document.url, *indexes]


def put_up_every_kind() -> Kinds:
    """On the ground of the public pages: a lecture, an event, a purchase, a report, a document."""
    world = build_world(staff=1, identities=False)
    lecture = making.save_lecture(
        facts=facts(), programme=world.programme, actor=world.administrator
    )
    making.open_lecture(lecture_id=lecture.pk, actor=world.administrator)
    with transaction.atomic(), operation("test.draft"):
        lecture_faces.draft(lecture, world.administrator)
    list_for(world, seats=20)
    office = _office(world)
    procurement.announced(office)
    _report(office)
    document = documents.document(by=office.writer, description="Vad som gäller från första mars.")
    documents.let_out(document, by=office.writer, second=office.third)
    put_up_events()
    with transaction.atomic(), operation("test.pages"):
        publish_drafts()
        load_case_pages()
    return Kinds(
        lecture=LecturePage.objects.get(lecture=lecture),
        event=EventPage.objects.get(),
        procurement=ProcurementPage.objects.get(),
        report=EvaluationReportPage.objects.get(),
        document=document,
    )


@transaction.atomic
def _office(world: World) -> procurement.Office:
    """Who buys, who evaluates and two who publish."""
    with operation("test.office"):
        city = Organisation.objects.get(parent=None)
        people = {
            name: builders.account(f"office-{name}") for name in ("first", "second", "evaluator")
        }
        for name in ("first", "second"):
            builders.holds(people[name], "role-procure", city, Capability.PROCURE)
        builders.holds(people["evaluator"], "role-evaluate", city, Capability.EVALUATE)
        return procurement.Office(
            programme=world.programme,
            line=BudgetLine.objects.filter(programme=world.programme)[0],
            city=city,
            third=writer("office-colleague"),
            writer=writer("office-writer"),
            **people,
        )


def _report(office: procurement.Office) -> EvaluationReport:
    """Shown to the steering group and published, with a recommendation."""
    today = timezone.localdate()
    made = evaluation.register(
        programme=office.programme,
        facts=evaluation.Facts("Första delrapporten", "Exempel AB", "våren", "Kort.", today),
        actor=office.evaluator,
    )
    finding = evaluation.add_finding(
        report_id=made.pk,
        text="Tid saknas",
        criterion="implementation",
        principles=["accessibility"],
        actor=office.evaluator,
    )
    evaluation.recommend(finding_id=finding.pk, text="Ge tid", actor=office.evaluator)
    with transaction.atomic(), operation("test.leader"):
        leader = builders.account("office-leader")
        builders.holds(leader, "role-leads", office.city, Capability.MANAGE_PROGRAMME)
    evaluation.present(report_id=made.pk, on=today, actor=leader)
    return evaluation.publish(report_id=made.pk, actor=office.writer)
