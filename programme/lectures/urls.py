"""Addresses of lectures; the public pages lie with the other public pages."""

from django.urls import URLPattern, URLResolver, path

from programme.lectures.views import coverage, mine, shelf, staff

app_name = "lectures"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mina-forelasningar/", mine.my_lectures, name="mine"),
    path("forelasning/<str:lecture>/", mine.lecture_page, name="lecture"),
    path("forelasning/<str:lecture>/material/<str:material>/", shelf.file, name="file"),
    path("forelasning/<str:lecture>/reflektion/", mine.reflect, name="reflect"),
    path("forelasning/<str:lecture>/fraga/", mine.ask, name="ask"),
    path("forelasning/<str:lecture>/utvardering/", mine.evaluate, name="evaluate"),
    path("inspelning/<str:recording>/film", mine.film, name="film"),
    path("inspelning/<str:recording>/text.vtt", mine.captions, name="captions"),
    path("inspelning/<str:recording>/sett/", mine.watched, name="watched"),
    path("arbete/forelasningar/", staff.lecture_list, name="list"),
    path("arbete/forelasningar/ny/", staff.lecture_new, name="new"),
    path("arbete/forelasningar/tackning/", coverage.coverage_page, name="coverage"),
    path(
        "arbete/forelasningar/tackning/<slug:kind>/<slug:key>/",
        coverage.covered_page,
        name="covered",
    ),
    path(
        "arbete/forelasningar/tackning/princip/<slug:key>/personer/",
        coverage.followers_page,
        name="followers",
    ),
    path("arbete/forelasningar/etiketter/", shelf.tags, name="tags"),
    path("arbete/forelasningar/materialfragor/", shelf.questions, name="questions"),
    path("arbete/forelasningar/<str:lecture>/material/", shelf.material, name="material"),
    path(
        "arbete/forelasningar/<str:lecture>/material/<str:material>/granska/",
        shelf.review,
        name="review",
    ),
    path("arbete/forelasningar/<str:lecture>/kopia/", staff.lecture_copy, name="copy"),
    path("arbete/forelasningar/<str:lecture>/", staff.lecture_staff, name="staff"),
    path("arbete/forelasningar/<str:lecture>/andra/", staff.lecture_change, name="change"),
    path("arbete/forelasningar/<str:lecture>/oppna/", staff.lecture_open, name="open"),
    path("arbete/forelasningar/<str:lecture>/stang/", staff.lecture_close, name="close"),
    path("arbete/forelasningar/<str:lecture>/direkt/", staff.lecture_live, name="live"),
    path("arbete/forelasningar/<str:lecture>/inspelning/", staff.recording_new, name="upload"),
    path("arbete/inspelning/<str:recording>/andra/", staff.recording_change, name="words"),
    path("arbete/inspelning/<str:recording>/publicera/", staff.recording_publish, name="publish"),
    path("arbete/inspelning/<str:recording>/aterkalla/", staff.recording_withdraw, name="withdraw"),
    path("arbete/forelasningsfraga/<str:question>/", staff.question_answer, name="answer"),
]
