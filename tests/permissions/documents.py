"""What stands in the addresses of documents, procurements and the evaluation: the demo's own."""

from typing import Any

from cms.models import RegisteredDocument
from programme.models import EvaluationReport, Procurement


def values() -> dict[str, dict[str, Any]]:
    """By the name of the address."""
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
