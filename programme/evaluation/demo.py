"""One evaluation report for the demo: findings, recommendations and answers; nobody real."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from people.models import Organisation, Role, RoleAssignment, User
from people.setup import CITY
from programme.models import EvaluationFinding, EvaluationReport, Programme, Recommendation

DATA = Path(__file__).resolve().parent.parent / "data" / "demo_evaluation.json"
DEMO = Actor(id="demo", name="Demo")
EVALUATOR = "utvarderare@example.org"
DAYS_OPEN = 365


@transaction.atomic
def build_evaluation() -> None:
    """Add the report and its evaluator's account; nothing the second time."""
    programme = Programme.objects.order_by("pk").first()
    if programme is None or EvaluationReport.objects.exists():
        return
    row = json.loads(DATA.read_text(encoding="utf-8"))
    with operation("demo.evaluation", actor=DEMO):
        _report(programme, row, _evaluator())


def _evaluator() -> User:
    """An account whose role has a last day, as every evaluator's."""
    found = User.objects.filter(email=EVALUATOR).first()
    if found is not None:
        return found
    like = User.objects.get(email="projektledare@example.org")
    user = User.objects.create(
        email=EVALUATOR, first_name="Ruben", last_name="Stålhammar", password=like.password
    )
    today = timezone.localdate()
    RoleAssignment.objects.create(
        user=user,
        role=Role.objects.get(key="utvarderare"),
        organisation=Organisation.objects.get(code=CITY),
        valid_from=today - datetime.timedelta(days=200),
        valid_to=today + datetime.timedelta(days=DAYS_OPEN),
    )
    return user


def _report(programme: Programme, row: dict[str, Any], evaluator: User) -> None:
    today = timezone.localdate()

    def day(days: int) -> datetime.date:
        return today + datetime.timedelta(days=days)

    report = EvaluationReport.objects.create(
        programme=programme,
        title=row["title"],
        evaluator=row["evaluator"],
        period=row["period"],
        summary=row["summary"],
        dated_on=day(row["dated"]),
        presented_on=day(row["presented"]),
        published_at=timezone.now() - datetime.timedelta(days=-row["published"]),
        written_by=evaluator,
    )
    for number, each in enumerate(row["findings"], start=1):
        finding = EvaluationFinding.objects.create(
            report=report,
            number=number,
            text=each["text"],
            criterion=each["criterion"],
            principles=each["principles"],
        )
        for place, advice in enumerate(each["recommendations"], start=1):
            answered = advice["status"] != "new"
            Recommendation.objects.create(
                finding=finding,
                number=place,
                text=advice["text"],
                status=advice["status"],
                owner=Role.objects.get(key=advice["owner"]) if answered else None,
                deadline=day(advice["deadline"]) if answered else None,
                response=advice.get("response", ""),
                responded_on=day(row["presented"] + 14) if answered else None,
                done_on=day(advice["done"]) if "done" in advice else None,
            )
