"""The first words of the pages about procurements and the evaluation; then they are the editors'."""

from django.utils.text import slugify
from wagtail.models import Page

from cms import addresses
from cms.models import (
    EvaluationIndexPage,
    EvaluationReportPage,
    PortalPage,
    ProcurementIndexPage,
    ProcurementPage,
)
from programme.evaluation.public import published
from programme.procurement.public import announced

INDEXES: dict[str, tuple[type[PortalPage], str, str]] = {
    addresses.PROCUREMENTS: (
        ProcurementIndexPage,
        "Upphandlingar",
        "Vad projektet köper in, vad vi har svarat på frågor och vem som fick uppdraget.",
    ),
    addresses.EVALUATION: (
        EvaluationIndexPage,
        "Utvärdering",
        "En utvärderare utifrån följer projektet. Här står vad den ser och vad vi gör åt det.",
    ),
}


def load_procurement_pages(home: Page) -> None:
    """Put up the index pages that are missing; call it inside an operation."""
    for slug, (kind, title, lead) in INDEXES.items():
        if not Page.objects.child_of(home).filter(slug=slug).exists():
            _add(home, kind(slug=slug, title=title, lead=lead, locale=home.locale))


def load_case_pages() -> None:
    """A page for every announced procurement and published report that has none (for the demo)."""
    index = ProcurementIndexPage.objects.first()
    if index is not None:
        for procurement in announced().filter(page=None):
            _add(
                index,
                ProcurementPage(
                    title=procurement.title, procurement=procurement, locale=index.locale
                ),
            )
    reports = EvaluationIndexPage.objects.first()
    if reports is not None:
        for report in published().filter(page=None):
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
