"""The evaluation: tags, the loop from recommendation to done, and who sees what."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people import actions as people_actions
from people.models import Capability, User
from programme.errors import NotAllowed, Refused, Stale
from programme.evaluation import actions
from programme.evaluation.public import public_reports, told
from programme.evaluation.rules import is_late, lacks, progress, untouched
from programme.models import EvaluationReport, Recommendation
from tests.people import builders
from tests.programme.procurement.builders import Office
from tests.programme.procurement.builders import office as build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = datetime.date(2026, 6, 1)


@pytest.fixture
def office(db: None) -> Office:
    """The evaluator, and those who run things."""
    return build()


@pytest.fixture
def leader(office: Office) -> User:
    """Who answers recommendations."""
    with transaction.atomic(), operation("test.leader"):
        user = builders.account("leader")
        builders.holds(user, "leader", office.city, Capability.MANAGE_PROGRAMME)
    return user


def report(office: Office, by: User | None = None) -> EvaluationReport:
    return actions.register(
        programme=office.programme,
        facts=actions.Facts("Delrapport", "Exempel AB", "våren", "Kort.", timezone.localdate()),
        actor=by or office.evaluator,
    )


def recommended(office: Office, made: EvaluationReport) -> Recommendation:
    finding = actions.add_finding(
        report_id=made.pk,
        text="Tid saknas",
        criterion="implementation",
        principles=["accessibility"],
        actor=office.evaluator,
    )
    return actions.recommend(finding_id=finding.pk, text="Ge tid", actor=office.evaluator)


def answer(status: str = "accepted", response: str = "Det gör vi.") -> actions.Answer:
    owner = builders.role("role-procure")
    return actions.Answer(status, owner, timezone.localdate(), response)


def shown(office: Office, leader: User) -> tuple[EvaluationReport, Recommendation]:
    made = report(office)
    advice = recommended(office, made)
    actions.present(report_id=made.pk, on=timezone.localdate(), actor=leader)
    return made, advice


def test_a_report_is_public_only_after_the_steering_group(office: Office, leader: User) -> None:
    made = report(office)
    recommended(office, made)
    with pytest.raises(Refused):
        actions.publish(report_id=made.pk, actor=office.writer)
    assert public_reports() == []
    actions.present(report_id=made.pk, on=timezone.localdate(), actor=leader)
    actions.publish(report_id=made.pk, actor=office.writer)
    assert public_reports() == [made]


def test_the_database_refuses_what_the_steering_group_has_not_seen(office: Office) -> None:
    made = report(office)
    with (
        pytest.raises(IntegrityError, match="presented_before_published"),
        transaction.atomic(),
        operation("test.publish"),
    ):
        EvaluationReport.objects.filter(pk=made.pk).update(published_at=timezone.now())


def test_findings_are_settled_when_the_report_has_been_shown(office: Office, leader: User) -> None:
    made, advice = shown(office, leader)
    with pytest.raises(Refused):
        recommended(office, made)
    assert advice.status == "new"


def test_the_loop_closes(office: Office, leader: User) -> None:
    made, advice = shown(office, leader)
    with pytest.raises(Refused):
        actions.answer(recommendation_id=advice.pk, given=answer(response=" "), actor=leader)
    with pytest.raises(Stale):
        actions.mark_done(recommendation_id=advice.pk, on=timezone.localdate(), actor=leader)
    actions.answer(recommendation_id=advice.pk, given=answer(), actor=leader)
    assert told(made).progress.answered == 1
    actions.mark_done(recommendation_id=advice.pk, on=timezone.localdate(), actor=leader)
    assert told(made).progress.done == 1
    with pytest.raises(Stale):
        actions.answer(recommendation_id=advice.pk, given=answer("rejected"), actor=leader)


def test_the_evaluator_does_not_answer_its_own_recommendations(
    office: Office, leader: User
) -> None:
    made, advice = shown(office, leader)
    for refused in (
        lambda: actions.answer(recommendation_id=advice.pk, given=answer(), actor=office.evaluator),
        lambda: actions.publish(report_id=made.pk, actor=office.evaluator),
        lambda: actions.present(report_id=made.pk, on=timezone.localdate(), actor=office.evaluator),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_the_evaluators_role_has_a_last_day(office: Office) -> None:
    with transaction.atomic(), operation("test.grant"):
        user = builders.account("ny")
        with pytest.raises(people_actions.Refused):
            people_actions.assign_role(
                user=user, role="role-evaluate", organisation=office.city, actor=None
            )
        people_actions.assign_role(
            user=user,
            role="role-evaluate",
            organisation=office.city,
            actor=None,
            valid_to=timezone.localdate() + datetime.timedelta(days=90),
        )
        # The control: other roles need none.
        people_actions.assign_role(
            user=user, role="role-procure", organisation=office.city, actor=None
        )


def test_after_the_last_day_the_door_is_shut(office: Office) -> None:
    with transaction.atomic(), operation("test.former"):
        former = builders.account("former")
        builders.holds(
            former,
            "role-evaluate",
            office.city,
            until=timezone.localdate() - datetime.timedelta(days=1),
        )
    for user, status in ((former, 404), (office.evaluator, 200)):
        client = Client()
        client.force_login(user, backend=BACKEND)
        assert client.get(reverse("evaluation:list")).status_code == status


def test_an_evaluator_sees_own_and_public_reports_only(office: Office, leader: User) -> None:
    made = report(office, by=leader)
    client = Client()
    client.force_login(office.evaluator, backend=BACKEND)
    address = reverse("evaluation:report", args=[made.public_id])
    assert client.get(address).status_code == 404
    assert client.get(reverse("procurement:list")).status_code == 404
    own = report(office)
    assert client.get(reverse("evaluation:report", args=[own.public_id])).status_code == 200


def test_the_pages_take_a_report_through(office: Office, leader: User) -> None:
    evaluator, chief = Client(), Client()
    evaluator.force_login(office.evaluator, backend=BACKEND)
    chief.force_login(leader, backend=BACKEND)
    made = evaluator.post(
        reverse("evaluation:new"),
        {
            "title": "Delrapport",
            "evaluator": "Exempel AB",
            "period": "våren",
            "dated_on": timezone.localdate().isoformat(),
            "summary": "Kort.",
        },
    )
    found = EvaluationReport.objects.get()
    args = [found.public_id]
    assert made["Location"] == reverse("evaluation:report", args=args)
    evaluator.post(
        reverse("evaluation:finding", args=args),
        {"text": "Tid saknas", "criterion": "goals", "principles": ["equality"]},
    )
    finding = found.findings.get()
    evaluator.post(
        reverse("evaluation:recommend", args=[*args, finding.public_id]), {"text": "Ge tid"}
    )
    advice = finding.recommendations.get()
    today = timezone.localdate().isoformat()
    chief.post(reverse("evaluation:present", args=args), {"on": today})
    given = {
        "status": "partly",
        "owner": "leader",
        "deadline": today,
        "response": "Delvis.",
    }
    chief.post(reverse("evaluation:answer", args=[*args, advice.public_id]), given)
    chief.post(reverse("evaluation:publish", args=args))
    page = chief.get(reverse("evaluation:report", args=args)).content.decode()
    assert "Delvis." in page
    assert "Måluppfyllelse".lower() in page.lower()
    found.refresh_from_db()
    assert found.is_public


@pytest.mark.parametrize(
    ("status", "days", "late"),
    [
        ("accepted", -1, True),
        ("accepted", 0, False),
        ("partly", -1, True),
        ("done", -9, False),
        ("rejected", -9, False),
        ("new", -9, False),
    ],
)
def test_what_is_late(status: str, days: int, late: bool) -> None:
    assert is_late(status, TODAY + datetime.timedelta(days=days), TODAY) is late


def test_an_answer_needs_owner_day_and_words() -> None:
    assert lacks(status="accepted", owner=False, deadline=False, response="") == [
        "owner",
        "deadline",
        "response",
    ]
    assert lacks(status="accepted", owner=True, deadline=True, response="Ja") == []
    assert lacks(status="new", owner=True, deadline=True, response="Ja") == ["status"]


def test_progress_and_what_nobody_has_touched() -> None:
    counted = progress([("new", None), ("done", TODAY), ("accepted", TODAY)], TODAY)
    assert (counted.total, counted.answered, counted.done, counted.late) == (3, 2, 1, 0)
    assert untouched({"goals"}, ["relevance", "goals"]) == ["relevance"]


def test_the_public_list_asks_no_more_for_many_reports(office: Office, leader: User) -> None:
    def publish_one() -> None:
        made, _advice = shown(office, leader)
        actions.publish(report_id=made.pk, actor=leader)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            public_reports()
        return len(queries)

    publish_one()
    few = asked()
    for _number in range(3):
        publish_one()
    assert asked() == few
