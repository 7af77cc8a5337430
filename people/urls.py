"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from people import views

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("konton/", views.accounts, name="accounts"),
    path("konton/nytt/", views.new_account, name="new_account"),
    path("konton/roller/<slug:public_id>/avsluta/", views.end, name="end_role"),
    path("konton/<slug:public_id>/", views.account, name="account"),
    path("konton/<slug:public_id>/roll/", views.grant, name="grant_role"),
    path("konton/<slug:public_id>/stang/", views.close, name="close_account"),
]
