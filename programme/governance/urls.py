"""Addresses of governance."""

from django.urls import URLPattern, URLResolver, path

from programme.governance import decision_views, meeting_views, views

app_name = "governance"
MEETING = "styrning/mote/<str:meeting>/"
DECISION = "styrning/beslut/<str:decision>/"
BODY = "styrning/<str:body>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("styrning/", views.body_list, name="list"),
    path("styrning/nytt/", views.body_new, name="body_new"),
    path("styrning/beslut/", decision_views.decision_list, name="decisions"),
    path(DECISION, decision_views.decision_page, name="decision"),
    path(f"{DECISION}ratta/", decision_views.decision_correct, name="decision_correct"),
    path(f"{DECISION}uppfoljning/", decision_views.decision_follow_up, name="follow_up"),
    path(MEETING, meeting_views.meeting_page, name="meeting"),
    path(f"{MEETING}andra/", meeting_views.meeting_change, name="meeting_change"),
    path(f"{MEETING}stall-in/", meeting_views.meeting_cancel, name="meeting_cancel"),
    path(f"{MEETING}punkt/", meeting_views.item_new, name="item_new"),
    path(f"{MEETING}punkt/<str:item>/ta-bort/", meeting_views.item_remove, name="item_remove"),
    path(f"{MEETING}narvaro/", meeting_views.attendance, name="attendance"),
    path(f"{MEETING}beslut/", meeting_views.decision_new, name="meeting_decision"),
    path(BODY, views.body_page, name="body"),
    path(f"{BODY}andra/", views.body_change, name="body_change"),
    path(f"{BODY}regler/", views.body_rules, name="body_rules"),
    path(f"{BODY}plats/", views.seat_new, name="seat_new"),
    path(f"{BODY}plats/<str:seat>/avsluta/", views.seat_end, name="seat_end"),
    path(f"{BODY}kalla/", meeting_views.meeting_new, name="meeting_new"),
    path(f"{BODY}beslut/", decision_views.decision_new, name="decision_new"),
]
