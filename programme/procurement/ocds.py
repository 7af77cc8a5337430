"""Announced procurements in the shape of the Open Contracting Data Standard's release package."""

import datetime
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
    released = _day(award.decided_on) if award else _time(procurement.announced_at)
    buyer = _owner_reference(procurement)
    answer: dict[str, Any] = {
        "ocid": f"kompetensportalen-{procurement.public_id}",
        "id": f"{procurement.public_id}-{procurement.phase}",
        "date": released,
        "language": "sv",
        "tag": _tags(procurement, has_award=award is not None),
        "initiationType": "tender",
        "parties": [{**buyer, "roles": ["buyer", "procuringEntity"]}],
        "buyer": buyer,
        "tender": {
            "id": procurement.record_number,
            "title": procurement.title,
            "description": procurement.purpose,
            "status": STATUS.get(Procurement.Phase(procurement.phase), "complete"),
            "procurementMethod": METHOD[Procurement.Form(procurement.form)],
            "procurementMethodDetails": procurement.get_form_display(),
            "mainProcurementCategory": "services",
            "value": {"amount": procurement.estimated_value, "currency": CURRENCY},
            **_period("enquiryPeriod", end=_time(procurement.questions_until)),
            **_period(
                "tenderPeriod",
                start=_time(procurement.announced_at),
                end=_time(procurement.tenders_until),
            ),
            # After the shape of the standard's extension for enquiries.
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
        supplier = {"id": f"SE-{award.organisation_number}", "name": award.supplier}
        answer["parties"].append({**supplier, "roles": ["supplier"]})
        answer["tender"]["numberOfTenderers"] = award.tenders_received
        answer["awards"] = [
            {
                "id": award.public_id,
                "date": _day(award.decided_on),
                "status": "active",
                "value": {"amount": award.amount, "currency": CURRENCY},
                "suppliers": [supplier],
            }
        ]
        answer["contracts"] = [
            {
                "id": contract.record_number,
                "awardID": award.public_id,
                "dateSigned": _day(contract.signed_on),
                "period": {
                    "startDate": _day(contract.starts_on),
                    "endDate": _day(contract.ends_on),
                },
                "value": {"amount": contract.ceiling, "currency": CURRENCY},
            }
            for contract in procurement.contracts.all()
        ]
    return answer


def _tags(procurement: Procurement, *, has_award: bool) -> list[str]:
    """What kind of news the release is, by the standard's own words."""
    if procurement.phase == Procurement.Phase.CANCELLED:
        return ["tenderCancellation"]
    if not has_award:
        return ["tender"]
    return ["award", "contract"] if list(procurement.contracts.all()) else ["award"]


def _owner_reference(procurement: Procurement) -> dict[str, str]:
    owner = procurement.programme.owner
    return {"id": f"SE-{owner.organisation_number or owner.code}", "name": owner.name}


def _period(name: str, *, start: str = "", end: str = "") -> dict[str, dict[str, str]]:
    """A period with the ends that are known; nothing when neither is."""
    ends = {"startDate": start, "endDate": end}
    known = {key: moment for key, moment in ends.items() if moment}
    return {name: known} if known else {}


def _day(day: datetime.date) -> str:
    """The beginning of the day in Stockholm: the standard knows moments only."""
    return _time(timezone.make_aware(datetime.datetime.combine(day, datetime.time())))


def _time(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
