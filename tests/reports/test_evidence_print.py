"""What the evidence never tells, and what the print of it proves."""

import datetime
import hashlib
import json
import re
from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from people.models import Person, User
from reports.evidence import build, printing, redact
from tests.clients import signed_in
from tests.programme.builders import (
    World,
    approve_step,
    approved,
    build_world,
    nominated,
    number_of,
)
from tests.reports.reading import page, printed, told
from workflows.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: object) -> Iterator[None]:
    with translation.override("en"):
        settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
        yield


@pytest.fixture
def world(operation: None) -> World:
    return build_world()


# What never


def test_a_protected_person_is_masked_in_every_form(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    approve_step(nomination, world.head)
    Person.objects.filter(pk=nomination.person.pk).update(last_name="Hemligsson")
    head = Person.objects.create(
        first_name="Avdelningschef", last_name="Test", unit=world.unit, user=world.head
    )
    case = nomination.case
    shown = told(world.auditor, case)
    assert "Hemligsson" in shown  # the control: ordinary persons are named
    assert "Avdelningschef Test" in shown

    Person.objects.filter(pk__in=[nomination.person.pk, head.pk]).update(protected=True)

    for text in (
        told(world.auditor, case),
        page(world.auditor, case),
        "".join(each.extract_text() for each in printed(world.auditor, case).pages),
        printed(world.auditor, case).attachments["underlag.json"][0].decode(),
    ):
        assert "Hemligsson" not in text
        assert "Avdelningschef Test" not in text
        assert "Protected identity" in text


def test_no_personal_identity_number_is_printed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = number_of(77)
    written = f"{number[:8]}-{number[8:]}"
    nomination = nominated(
        world, world.staff[0], motivation=f"Hon heter {written} och {number[2:]} i registret."
    )
    case = nomination.case
    own = number_of(1)[:8] + "-****"
    # The control: the page of the case does show it to those who may reveal numbers.
    assert own in signed_in(world.administrator).get(f"/arenden/{case.reference}/").content.decode()

    for user in (world.administrator, world.auditor, world.chief):
        text = page(user, case) + printed(user, case).attachments["underlag.json"][0].decode()
        for secret in (written, number, number[2:], own, number_of(1)[:8]):
            assert secret not in text
        assert "[identity number left out]" in text

    monkeypatch.setattr(redact, "NUMBER", re.compile(r"(?!)"))
    assert written in page(world.auditor, case)  # the control: the guard off


def test_other_numbers_are_left_alone() -> None:
    for text in ("08-508 00 000", "2026-03-01 12.00", "1 234 567 890", "0701234567", "a" * 64):
        assert redact.without_numbers(text) == text


def test_no_address_is_told(world: World) -> None:
    case = approved(world, world.staff[0]).nomination.case
    assert case.messages.count() > 2
    text = page(world.administrator, case)
    assert "case.waiting" in text
    for message in case.messages.all():
        assert message.address not in text


# The print


def test_the_digest_stands_on_each_page_and_is_that_of_the_attached_content(world: World) -> None:
    case = approved(world, world.staff[0]).nomination.case
    reader = printed(world.auditor, case)
    content = reader.attachments["underlag.json"][0]
    digest = hashlib.sha256(content).hexdigest()

    assert digest in page(world.auditor, case)
    assert len(reader.pages) > 1
    for number, each in enumerate(reader.pages, start=1):
        text = each.extract_text()
        assert digest in text
        assert f"Page {number} of {len(reader.pages)}" in text
        assert f"Printed {timezone.localdate():%Y-%m-%d}" in text
    assert json.loads(content)["heading"] in page(world.auditor, case)


def test_only_the_moment_of_printing_makes_a_difference(world: World) -> None:
    case = approved(world, world.staff[0]).nomination.case
    first = build.document(Case.objects.get(pk=case.pk), world.auditor)
    again = build.document(Case.objects.get(pk=case.pk), world.auditor)
    noon = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)

    assert first.digest == again.digest
    assert printing.printed(first, at=noon) == printing.printed(again, at=noon)
    later = printing.printed(first, at=noon + datetime.timedelta(hours=1))
    assert later != printing.printed(first, at=noon)
    # Everyone who sees the same has the same digest, whatever language they read.
    with translation.override("sv"):
        assert build.document(case, User.objects.get(pk=world.chief.pk)).digest == first.digest


def test_the_digest_changes_when_something_happens(world: World) -> None:
    nomination = nominated(world, world.staff[0])
    before = hashlib.sha256(told(world.auditor, nomination.case).encode()).digest()
    approve_step(nomination, world.head)
    assert hashlib.sha256(told(world.auditor, nomination.case).encode()).digest() != before


def test_a_later_version_of_the_workflow_changes_nothing(world: World) -> None:
    case = approved(world, world.staff[0]).nomination.case
    before = told(world.auditor, case)
    type(case.version).objects.filter(pk=case.version_id).update(retired_at=timezone.now())
    assert told(world.auditor, case) == before


def test_hostile_answers_are_printed_as_they_were_written(world: World) -> None:
    text = '#eval("6*7") $x$ \\ @ref *b* <script>alert(1)</script> #pdf.attach("x") 😀'
    case = nominated(world, world.staff[0], motivation=text).case

    shown = " ".join(each.extract_text() for each in printed(world.auditor, case).pages)
    assert '#eval("6*7") $x$ \\ @ref *b* <script>alert(1)</script>' in " ".join(shown.split())
    assert "[U+1F600]" in shown
    assert "<script>alert" not in page(world.auditor, case)
    assert list(printed(world.auditor, case).attachments) == ["underlag.json"]
