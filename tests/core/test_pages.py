"""Pages of lists, figures in words, and forms that everyone can fill in."""

import datetime
import re
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from core import figures
from core.pages import paginate
from core.templatetags import portal


@pytest.mark.parametrize(
    ("asked", "given"), [(None, 1), ("", 1), ("x", 1), ("-3", 4), ("2", 2), ("999", 4)]
)
def test_a_page_number_never_breaks_a_list(asked: str | None, given: int) -> None:
    assert paginate(asked, list(range(100))).number == given


def test_page_links_keep_the_other_choices() -> None:
    request = RequestFactory().get("/?steg=prioritera&page=2")
    html = Template('{% include "components/pagination.html" %}').render(
        Context({"request": request, "page": paginate("2", list(range(100)))})
    )
    assert "?steg=prioritera&amp;page=3" in html
    assert 'aria-current="page"' in html


def test_page_numbers_leave_out_the_middle() -> None:
    page = paginate("20", list(range(1000)), per_page=10)
    assert portal.page_numbers(page) == [1, None, 19, 20, 21, None, 100]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (figures.kronor(14238996), "14 238 996 kr"),
        (figures.kronor(Decimal("18400.5"), 2), "18 400,50 kr"),
        (figures.percent(Decimal("45.505")), "45,51 %"),
        (figures.percent(80, 0), "80 %"),
        (figures.hours(1560), "26 tim"),
        (figures.hours(95), "1 tim 35 min"),
        (figures.hours(0), "0 tim"),
        (figures.plain(28520), "28 520"),
        (figures.plain("4,2"), "4,2"),
        (figures.plain(-5), "−5"),
        (figures.kronor(None), ""),
        (figures.kronor("x"), ""),
    ],
)
def test_figures_are_written_as_swedish_text(written: str, expected: str) -> None:
    assert written.replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("days", "text", "colour"),
    [
        (-2, "2 dagar sen", "red"),
        (-1, "1 dag sen", "red"),
        (0, "i dag", "red"),
        (1, "i morgon", "amber"),
        (2, "2 dagar kvar", "amber"),
        (3, "3 dagar kvar", "grey"),
    ],
)
def test_a_deadline_says_how_near_it_is(days: int, text: str, colour: str) -> None:
    today = datetime.date(2026, 11, 22)
    tag = portal.due(today + datetime.timedelta(days=days), today)
    assert (tag.text, tag.colour) == (text, colour)


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [(1, 3, "33.33"), (5, 4, "100"), (-1, 4, "0"), (1, 0, ""), ("ord", 4, ""), (None, 4, "")],
)
def test_a_bar_never_leaves_its_track(part: object, whole: object, width: str) -> None:
    assert portal.share(part, whole) == width


class Sample(forms.Form):
    """One of each."""

    name = forms.CharField(label="Namn", help_text="Som i systemet")
    note = forms.CharField(label="Notering", widget=forms.Textarea, required=False)
    role = forms.ChoiceField(
        label="Roll", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")]
    )
    needs = forms.MultipleChoiceField(
        label="Behov", widget=forms.CheckboxSelectMultiple, choices=[("h", "H"), ("t", "T")]
    )
    sure = forms.BooleanField(label="Säker")
    secret = forms.CharField(widget=forms.HiddenInput)


def _sent() -> Sample:
    return Sample(data=QueryDict(""))


def test_an_error_is_tied_to_its_control() -> None:
    html = str(_sent())
    control = re.search(r'<input type="text"[^>]*name="name"[^>]*>', html)
    assert control is not None
    assert 'aria-describedby="id_name_helptext id_name_error"' in control[0]
    assert 'aria-invalid="true"' in control[0]
    assert "govuk-input--error" in control[0]
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = str(_sent())
    assert html.count("<fieldset") == 2
    assert html.count("<legend") == 2
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_role_error"' in html
    assert len(re.findall(r'type="radio"[^>]*id="id_role_\d"', html)) == 2
    assert len(re.findall(r'type="checkbox"[^>]*id="id_needs_\d"', html)) == 2


def test_every_line_of_the_summary_leads_to_a_control() -> None:
    form = _sent()
    links = portal.error_links(form)
    html = str(form)
    assert [link.target for link in links][:4] == ["id_name", "id_role_0", "id_needs_0", "id_sure"]
    assert links[0].text.startswith("Namn: ")
    for link in links[:4]:
        assert f'id="{link.target}"' in html


def test_what_may_be_left_empty_says_so() -> None:
    html = str(Sample())
    assert html.count("(frivilligt)") == 1
    form = Sample()
    form.hide_optional = True  # type: ignore[attr-defined]
    assert "(frivilligt)" not in str(form)


def test_values_come_back_in_the_controls() -> None:
    form = Sample(data={"name": '"><b>', "role": "b", "needs": ["t"], "sure": "on"})
    html = str(form)
    assert 'value="&quot;&gt;&lt;b&gt;"' in html
    assert re.search(r'value="b"[^>]*checked', html)
    assert re.search(r'value="t"[^>]*checked', html)
    assert not re.search(r'value="h"[^>]*checked', html)
    assert re.search(r'name="sure"[^>]*checked', html)
