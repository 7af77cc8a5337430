"""The kinds of page."""

from cms.models.accessibility import AccessibilityPage
from cms.models.base import PortalPage
from cms.models.contact import ContactMessage, ContactPage
from cms.models.document import DocumentVersion, Override, Publication, RegisteredDocument
from cms.models.evaluation import EvaluationIndexPage, EvaluationReportPage
from cms.models.event import EventIndexPage, EventPage
from cms.models.group import GroupPage
from cms.models.home import HomePage
from cms.models.lecture import LectureIndexPage, LecturePage
from cms.models.moderation import AnotherReadsTask
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.procurement import ProcurementIndexPage, ProcurementPage
from cms.models.project import GoalsPage, ProjectPage
from cms.models.search import SearchPage
from cms.models.standard import PersonalDataPage, ResultPage, SectionPage, StandardPage

__all__ = [
    "AccessibilityPage",
    "AnotherReadsTask",
    "ContactMessage",
    "ContactPage",
    "DocumentVersion",
    "EvaluationIndexPage",
    "EvaluationReportPage",
    "EventIndexPage",
    "EventPage",
    "GoalsPage",
    "GroupPage",
    "HomePage",
    "LectureIndexPage",
    "LecturePage",
    "NewsIndexPage",
    "NewsPage",
    "Override",
    "PersonalDataPage",
    "PortalPage",
    "ProcurementIndexPage",
    "ProcurementPage",
    "ProjectPage",
    "Publication",
    "RegisteredDocument",
    "ResultPage",
    "SearchPage",
    "SectionPage",
    "StandardPage",
]
