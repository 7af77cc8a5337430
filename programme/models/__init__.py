"""The ESF project itself: programme, waves, nominations, groups, occasions, hours and months."""

from programme.models.absence import Absence, AbsenceList
from programme.models.attendance import Attendance, Evidence, ReportRow, Segment
from programme.models.batch import ImportBatch
from programme.models.case_type import CaseSubmission, CaseType
from programme.models.course import (
    CompletionRule,
    Course,
    LearningUnit,
    Material,
    MaterialQuestion,
    Module,
)
from programme.models.employee_list import EmployeeList
from programme.models.evaluation import EvaluationFinding, EvaluationReport, Recommendation
from programme.models.governance import (
    AgendaItem,
    AgendaTopic,
    Body,
    BodyDecision,
    BodyKind,
    BodyRules,
    Meeting,
    MeetingAttendance,
    Seat,
)
from programme.models.group import (
    Group,
    Membership,
    Participation,
    PreparationDone,
    PreparationPoint,
)
from programme.models.guest import Guest, GuestList, Municipality, MunicipalityCount
from programme.models.hours import CountedTime, HourRules
from programme.models.leaving import LeavingReason
from programme.models.lecture import (
    EvaluationCount,
    EvaluationGiven,
    Followed,
    Lecture,
    LectureQuestion,
    LectureTag,
    Principle,
    Recording,
    Reflection,
    Viewing,
)
from programme.models.month import Correction, Month, Statement
from programme.models.nomination import Nomination, Place
from programme.models.occasion import CalendarFeed, HomeworkDone, Invitation, Occasion
from programme.models.procurement import (
    Award,
    BudgetLine,
    CallOff,
    Contract,
    Criterion,
    FollowUp,
    Opening,
    Procurement,
    Question,
    Tender,
)
from programme.models.programme import Category, CategoryPlan, Programme, Rate, Setting
from programme.models.register import Entry, Register, RegisterVersion
from programme.models.registration import Registration, SeatPlan, SeatQuota
from programme.models.study import (
    EvaluationExtract,
    InterviewConsent,
    InterviewPick,
    InterviewSample,
)
from programme.models.venue import AccessibilityPoint, AdaptationNeed, Booking, Venue, VenueCheck
from programme.models.wave import NominationKind, Quota, Wave

__all__ = [
    "Absence",
    "AbsenceList",
    "AccessibilityPoint",
    "AdaptationNeed",
    "AgendaItem",
    "AgendaTopic",
    "Attendance",
    "Award",
    "Body",
    "BodyDecision",
    "BodyKind",
    "BodyRules",
    "Booking",
    "BudgetLine",
    "CalendarFeed",
    "CallOff",
    "CaseSubmission",
    "CaseType",
    "Category",
    "CategoryPlan",
    "CompletionRule",
    "Contract",
    "Correction",
    "CountedTime",
    "Course",
    "Criterion",
    "EmployeeList",
    "Entry",
    "EvaluationCount",
    "EvaluationExtract",
    "EvaluationFinding",
    "EvaluationGiven",
    "EvaluationReport",
    "Evidence",
    "FollowUp",
    "Followed",
    "Group",
    "Guest",
    "GuestList",
    "HomeworkDone",
    "HourRules",
    "ImportBatch",
    "InterviewConsent",
    "InterviewPick",
    "InterviewSample",
    "Invitation",
    "LearningUnit",
    "LeavingReason",
    "Lecture",
    "LectureQuestion",
    "LectureTag",
    "Material",
    "MaterialQuestion",
    "Meeting",
    "MeetingAttendance",
    "Membership",
    "Module",
    "Month",
    "Municipality",
    "MunicipalityCount",
    "Nomination",
    "NominationKind",
    "Occasion",
    "Opening",
    "Participation",
    "Place",
    "PreparationDone",
    "PreparationPoint",
    "Principle",
    "Procurement",
    "Programme",
    "Question",
    "Quota",
    "Rate",
    "Recommendation",
    "Recording",
    "Reflection",
    "Register",
    "RegisterVersion",
    "Registration",
    "ReportRow",
    "Seat",
    "SeatPlan",
    "SeatQuota",
    "Segment",
    "Setting",
    "Statement",
    "Tender",
    "Venue",
    "VenueCheck",
    "Viewing",
    "Wave",
]
