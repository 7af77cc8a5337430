"""The preview of a new group: what cannot be held is refused there, and changed days are kept."""

import datetime
import re

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.operations import operation
from programme.groups.day_rules import Laid, at_once, past_midnight
from programme.models import Group, Month
from tests.clients import signed_in
from tests.programme.builders import World
from tests.programme.groups.test_pages import sent

TUESDAYS = ["2027-09-14", "2027-10-19", "2027-11-23", "2027-12-28", "2028-02-01", "2028-03-07"]


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world.administrator)


def laid(**changed: str) -> dict[str, str]:
    """Six days as the preview sends them, with what a test changes."""
    values = {f"day-{n}": day for n, day in enumerate(TUESDAYS, 1)}
    values |= {f"time-{n}": "09:00" for n in range(1, 7)}
    return values | {name.replace("_", "-"): value for name, value in changed.items()}


def one(number: int, begins: str, minutes: int, day: int = 1) -> Laid:
    time = datetime.time.fromisoformat(begins)
    return Laid(number, f"Del {number}", datetime.date(2027, 9, day), time, minutes)


def test_what_ends_at_midnight_or_later_is_found() -> None:
    fits, reaches, passes = one(1, "23:30", 29), one(2, "23:30", 30), one(3, "23:30", 300)
    assert past_midnight([fits, reaches, passes]) == [reaches, passes]


def test_two_at_once_are_found_and_touching_is_fine() -> None:
    long, inside, after = one(1, "09:00", 300), one(2, "10:00", 30), one(3, "11:00", 60)
    assert at_once([after, inside, long]) == [(long, inside), (long, after)]
    assert not at_once([long, one(2, "14:00", 60), one(3, "09:00", 60, day=2)])


def test_an_occasion_that_would_pass_midnight_is_refused(world: World, client: Client) -> None:
    url = reverse("groups:make")
    preview = client.post(url, sent(world, time="23:30")).content.decode()
    assert "skulle hålla på efter midnatt" in preview
    saved = client.post(url, sent(world) | laid(time_2="23:30") | {"save": "1"})
    assert saved.status_code == 422
    page = saved.content.decode()
    assert page.count("skulle hålla på efter midnatt") == 2  # in the summary and at the field
    assert 'value="23:30"' in page
    assert not Group.objects.exists()


def test_two_occasions_at_once_are_refused(world: World, client: Client) -> None:
    url = reverse("groups:make")
    at_once = laid(day_2=TUESDAYS[0], time_2="10:00")
    saved = client.post(url, sent(world) | at_once | {"save": "1"})
    assert saved.status_code == 422
    page = saved.content.decode()
    assert "Deltagarna kan inte vara på båda" in page
    # When each ends is told all the same, of the refused row too.
    ends = re.findall(r'data-label="Slutar"[^>]*>(kl\. [\d.]+)<', page)
    assert (len(ends), ends[1] != ends[0]) == (6, True)
    assert not Group.objects.exists()


def test_a_day_in_a_locked_month_is_named_and_another_is_asked_for(
    world: World, client: Client
) -> None:
    with transaction.atomic(), operation("test.lock"):
        Month.objects.create(
            programme=world.programme, first_day=datetime.date(2027, 10, 1), state="locked"
        )
    saved = client.post(reverse("groups:make"), sent(world) | laid() | {"save": "1"})
    assert saved.status_code == 422
    page = saved.content.decode()
    assert "2027-10-19 ligger i en låst månad" in page
    assert "Välj en annan dag" in page
    assert "2027-09-14 ligger" not in page
    assert "närvarolista" not in page
    assert not Group.objects.exists()


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def test_back_keeps_the_days_that_were_changed(world: World, client: Client) -> None:
    url = reverse("groups:make")
    changed = laid(day_2="2027-10-21", time_3="13:15")
    back = client.post(url, sent(world) | changed | {"back": "1"})
    assert back.status_code == 200
    page = back.content.decode()
    assert "Dagarna som du har ändrat är kvar" in page
    kept = {name: value for name, value in hidden(page).items() if name != "csrfmiddlewaretoken"}
    assert kept == {"day-2": "2027-10-21", "time-3": "13:15", "days_of": "serie"}
    # A form that is refused in between keeps them too.
    refused = client.post(url, sent(world, name="") | kept)
    assert refused.status_code == 422
    assert kept.items() <= hidden(refused.content.decode()).items()
    preview = client.post(url, sent(world, time="10:00") | kept).content.decode()
    assert 'value="2027-10-21"' in preview
    assert 'value="13:15"' in preview
    assert preview.count('value="10:00"') >= 5
    # Units of another course are other units.
    other = client.post(url, sent(world) | kept | {"days_of": "annan"}).content.decode()
    assert 'value="2027-10-21"' not in other


def test_back_without_a_change_takes_nothing_along(world: World, client: Client) -> None:
    url = reverse("groups:make")
    preview = client.post(url, sent(world)).content.decode()
    proposed = dict(re.findall(r'name="((?:day|time)-\d)" value="([^"]*)"', preview))
    assert len(proposed) == 12
    back = client.post(url, sent(world) | proposed | {"back": "1"}).content.decode()
    assert "days_of" not in back


def test_days_that_have_passed_are_noted(world: World, client: Client) -> None:
    url = reverse("groups:make")
    assert "dåtid" not in client.post(url, sent(world)).content.decode()
    with time_machine.travel(datetime.datetime(2027, 11, 1, 12, tzinfo=datetime.UTC)):
        page = signed_in(world.administrator).post(url, sent(world)).content.decode()
    assert "2 av tillfällena ligger i dåtid. Den som placeras bjuds inte in till dem." in page
