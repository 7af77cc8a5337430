"""Pages of announced procurements and published reports, for the demo."""

from django.utils.text import slugify
from wagtail.models import Page

from cms.models import (
    EvaluationIndexPage,
    EvaluationReportPage,
    ProcurementIndexPage,
    ProcurementPage,
)
from programme.evaluation.public import published
from programme.procurement.public import announced


def load_case_pages() -> None:
    """A page for every announced procurement and published report that has none (for the demo)."""
    index = ProcurementIndexPage.objects.filter(locale__language_code="sv").first()
    if index is not None:
        for procurement in announced().exclude(
            pk__in=ProcurementPage.objects.values("procurement")
        ):
            _add(
                index,
                ProcurementPage(
                    title=procurement.title, procurement=procurement, locale=index.locale
                ),
            )
    reports = EvaluationIndexPage.objects.filter(locale__language_code="sv").first()
    if reports is not None:
        for report in published().exclude(pk__in=EvaluationReportPage.objects.values("report")):
            _add(
                reports,
                EvaluationReportPage(title=report.title, report=report, locale=reports.locale),
            )


def _add(parent: Page, page: Page) -> None:
    if not page.slug:
        # Addresses that are typed and read aloud, without the letters that are hard to type.
        page.slug = slugify(page.title.lower().translate(str.maketrans("åäö", "aao")))
    parent.add_child(instance=page)
    page.save_revision().publish()
