"""Announced procurements in the shape of the Open Contracting Data Standard's release package."""

from typing import Any

from django.utils import timezone

from programme.models import Procurement
from programme.procurement.public import public_list

STATUS = {
    Procurement.Phase.ANNOUNCED: "active",
    Procurement.Phase.EVALUATING: "active",
    Procurement.Phase.CANCELLED: "cancelled",
}
METHOD = {
    Procurement.Form.DIRECT: "direct",
    Procurement.Form.FRAMEWORK: "limited",
    Procurement.Form.SIMPLIFIED: "open",
    Procurement.Form.OPEN: "open",
}
CURRENCY = "SEK"


def package(address: str) -> dict[str, Any]:
    """Every announced procurement; the number of queries does not follow the number of rows."""
    found = (
        public_list()
        .select_related("programme__owner", "award")
        .prefetch_related("contracts", "questions")
    )
    return {
        "uri": address,
        "version": "1.1",
        "publishedDate": timezone.localtime().isoformat(timespec="seconds"),
        "publisher": {"name": _owner(found)},
        "releases": [_release(procurement) for procurement in found],
    }


def _owner(found: Any) -> str:
    first = next(iter(found), None)
    return first.programme.owner.name if first else ""


def _release(procurement: Procurement) -> dict[str, Any]:
    award = getattr(procurement, "award", None) if procurement.is_decided else None
    released = award.decided_on.isoformat() if award else _time(procurement.announced_at)
    answer: dict[str, Any] = {
        "ocid": f"kompetensportalen-{procurement.public_id}",
        "id": f"{procurement.public_id}-{procurement.phase}",
        "date": released,
        "language": "sv",
        "tag": ["award"] if award else ["tender"],
        "buyer": {"name": procurement.programme.owner.name},
        "tender": {
            "id": procurement.record_number,
            "title": procurement.title,
            "description": procurement.purpose,
            "status": STATUS.get(Procurement.Phase(procurement.phase), "complete"),
            "procurementMethod": METHOD[Procurement.Form(procurement.form)],
            "procurementMethodDetails": procurement.get_form_display(),
            "mainProcurementCategory": "services",
            "value": {"amount": procurement.estimated_value, "currency": CURRENCY},
            "enquiryPeriod": {"endDate": _time(procurement.questions_until)},
            "tenderPeriod": {
                "startDate": _time(procurement.announced_at),
                "endDate": _time(procurement.tenders_until),
            },
            "enquiries": [
                {
                    "id": question.public_id,
                    "description": question.text,
                    "answer": question.answer,
                    "dateAnswered": _time(question.published_at),
                }
                for question in procurement.questions.all()
                if question.published_at is not None
            ],
        },
    }
    if award is not None:
        answer["tender"]["numberOfTenderers"] = award.tenders_received
        answer["awards"] = [
            {
                "id": award.public_id,
                "date": award.decided_on.isoformat(),
                "status": "active",
                "value": {"amount": award.amount, "currency": CURRENCY},
                "suppliers": [{"id": f"SE-{award.organisation_number}", "name": award.supplier}],
            }
        ]
        answer["contracts"] = [
            {
                "id": contract.record_number,
                "awardID": award.public_id,
                "dateSigned": contract.signed_on.isoformat(),
                "period": {
                    "startDate": contract.starts_on.isoformat(),
                    "endDate": contract.ends_on.isoformat(),
                },
                "value": {"amount": contract.ceiling, "currency": CURRENCY},
            }
            for contract in procurement.contracts.all()
        ]
    return answer


def _time(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
