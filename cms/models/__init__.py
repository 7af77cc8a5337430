"""The kinds of page."""

from cms.models.accessibility import AccessibilityPage
from cms.models.base import PortalPage
from cms.models.event import EventPage
from cms.models.home import HomePage
from cms.models.lecture import LectureIndexPage, LecturePage
from cms.models.project import ProjectPage
from cms.models.standard import PersonalDataPage, StandardPage

__all__ = [
    "AccessibilityPage",
    "EventPage",
    "HomePage",
    "LectureIndexPage",
    "LecturePage",
    "PersonalDataPage",
    "PortalPage",
    "ProjectPage",
    "StandardPage",
]
