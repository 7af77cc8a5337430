"""Numbers: which are accepted, how they are kept, and that they are seen nowhere else."""

import datetime
import logging

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from audit.models import ReadEvent
from people import actions, identity, rules
from people.access import NotAllowed
from people.models import Capability, Identity, Organisation, Person
from tests.people import builders

TODAY = datetime.date(2026, 3, 1)


@pytest.mark.parametrize("digits", ["7010632391", "2120000142", "2021005224"])
def test_published_numbers_add_up_and_no_digit_can_be_changed(digits: str) -> None:
    assert rules.luhn_holds(digits)
    for place in range(10):
        for other in "0123456789":
            changed = digits[:place] + other + digits[place + 1 :]
            assert rules.luhn_holds(changed) is (changed == digits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("212000-0142", "212000-0142"),
        (" 2120000142 ", "212000-0142"),
        ("202100-5224", "202100-5224"),
        ("212000-0143", None),
        ("701063-2391", None),  # a personal number: the third digit is a month's
        ("212000–0142x", None),
        ("", None),
    ],
)
def test_organisation_numbers(text: str, expected: str | None) -> None:
    assert rules.organisation_number(text) == expected


@pytest.mark.parametrize(
    ("text", "number12"),
    [
        ("701063-2391", "197010632391"),
        ("19701063-2391", "197010632391"),
        ("1970 10 63 2391", "197010632391"),
        ("870412-9801", "198704129801"),
        ("870412+9801", "188704129801"),
        ("198704129801", "198704129801"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number12: str) -> None:
    assert identity.parse(text, TODAY).number12 == number12


def test_a_coordination_number_carries_its_birth_date() -> None:
    number = identity.parse("701063-2391", TODAY)
    assert number.kind == Identity.Kind.SAMORDNINGSNUMMER
    assert number.born == datetime.date(1970, 10, 3)
    assert identity.parse("19870412-9801", TODAY).kind == Identity.Kind.PERSONNUMMER


@pytest.mark.parametrize(
    "text",
    [
        "19870412-9800",  # check digit
        "19870431-9801",  # no such day
        "19870229-9804",  # no leap year
        "19871312-9801",
        "20870412-9801",  # the future
        "8704129",
        "hej",
        "",
        "19870412-98010",
        "٨٧٠٤١٢-٩٨٠٠",  # digits of another script
    ],
)
def test_wrong_numbers_are_refused(text: str) -> None:
    with pytest.raises(identity.BadIdentityNumber):
        identity.parse(text, TODAY)


@pytest.mark.parametrize("text", ["000101-T220", "19000101T220", "700101-K123"])
def test_an_interim_number_is_refused_with_words_of_its_own(text: str) -> None:
    with pytest.raises(identity.BadIdentityNumber) as caught:
        identity.parse(text, TODAY)
    assert "interim" in str(caught.value.message).lower()


def test_the_day_of_birth_may_be_today_and_not_tomorrow() -> None:
    born_today = next(
        f"20260301{serial}{check}"
        for serial in range(980, 1000)
        for check in range(10)
        if rules.luhn_holds(f"260301{serial}{check}")
    )
    assert identity.parse(born_today, TODAY).born == TODAY
    with pytest.raises(identity.BadIdentityNumber, match="bad identity number"):
        identity.parse(born_today, TODAY - datetime.timedelta(days=1))


def test_an_error_never_repeats_what_was_typed() -> None:
    with pytest.raises(identity.BadIdentityNumber) as caught:
        identity.parse("19870412-9800", TODAY)
    assert "9800" not in f"{caught.value} {caught.value!r} {caught.value.message}"


def test_a_checked_number_does_not_print_itself() -> None:
    number = identity.parse(builders.WOMAN, TODAY)
    assert "9801" not in f"{number} {number!r}"


@pytest.fixture
def asta(tree: dict[str, Organisation]) -> Person:
    """Someone with a number in the vault."""
    made = builders.person(tree["unit"])
    actions.store_identity(person=made, number="19870412-9801", actor=None)
    return made


def test_a_number_is_found_again_and_shown_masked(asta: Person) -> None:
    assert identity.find_person(identity.parse("870412-9801", TODAY)) == asta
    assert identity.find_person(identity.parse("701063-2391", TODAY)) is None
    assert identity.masked(asta, None) == "19870412-****"


def test_a_person_without_a_number_has_an_empty_mask(tree: dict[str, Organisation]) -> None:
    assert identity.masked(builders.person(tree["unit"]), None) == ""


def test_a_protected_persons_birth_date_is_hidden_too(asta: Person) -> None:
    asta.protected = True
    assert "1987" not in identity.masked(asta, None)


def test_two_persons_never_share_a_number(asta: Person, tree: dict[str, Organisation]) -> None:
    other = builders.person(tree["unit"], "Boel")
    with pytest.raises(actions.Refused) as caught:
        actions.store_identity(person=other, number=builders.WOMAN, actor=None)
    assert caught.value.__cause__ is None
    assert Identity.objects.count() == 1


def test_without_the_constraint_two_persons_would_share_a_number(
    asta: Person, tree: dict[str, Organisation]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'people_identity'::regclass"
            " AND contype = 'u' AND conname LIKE '%digest%'"
        )
        constraint = cursor.fetchone()[0]
        cursor.execute(f'ALTER TABLE people_identity DROP CONSTRAINT "{constraint}"')
    actions.store_identity(
        person=builders.person(tree["unit"], "Boel"), number=builders.WOMAN, actor=None
    )
    assert len({row.digest for row in Identity.objects.all()}) == 1
    assert Identity.objects.count() == 2


def test_a_corrected_number_replaces_the_old_one(asta: Person) -> None:
    actions.store_identity(person=asta, number="701063-2391", actor=None)
    assert identity.decrypt(Identity.objects.get(person=asta)) == builders.COORDINATION


def test_cipher_text_moved_to_somebody_else_does_not_open(
    asta: Person, tree: dict[str, Organisation]
) -> None:
    stolen = Identity.objects.get(person=asta)
    other = builders.person(tree["unit"], "Boel")
    copy = Identity(person=other, kind=stolen.kind, ciphertext=stolen.ciphertext)
    with pytest.raises(identity.UnreadableIdentity):
        identity.decrypt(copy)


def test_keys_can_be_changed(asta: Person, settings: Settings) -> None:
    old = list(settings.IDENTITY_KEYS)
    stored = Identity.objects.get(person=asta)
    settings.IDENTITY_KEYS = ["a new key", *old]
    assert identity.decrypt(stored) == builders.WOMAN
    stored.ciphertext = identity.reencrypted(stored)
    settings.IDENTITY_KEYS = ["a new key"]
    assert identity.decrypt(stored) == builders.WOMAN
    settings.IDENTITY_KEYS = old
    with pytest.raises(identity.UnreadableIdentity):
        identity.decrypt(stored)


def test_the_digest_depends_on_the_pepper(settings: Settings) -> None:
    before = identity.digest(builders.WOMAN)
    settings.IDENTITY_PEPPER = "another"
    assert identity.digest(builders.WOMAN) != before


def _everything_in_the_database() -> str:
    """Every row of every table, as text."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts)


SEARCHED = ("198704129801", "8704129801", "870412-9801", "19870412-9801")


def test_a_number_lies_nowhere_in_the_clear(asta: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    actions.store_identity(person=asta, number="19870412-9801", actor=None)
    stored = Identity.objects.get(person=asta)
    dump = _everything_in_the_database()
    shown = f"{asta} {asta!r} {stored} {stored!r} {caplog.text}"
    histories = "".join(
        str(row.__dict__)
        for model in apps.get_app_config("people").get_models()
        if model.__name__.startswith("Historical")
        for row in model._default_manager.all()
    )
    assert histories
    for text in SEARCHED:
        assert text not in dump + shown + histories
    # The keyed hash and the cipher text stay in the vault's own table.
    assert dump.count(stored.digest) == 1


def test_the_search_would_find_a_number_that_leaked(asta: Person) -> None:
    asta.job_role = "198704129801"
    asta.save()
    dump = _everything_in_the_database()
    assert dump.count("198704129801") >= 2  # the row and its history


def test_revealing_takes_the_role_and_a_reason_and_is_noted(
    asta: Person, tree: dict[str, Organisation]
) -> None:
    clerk = builders.account("clerk")
    builders.holds(clerk, "clerk", tree["farsta"], Capability.REVEAL_IDENTITY)
    why = "Kontroll inför rapport till SCB"
    assert actions.reveal_identity(person=asta, reason=why, actor=clerk) == builders.WOMAN
    noted = ReadEvent.objects.get(name="identity.reveal")
    assert (noted.actor_id, noted.subject) == (f"user:{clerk.pk}", asta.public_id)
    assert noted.reason == why
    with pytest.raises(actions.Refused):
        actions.reveal_identity(person=asta, reason="  för att  ", actor=clerk)


def test_nobody_else_is_shown_the_number(asta: Person, tree: dict[str, Organisation]) -> None:
    elsewhere = builders.account("elsewhere")
    builders.holds(elsewhere, "clerk", tree["bromma"], Capability.REVEAL_IDENTITY)
    chief = builders.account("chief")
    builders.holds(chief, "chief", tree["unit"], Capability.NOMINATE)
    for actor in (elsewhere, chief, builders.account("technician", is_superuser=True)):
        with pytest.raises(NotAllowed):
            actions.reveal_identity(person=asta, reason="Jag vill gärna veta", actor=actor)
    assert not ReadEvent.objects.exists()


def test_without_the_guard_anybody_would_be_shown_the_number(
    asta: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("people.access.ensure", lambda *given: None)
    nobody = builders.account("nobody")
    shown = actions.reveal_identity(person=asta, reason="Jag vill gärna veta", actor=nobody)
    assert shown == builders.WOMAN


def test_a_protected_persons_number_takes_the_right_to_see_them_too(
    asta: Person, tree: dict[str, Organisation]
) -> None:
    asta.protected = True
    asta.save()
    clerk = builders.account("clerk")
    builders.holds(clerk, "clerk", tree["city"], Capability.REVEAL_IDENTITY)
    with pytest.raises(NotAllowed):
        actions.reveal_identity(person=asta, reason="Kontroll inför SCB", actor=clerk)


def test_the_database_refuses_a_write_outside_an_operation(
    tree: dict[str, Organisation], asta: Person
) -> None:
    stored = Identity.objects.get(person=asta)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.operation', '', true)")
    kind = Identity.Kind.SAMORDNINGSNUMMER
    with pytest.raises(DatabaseError, match="operation"), transaction.atomic():
        Identity.objects.filter(pk=stored.pk).update(kind=kind)
