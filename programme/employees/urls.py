"""Addresses of the register of employees."""

from django.urls import URLPattern, URLResolver, path

from programme.employees import views

app_name = "employees"
urlpatterns: list[URLPattern | URLResolver] = [
    path("personal/", views.overview, name="overview"),
    path("personal/ny/", views.new, name="new"),
    path("personal/mall.xlsx", views.template_file, name="template"),
    path("personal/register.xlsx", views.download, name="download"),
    path("personal/lista/<str:batch>/", views.preview_page, name="preview"),
    path("personal/lista/<str:batch>/ta-in/", views.confirm, name="confirm"),
    path("personal/<str:person>/", views.edit, name="edit"),
]
