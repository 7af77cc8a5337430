"""Addresses of months."""

from django.urls import URLPattern, URLResolver, path

from programme.hours.views import explained
from programme.months import correction_views, mine, views

app_name = "months"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manader/", views.month_list, name="list"),
    path("manader/rakna-om/", views.count_anew, name="count_anew"),
    path("manader/<str:month>/", views.month_page, name="month"),
    path("manader/<str:month>/kontrollera/", views.check_many, name="check"),
    path("manader/<str:month>/las/", views.lock, name="lock"),
    path("manader/<str:month>/pamin/", views.remind_all, name="remind"),
    path("manader/<str:month>/<str:person>/", views.person_page, name="person"),
    path("manader/<str:month>/<str:person>/papper/", views.paper, name="paper"),
    path("rattelser/", correction_views.correction_list, name="corrections"),
    path("rattelser/ny/<str:occasion>/<str:person>/", correction_views.propose, name="propose"),
    path("rattelser/<str:correction>/", correction_views.correction, name="correction"),
    path("timmar/<str:counted>/", explained, name="counted"),
    path("mina-sidor/timmar/", mine.my_list, name="mine"),
    path("mina-sidor/timmar/<str:month>/", mine.my_month, name="my_month"),
]
