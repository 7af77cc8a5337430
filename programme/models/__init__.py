"""The ESF project itself: programme, waves, nominations, groups, occasions, hours and months."""

from programme.models.absence import Absence, AbsenceList
from programme.models.attendance import Attendance, Evidence, ReportRow, Segment
from programme.models.batch import ImportBatch
from programme.models.case_type import CaseSubmission, CaseType
from programme.models.course import CompletionRule, Course, LearningUnit, Material, Module
from programme.models.group import (
    Group,
    Membership,
    Participation,
    PreparationDone,
    PreparationPoint,
)
from programme.models.guest import Guest, GuestList, Municipality, MunicipalityCount
from programme.models.hours import CountedTime, HourRules
from programme.models.month import Correction, Month, Statement
from programme.models.nomination import Nomination, Place
from programme.models.occasion import CalendarFeed, HomeworkDone, Invitation, Occasion
from programme.models.programme import Category, CategoryPlan, Programme, Rate, Setting
from programme.models.registration import Registration, SeatPlan, SeatQuota
from programme.models.venue import AccessibilityPoint, AdaptationNeed, Booking, Venue, VenueCheck
from programme.models.wave import NominationKind, Quota, Wave

__all__ = [
    "Absence",
    "AbsenceList",
    "AccessibilityPoint",
    "AdaptationNeed",
    "Attendance",
    "Booking",
    "CalendarFeed",
    "CaseSubmission",
    "CaseType",
    "Category",
    "CategoryPlan",
    "CompletionRule",
    "Correction",
    "CountedTime",
    "Course",
    "Evidence",
    "Group",
    "Guest",
    "GuestList",
    "HomeworkDone",
    "HourRules",
    "ImportBatch",
    "Invitation",
    "LearningUnit",
    "Material",
    "Membership",
    "Module",
    "Month",
    "Municipality",
    "MunicipalityCount",
    "Nomination",
    "NominationKind",
    "Occasion",
    "Participation",
    "Place",
    "PreparationDone",
    "PreparationPoint",
    "Programme",
    "Quota",
    "Rate",
    "Registration",
    "ReportRow",
    "SeatPlan",
    "SeatQuota",
    "Segment",
    "Setting",
    "Statement",
    "Venue",
    "VenueCheck",
    "Wave",
]
