"""The ESF project itself: programme, waves, quotas, nominations and places."""

from programme.models.batch import ImportBatch
from programme.models.case_type import CaseSubmission, CaseType
from programme.models.nomination import Nomination, Place
from programme.models.programme import Category, Programme, Rate, Setting
from programme.models.wave import NominationKind, Quota, Wave

__all__ = [
    "CaseSubmission",
    "CaseType",
    "Category",
    "ImportBatch",
    "Nomination",
    "NominationKind",
    "Place",
    "Programme",
    "Quota",
    "Rate",
    "Setting",
    "Wave",
]
