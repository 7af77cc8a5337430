"""Addresses of procurements for those who run them; the public pages are the editors'."""

from django.urls import URLPattern, URLResolver, path

from programme.procurement.views import asking, cases, contracts, tenders

app_name = "procurement"
CASE = "inkop/<str:procurement>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("inkop/", cases.case_list, name="list"),
    path("inkop/nytt/", cases.new, name="new"),
    path(CASE, cases.case, name="case"),
    path(f"{CASE}andra/", cases.change, name="change"),
    path(f"{CASE}krav/", cases.criterion, name="criterion"),
    path(f"{CASE}oppnare/", cases.openers, name="openers"),
    path(f"{CASE}annonsera/", cases.announce, name="announce"),
    path(f"{CASE}avbryt/", cases.cancel, name="cancel"),
    path(f"{CASE}avsluta/", cases.end, name="end"),
    path(f"{CASE}fraga/", asking.question, name="question"),
    path(f"{CASE}fraga/<str:question>/svar/", asking.answer, name="answer"),
    path(f"{CASE}svar/publicera/", asking.publish, name="publish_answers"),
    path(f"{CASE}anbud/", tenders.receive, name="receive"),
    path(f"{CASE}anbud/oppna/", tenders.open_together, name="open"),
    path(f"{CASE}anbud/<str:tender>/fil/", tenders.read, name="tender"),
    path(f"{CASE}tilldelning/", contracts.award, name="award"),
    path(f"{CASE}avtal/", contracts.contract, name="contract"),
    path(f"{CASE}avtal/<str:contract>/avrop/", contracts.call_off, name="call_off"),
    path(f"{CASE}avtal/<str:contract>/uppfoljning/", contracts.follow_up, name="follow_up"),
    path(f"{CASE}avrop/<str:call_off>/avbryt/", contracts.cancel_call_off, name="cancel_call_off"),
]
