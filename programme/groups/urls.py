"""Addresses of groups."""

from django.urls import URLPattern, URLResolver, path

from programme.groups.views import (
    capacity,
    courses,
    group,
    leaving,
    lists,
    making,
    placing,
    standards,
)

app_name = "groups"
urlpatterns: list[URLPattern | URLResolver] = [
    path("grupper/", lists.group_list, name="list"),
    path("grupper/ny/", making.make, name="make"),
    path("grupper/placera/", placing.place, name="place"),
    path("grupper/kapacitet/", capacity.capacity, name="capacity"),
    path("grupper/forberedelser/<str:wave>/", capacity.preparations, name="preparations"),
    path("grupper/kurser/", courses.course_list, name="courses"),
    path("grupper/kurser/ny/", standards.course_new, name="course_new"),
    path("grupper/kurser/moduler/", standards.modules, name="modules"),
    path("grupper/kurser/moduler/<slug:module>/", standards.module, name="module"),
    path("grupper/kurser/forberedelser/", standards.points, name="points"),
    path("grupper/kurser/forberedelser/<int:point>/", standards.point, name="point"),
    path("grupper/kurser/avhoppsskal/", leaving.reasons, name="leaving_reasons"),
    path(
        "grupper/kurser/avhoppsskal/<slug:leaving_reason>/", leaving.reason, name="leaving_reason"
    ),
    path("grupper/kurser/<str:course>/", courses.course, name="course"),
    path("grupper/kurser/<str:course>/moment/nytt/", courses.unit_new, name="unit_new"),
    path("grupper/kurser/<str:course>/moment/<str:unit>/", courses.unit, name="unit"),
    path("grupper/<str:group>/", group.group, name="group"),
    path("grupper/<str:group>/andra/", making.change, name="change"),
    path("grupper/<str:group>/kopiera/", making.copy, name="copy"),
]
