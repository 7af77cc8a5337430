"""What stands in the addresses of documents, procurements and the evaluation: the demo's own."""

import datetime
from typing import Any

from django.utils import timezone

from cms.models import RegisteredDocument
from people.models import User
from programme.evaluation.demo import EVALUATOR
from programme.models import (
    EvaluationExtract,
    EvaluationReport,
    InterviewSample,
    Procurement,
    Programme,
)


def values() -> dict[str, dict[str, Any]]:
    """By the name of the address."""
    programme = Programme.objects.get()
    evaluator = User.objects.get(email=EVALUATOR)
    office = User.objects.get(email="administrator@example.org")
    leave: dict[str, Any] = {
        "programme": programme,
        "purpose": "Prov av rättigheterna",
        "granted_to": evaluator,
        "expires_on": timezone.localdate() + datetime.timedelta(days=30),
    }
    extract = EvaluationExtract.objects.create(**leave, granted_by=office)
    sample = InterviewSample.objects.create(**leave, drawn_by=office, seed="maj", each=1)
    announced = Procurement.objects.get(phase=Procurement.Phase.ANNOUNCED)
    contracted = Procurement.objects.get(phase=Procurement.Phase.CONTRACTED)
    contract = contracted.contracts.get()
    report = EvaluationReport.objects.get()
    finding = report.findings.all()[0]
    case = {"procurement": announced.public_id}
    under = {"procurement": contracted.public_id, "contract": contract.public_id}
    found: dict[str, dict[str, Any]] = {
        "": {
            "procurement": announced.public_id,
            "report": report.public_id,
            "extract": extract.public_id,
            "sample": sample.public_id,
            "document": RegisteredDocument.objects.public()[0].public_id,
            "number": 1,
        },
        "procurement:answer": {**case, "question": announced.questions.all()[0].public_id},
        "procurement:tender": {**case, "tender": announced.tenders.all()[0].public_id},
        "procurement:call_off": under,
        "procurement:follow_up": under,
        "procurement:cancel_call_off": {
            "procurement": contracted.public_id,
            "call_off": contract.call_offs.all()[0].public_id,
        },
        "evaluation:recommend": {"report": report.public_id, "finding": finding.public_id},
    }
    advice = finding.recommendations.all()[0]
    for name in ("answer", "done"):
        found[f"evaluation:{name}"] = {
            "report": report.public_id,
            "recommendation": advice.public_id,
        }
    return found
