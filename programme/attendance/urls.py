"""Addresses of attendance."""

from django.urls import URLPattern, URLResolver, path

from programme.attendance.views import codes, marking, overview, paper, reports

app_name = "attendance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tillfallen/<str:occasion>/narvaro/", marking.marking_page, name="marking"),
    path("tillfallen/<str:occasion>/narvaro/angra/", marking.undo, name="undo"),
    path("tillfallen/<str:occasion>/narvaro/person/", marking.add_temporary, name="temporary"),
    path("tillfallen/<str:occasion>/kod/", codes.screen, name="screen"),
    path("tillfallen/<str:occasion>/kod/nu/", codes.screen_now, name="screen_now"),
    path("tillfallen/<str:occasion>/kod/ny/", codes.renew, name="renew"),
    path("tillfallen/<str:occasion>/kod/person/", codes.check_in_person, name="check_in_person"),
    path("tillfallen/<str:occasion>/rapport/", reports.reports, name="reports"),
    path("tillfallen/<str:occasion>/rapport/<str:evidence>/", reports.report, name="report"),
    path(
        "tillfallen/<str:occasion>/rapport/<str:evidence>/rakna/",
        reports.confirm,
        name="report_confirm",
    ),
    path(
        "tillfallen/<str:occasion>/rapport/<str:evidence>/ta-tillbaka/",
        reports.take_back_report,
        name="report_take_back",
    ),
    path(
        "tillfallen/<str:occasion>/rapport/<str:evidence>/<str:row>/",
        reports.decide,
        name="decide",
    ),
    path(
        "tillfallen/<str:occasion>/underlag/<str:evidence>/", reports.evidence_file, name="evidence"
    ),
    path("tillfallen/<str:occasion>/papper/", paper.paper_page, name="paper"),
    path("tillfallen/<str:occasion>/papper/lista.pdf", paper.paper_file, name="paper_file"),
    path("grupper/<str:group>/narvaro/", overview.group_matrix, name="matrix"),
    path("narvaro/att-gora/", overview.overdue, name="overdue"),
    path("narvaro/namn/<str:person>/", overview.merge, name="merge"),
    path("narvaro/in/", codes.check_in, name="check_in"),
    path("narvaro/in/<str:code>/", codes.scan, name="scan"),
    path("narvaro/min-kod/", codes.own_code, name="own_code"),
    path("narvaro/person/<str:code>/", codes.personal, name="personal"),
]
