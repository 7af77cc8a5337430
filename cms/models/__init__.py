"""The kinds of page."""

from cms.models.accessibility import AccessibilityPage
from cms.models.base import PortalPage
from cms.models.document import DocumentVersion, Override, Publication, RegisteredDocument
from cms.models.evaluation import EvaluationIndexPage, EvaluationReportPage
from cms.models.home import HomePage
from cms.models.procurement import ProcurementIndexPage, ProcurementPage
from cms.models.project import ProjectPage
from cms.models.standard import PersonalDataPage, StandardPage

__all__ = [
    "AccessibilityPage",
    "DocumentVersion",
    "EvaluationIndexPage",
    "EvaluationReportPage",
    "HomePage",
    "Override",
    "PersonalDataPage",
    "PortalPage",
    "ProcurementIndexPage",
    "ProcurementPage",
    "ProjectPage",
    "Publication",
    "RegisteredDocument",
    "StandardPage",
]
