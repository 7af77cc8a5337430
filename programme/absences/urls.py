"""Addresses of absences."""

app_name = "absences"
urlpatterns: list[object] = []
