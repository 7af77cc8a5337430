"""Addresses of certificates."""

from django.urls import URLPattern, URLResolver, path

from reports.certificates import views

app_name = "certificates"
urlpatterns: list[URLPattern | URLResolver] = [
    path("intyg/<str:certificate>/", views.check, name="check"),
    path("intyg/<str:certificate>/intyg.pdf", views.pdf, name="pdf"),
    path("intyg/<str:certificate>/aterkalla/", views.revoke, name="revoke"),
    path("intyg/<str:certificate>/utfarda-nytt/", views.issue_anew, name="issue_anew"),
    path("mina-sidor/intyg/", views.mine, name="mine"),
    path("narvarointyg/", views.months, name="months"),
    path("narvarointyg/<str:month>/", views.month, name="month"),
    path("narvarointyg/<str:month>/utfarda/", views.issue, name="issue"),
    path("narvarointyg/<str:month>/intyg.pdf", views.month_pdf, name="month_pdf"),
]
