"""The story of one hour, from the first row to the last, for whoever audits the person's unit."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import translation

from audit.models import ReadEvent
from audit.operations import operation
from programme.models import CountedTime, Occasion
from programme.months import corrections
from reports.certificates import actions as certificates
from tests.clients import signed_in
from tests.programme.builders import World, account
from tests.programme.hours.builders import counted
from tests.programme.months.builders import MARCH, attended, locked, proposed, staff_account


@pytest.fixture(autouse=True)
def _swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


@pytest.fixture
def corrected(world: World) -> CountedTime:
    """An hour that was marked, attested, checked, locked and corrected by two."""
    checker = staff_account(world, "ekonom")
    occasion: Occasion = attended(world, MARCH, world.staff[:2])
    month = locked(world, MARCH, world.staff[:2], world.administrator, checker)
    certificates.issue_month(month_id=month.pk, actor=world.administrator)
    made = proposed(occasion, world.staff[0], world.administrator)
    corrections.decide(correction_id=made.pk, approve=True, actor=checker)
    return counted(occasion, world.staff[0])


def path_of(found: CountedTime) -> str:
    return f"/revision/timmar/{found.public_id}/"


def test_the_story_is_whole_in_its_order_and_of_one_person(
    world: World, corrected: CountedTime
) -> None:
    response = signed_in(world.auditor).get(path_of(corrected))
    text = response.content.decode()
    names = [line.operation.name for line in response.context["lines"]]
    wanted = [
        "month.attest_on_paper",
        "month.check",
        "correction.propose",
        "correction.approve",
    ]
    assert [name for name in names if name in wanted] == wanted
    for kind in ("Närvaro", "Räknad tid", "Månadsuppgift", "Rättelse", "Intyg"):
        assert f"<caption>{kind}" in text, kind
    assert "2026-03-03: 180 min" in text
    assert "{&quot;" not in text
    regions = re.findall(r'role="region" aria-label="([^"]+)"', text)
    assert len(regions) == len(set(regions))
    assert world.staff[0].last_name in text
    assert world.staff[1].last_name not in text


def test_the_hour_leads_auditors_to_its_story_and_nobody_else(
    world: World, corrected: CountedTime
) -> None:
    hour = f"/timmar/{corrected.public_id}/"
    assert path_of(corrected) in signed_in(world.auditor).get(hour).content.decode()
    office = signed_in(world.administrator)
    assert path_of(corrected) not in office.get(hour).content.decode()
    assert office.get(path_of(corrected)).status_code == 404
    with transaction.atomic(), operation("test.account"):
        elsewhere = account("district", "revisor", world.skarholmen)
    assert signed_in(elsewhere).get(path_of(corrected)).status_code == 404


def test_reading_it_is_noted_by_the_name_of_what_was_read(
    world: World, corrected: CountedTime
) -> None:
    auditor = signed_in(world.auditor)
    auditor.get(path_of(corrected))
    assert ReadEvent.objects.get(name="audit.read_hour").subject == corrected.public_id
    page = auditor.get("/revision/lasningar/").content.decode()
    assert f'räknad tid <span class="muted">{corrected.public_id}</span>' in page
