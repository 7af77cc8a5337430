"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from workflows import views
from workflows.mailing import draft_views, many_views
from workflows.mailing import views as mailing_views

app_name = "workflows"
urlpatterns: list[URLPattern | URLResolver] = [
    path("arbete/", views.work, name="work"),
    path("arbete/besluta/", views.decide_many, name="decide_many"),
    path("arbete/driftkontroll/", views.health, name="health"),
    path("arbete/ersattare/", views.deputies, name="deputies"),
    path("arbete/ersattare/ny/", views.new_deputy, name="new_deputy"),
    path("arbete/ersattare/<str:public_id>/avsluta/", views.end_deputy, name="end_deputy"),
    path("arbete/flaskhalsar/", views.bottlenecks, name="bottlenecks"),
    path("arbete/fran-mejl/<str:token>/", views.mail_link, name="mail_link"),
    path("arbete/skjut-upp/", views.postpone, name="postpone"),
    path("arbete/ta-tillbaka/", views.resume, name="resume"),
    path("arbete/utskick/", views.failed_mail, name="failed_mail"),
    path("arenden/<str:reference>/", views.case, name="case"),
    path("arenden/<str:reference>/besluta/", views.decide, name="decide"),
    path("arenden/<str:reference>/lamna-over/", views.handing, name="handing"),
    path("arenden/<str:reference>/meddelanden/", views.case_messages, name="case_messages"),
    path("arenden/<str:reference>/tidsmaskin/", views.time_machine, name="time_machine"),
    path("arenden/<str:reference>/aterta/", views.withdraw, name="withdraw"),
    path("meddelanden/", mailing_views.texts, name="message_texts"),
    path("meddelanden/texter/<str:kind>/", mailing_views.text, name="message_text"),
    path("meddelanden/tider/", mailing_views.plan, name="message_plan"),
    path("meddelanden/granskning/", draft_views.reviews, name="message_reviews"),
    path("meddelanden/utkast/", draft_views.draft_list, name="message_drafts"),
    path("meddelanden/utkast/<str:public_id>/", draft_views.draft, name="message_draft"),
    path("meddelanden/mina-val/", mailing_views.wishes, name="message_wishes"),
    path("meddelanden/regler/", mailing_views.rules, name="message_rules"),
    path("meddelanden/regler/ny/<str:audience>/", mailing_views.new_rule, name="message_rule_new"),
    path(
        "meddelanden/regler/<str:public_id>/avsluta/",
        mailing_views.end_rule,
        name="message_rule_end",
    ),
    path("meddelanden/utskick/", many_views.mailings, name="mailings"),
    path("meddelanden/utskick/nytt/", many_views.new_mailing, name="mailing_new"),
    path("meddelanden/utskick/<str:public_id>/", many_views.mailing, name="mailing"),
    path(
        "meddelanden/utskick/<str:public_id>/andra/",
        many_views.change_mailing,
        name="mailing_change",
    ),
    path("meddelanden/utskick/<str:public_id>/igen/", many_views.retry, name="mailing_retry"),
    path("demo/post/", views.mail, name="mail"),
    path("demo/post/<str:public_id>/", views.mail_message, name="mail_message"),
]
