"""Addresses of the register of employees."""

from django.urls import URLPattern, URLResolver, path

from programme.employees import leaving_views, views

app_name = "employees"
urlpatterns: list[URLPattern | URLResolver] = [
    path("personal/", views.overview, name="overview"),
    path("personal/ny/", views.new, name="new"),
    path("personal/mall.xlsx", views.template_file, name="template"),
    path("personal/register.xlsx", views.download, name="download"),
    path("personal/lista/<str:batch>/", views.preview_page, name="preview"),
    path("personal/lista/<str:batch>/ta-in/", views.confirm, name="confirm"),
    path("personal/lista/<str:batch>/slutat/", leaving_views.from_list, name="left"),
    path("personal/<str:person>/", views.edit, name="edit"),
    path("personal/<str:person>/slutar/", leaving_views.leave, name="leave"),
    path("personal/<str:person>/slutar-inte/", leaving_views.stay, name="stay"),
]
