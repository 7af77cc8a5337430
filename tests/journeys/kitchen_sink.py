"""One page with every shared component on it: for looking at and for the accessibility checks."""

import datetime

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from config.urls import urlpatterns as portal

PAGE = "kitchen_sink.html"


class Everything(forms.Form):
    """Every kind of control."""

    name = forms.CharField(
        label="Namn på medarbetaren", help_text="Som det står i personalsystemet."
    )
    why = forms.CharField(label="Varför just nu?", widget=forms.Textarea(attrs={"rows": 4}))
    email = forms.EmailField(label="E-postadress", required=False)
    day = forms.DateField(label="Startdag", help_text="Till exempel 2026-11-22")
    area = forms.ChoiceField(
        label="Verksamhetsområde",
        choices=[("", "Välj"), ("a", "Äldreomsorg"), ("b", "Individ- och familjeomsorg")],
    )
    role = forms.ChoiceField(
        label="Yrkesroll",
        widget=forms.RadioSelect,
        choices=[
            ("s", "Socialsekreterare"),
            ("b", "Biståndshandläggare"),
            ("v", "Verksamhetsutvecklare"),
        ],
        help_text="Välj den roll som personen har mest tid i.",
    )
    needs = forms.MultipleChoiceField(
        label="Behov",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("h", "Hörslinga"), ("t", "Teckentolk")],
    )
    sure = forms.BooleanField(label="Jag har talat med medarbetaren")
    file = forms.FileField(label="Bilaga", required=False)

    def clean(self) -> None:
        """Always something wrong with the whole."""
        raise forms.ValidationError("Anmälan stängde i går. Det du skrev finns kvar.")


def components(request: HttpRequest) -> HttpResponse:
    """Everything at once, with Swedish words of the long kind."""
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    for level, words in (
        (messages.SUCCESS, "Nomineringen N-2026-0148 är skickad."),
        (messages.WARNING, "Någon har redan beslutat i det här steget."),
        (messages.ERROR, "Filen är för stor. Inget har sparats."),
        (messages.INFO, "Omgång 2 öppnar 2027-01-11."),
    ):
        messages.add_message(request, level, words)
    today = timezone.localdate()
    context = {
        "form": Everything(data={}),
        "fresh": Everything(prefix="fresh"),
        "page": Paginator(range(1000), 25).get_page(request.GET.get("page", "7")),
        "days": [today + datetime.timedelta(days=n) for n in (-3, 0, 1, 2, 9)],
        "crumbs": [("/arbete/", "Mitt arbete"), ("/arbete/", "Nomineringar")],
        "steps": [
            {"name": "Nominerad", "state": "done", "who": "Sara Holm", "when": "2026-11-12"},
            {
                "name": "Avdelningschefens ställningstagande",
                "state": "now",
                "who": "Karin Lund",
                "when": "senast i dag",
            },
            {"name": "Fördjupad prövning", "state": "skipped"},
            {"name": "Antas", "state": "todo", "who": "Projektkontoret", "when": "3 arbetsdagar"},
            {"name": "Tackar ja", "state": "todo", "who": "Amina Berg"},
        ],
        "events": [
            {
                "when": "2026-11-13 kl. 14.02",
                "who": "Peter Sjö",
                "text": "frigjorde arbetstid: 26 timmar.",
                "detail": "",
            },
            {
                "when": "2026-11-12 kl. 9.41",
                "who": "Amina Berg",
                "text": "fick information om personuppgifter, version 3.",
                "detail": "Kompletteringsbegäran besvarad: kompetensutvecklingsinsatsen ryms i schemat.",
            },
            {
                "when": "2026-11-12 kl. 9.40",
                "who": "Sara Holm",
                "text": "nominerade.",
                "detail": "",
            },
        ],
        "rows": [
            {"label": "Deltagarkategori", "value": "Medarbetare, nyckelfunktion"},
            {
                "label": "Varför just nu",
                "value": "Enheten börjar med öppna insatser i januari.",
                "changed": True,
                "before": "Vet inte",
            },
            {"label": "Närmaste chef deltar", "value": ""},
        ],
    }
    return render(request, PAGE, context)


# Not included: addresses in several languages must stand in the outermost list.
urlpatterns = [path("komponenter/", components), *portal]
