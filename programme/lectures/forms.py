"""Forms of the lectures' pages."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from programme.lectures import voices
from programme.lectures.making import Facts, Words
from programme.models import LectureTag, Module, Principle, Programme


class LectureForm(forms.Form):
    """What a lecture is about."""

    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences for the catalogue."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_("What it is about and what one can use it for. Plain words."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    lecturer = forms.CharField(
        label=_("Lecturer's role and organisation"),
        help_text=_("For instance: process leader, social services administration. No name."),
        max_length=160,
    )
    invited = forms.CharField(
        label=_("Who is invited"), max_length=200, help_text=_("For instance: all participants.")
    )
    principles = forms.MultipleChoiceField(
        label=_("Themes"),
        help_text=_("The project's three principles. The coverage picture counts them."),
        choices=Principle.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = forms.ModelMultipleChoiceField(
        label=_("Target groups and service areas"),
        queryset=LectureTag.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    modules = forms.ModelMultipleChoiceField(
        label=_("Modules of the training it belongs to"),
        queryset=Module.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    minutes = forms.IntegerField(
        label=_("Planned length in minutes"), min_value=5, max_value=360, initial=60
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "tags": LectureTag.objects.filter(programme=programme, in_use=True),
            "modules": Module.objects.filter(programme=programme),
        }
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = rows

    def facts(self) -> Facts:
        """The cleaned answers."""
        clean = dict(self.cleaned_data)
        return Facts(**(clean | {"tags": list(clean["tags"]), "modules": list(clean["modules"])}))


class WordsForm(forms.Form):
    """Captions, transcript and chapters of a recording."""

    captions = forms.FileField(
        label=_("Captions (WebVTT)"),
        help_text=_("A recording without captions is kept as a draft and cannot be published."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    transcript = forms.CharField(
        label=_("Transcript"),
        help_text=_("Left empty, it is made of the captions."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    chapters = forms.CharField(
        label=_("Chapters"),
        help_text=_("One a line: 1:30 What the law says"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def words(self) -> Words:
        """The cleaned answers, the file as it was sent."""
        file = self.cleaned_data["captions"]
        return Words(
            captions=file.read() if file else None,
            transcript=self.cleaned_data["transcript"],
            chapters=self.cleaned_data["chapters"],
        )


class UploadForm(WordsForm):
    """A recording with its words."""

    video = forms.FileField(
        label=_("Video (MP4 or WebM)"),
        help_text=_("At most %(most)s MB. Its length is read from the file."),
        widget=forms.ClearableFileInput(attrs={"accept": "video/mp4,video/webm"}),
    )
    field_order = ["video", "captions", "transcript", "chapters"]

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["video"]
        field.help_text = _now("At most %(most)s MB. Its length is read from the file.") % {
            "most": most
        }


class LiveForm(forms.Form):
    """When a lecture is held live, and where the meeting is."""

    day = DayField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=_("Starts"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    join_address = forms.URLField(
        label=_("Address of the online meeting"),
        help_text=_("Participants are led there from a page of their own, shortly before."),
        required=False,
        assume_scheme="https",
    )

    def times(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Start and end in Stockholm."""
        zone, clean = timezone.get_default_timezone(), self.cleaned_data
        return (
            datetime.datetime.combine(clean["day"], clean["starts"], zone),
            datetime.datetime.combine(clean["day"], clean["ends"], zone),
        )


class EvaluationForm(forms.Form):
    """Three questions, nothing in words: words would tell who wrote them."""

    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, words in voices.QUESTIONS.items():
            self.fields[key] = forms.TypedChoiceField(
                label=str(words),
                choices=list(voices.ANSWERS.items()),
                coerce=int,
                widget=forms.RadioSelect,
            )
