"""The part of the Open Contracting Data Standard 1.1 that we say anything of, in our own words.

Written by hand after the standard's documentation, which requires of a release package
``uri``, ``publishedDate``, ``publisher.name`` and ``releases``, and of a release ``ocid``,
``id``, ``date``, ``tag`` and ``initiationType``. Code lists that the standard closes are
closed here. Nothing beside what is named may be there, so that a new field is looked up first.
"""

from typing import Any

MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$",
}
TEXT = {"type": "string", "minLength": 1}
PERIOD = {
    "type": "object",
    "properties": {"startDate": MOMENT, "endDate": MOMENT},
    "minProperties": 1,
    "additionalProperties": False,
}
VALUE = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {"amount": {"type": "number"}, "currency": {"const": "SEK"}},
    "additionalProperties": False,
}
PARTY_REFERENCE = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": TEXT, "name": TEXT},
    "additionalProperties": False,
}
PARTY = {
    "type": "object",
    "required": ["id", "name", "roles"],
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "roles": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": ["buyer", "procuringEntity", "supplier"]},
        },
    },
    "additionalProperties": False,
}
TENDER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT,
        "title": TEXT,
        "description": {"type": "string"},
        "status": {
            "enum": [
                "planning", "planned", "active", "cancelled", "unsuccessful", "complete",
                "withdrawn",
            ]
        },
        "procurementMethod": {"enum": ["open", "selective", "limited", "direct"]},
        "procurementMethodDetails": TEXT,
        "mainProcurementCategory": {"enum": ["goods", "works", "services"]},
        "value": VALUE,
        "enquiryPeriod": PERIOD,
        "tenderPeriod": PERIOD,
        "hasEnquiries": {"type": "boolean"},
        "numberOfTenderers": {"type": "integer", "minimum": 0},
        "enquiries": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": TEXT,
                    "description": TEXT,
                    "answer": {"type": "string"},
                    "dateAnswered": MOMENT,
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}  # fmt: skip
AWARD = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT,
        "date": MOMENT,
        "status": {"enum": ["pending", "active", "cancelled", "unsuccessful"]},
        "value": VALUE,
        "suppliers": {"type": "array", "items": PARTY_REFERENCE, "minItems": 1},
    },
    "additionalProperties": False,
}
CONTRACT = {
    "type": "object",
    "required": ["id", "awardID"],
    "properties": {
        "id": TEXT,
        "awardID": TEXT,
        "dateSigned": MOMENT,
        "period": PERIOD,
        "value": VALUE,
    },
    "additionalProperties": False,
}
RELEASE = {
    "type": "object",
    "required": ["ocid", "id", "date", "tag", "initiationType"],
    "properties": {
        "ocid": TEXT,
        "id": {"type": "string", "pattern": "^[^#/?]+$"},
        "date": MOMENT,
        "language": {"enum": ["sv", "en"]},
        "tag": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": ["planning", "tender", "tenderCancellation", "award", "contract"]},
        },
        "initiationType": {"const": "tender"},
        "parties": {"type": "array", "items": PARTY, "uniqueItems": True},
        "buyer": PARTY_REFERENCE,
        "tender": TENDER,
        "awards": {"type": "array", "items": AWARD},
        "contracts": {"type": "array", "items": CONTRACT},
    },
    "additionalProperties": False,
}
PACKAGE: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["uri", "version", "publishedDate", "publisher", "releases"],
    "properties": {
        "uri": {"type": "string", "pattern": "^https?://"},
        "version": {"const": "1.1"},
        "publishedDate": MOMENT,
        "publisher": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": TEXT},
            "additionalProperties": False,
        },
        "releases": {"type": "array", "items": RELEASE},
    },
    "additionalProperties": False,
}
