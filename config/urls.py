"""Addresses: Swedish words, public references, never primary keys."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import signing_in

urlpatterns = [
    path("", include("config.system_urls")),
    path("", include("core.jobs.urls")),
    path("", include("people.account_urls")),
    path("", include("people.urls")),
    path("", include("forms_app.urls")),
    # Before the cases, whose addresses would take «nytt» for a reference.
    path("", include("programme.case_types.urls")),
    path("", include("workflows.urls")),
    path("", include("programme.urls")),
    path("", include("programme.groups.urls")),
    path("", include("programme.venues.urls")),
    path("", include("programme.occasions.urls")),
    path("", include("programme.attendance.urls")),
    path("", include("programme.absences.urls")),
    path("", include("programme.dated.urls")),
    path("", include("programme.employees.urls")),
    path("", include("programme.registrations.urls")),
    path("", include("programme.guests.urls")),
    path("", include("programme.lectures.urls")),
    path("", include("programme.months.urls")),
    path("", include("programme.staff.urls")),
    path("", include("programme.procurement.urls")),
    path("", include("programme.evaluation.urls")),
    path("", include("programme.governance.urls")),
    path("", include("programme.registers.urls")),
    path("", include("reports.urls")),
    path("", include("reports.economy.urls")),
    path("", include("reports.follow_up.urls")),
    path("", include("reports.scb.urls")),
    path("", include("reports.certificates.urls")),
    path("", include("reports.my_data.urls")),
    path("", include("reports.steering.urls")),
    path("", include("reports.closing.urls")),
    path("", include("cms.documents.urls")),
    path("", include("cms.procurement_urls")),
    path("", include("cms.urls")),
    path("cms/", include(wagtailadmin_urls)),
    # Before Wagtail's own: nothing is opened with a password that many share.
    path(
        "dokument/authenticate_with_password/<int:restriction_id>/",
        signing_in.no_shared_password,
        name="no_shared_password",
    ),
    path("dokument/", include(wagtaildocs_urls)),
    # The public pages in every language: Swedish as they are, English below /en/.
    *i18n_patterns(
        path("", include("cms.public_urls")),
        prefix_default_language=False,
    ),
]
