"""The seal: nobody before the time, then only two named people together."""

import datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation, ReadEvent
from audit.operations import operation
from people.access import NotAllowed as NotHeld
from programme.errors import NotAllowed, Refused
from programme.models import Opening, Tender
from programme.procurement import rules
from programme.procurement.actions import planning, tenders
from programme.procurement.errors import NotNamed, SecondPersonNeeded, TooEarly, TooLate
from programme.procurement.rules import Step
from tests.programme.procurement.builders import (
    CANARY,
    PAPER,
    Office,
    announced,
    opened,
    set_limits,
    tender,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AFTER = datetime.timedelta(days=11)


def act(procurement: object, user: object) -> Opening:
    return tenders.open_together(procurement_id=procurement.pk, actor=user)  # type: ignore[attr-defined,arg-type]


def test_nobody_opens_before_the_time_not_even_the_two_together(office: Office) -> None:
    procurement = announced(office)
    received = tender(procurement, office)
    for user in (office.first, office.second, office.first):
        with pytest.raises(TooEarly):
            act(procurement, user)
    with pytest.raises(TooEarly):
        tenders.content_of(tender=received, actor=office.first)
    assert not Opening.objects.exists()


def test_after_the_time_it_takes_two_and_both_are_noted(office: Office) -> None:
    procurement = announced(office)
    received = tender(procurement, office)
    with time_machine.travel(timezone.now() + AFTER, tick=False):
        assert act(procurement, office.first).joined_at is None
        with pytest.raises(SecondPersonNeeded):
            act(procurement, office.first)
        received.refresh_from_db()
        with pytest.raises(TooEarly):
            tenders.content_of(tender=received, actor=office.first)
        opening = act(procurement, office.second)
        received = Tender.objects.select_related("opening", "procurement").get()
        facts, content = tenders.content_of(tender=received, actor=office.third)
    assert (opening.begun_by, opening.joined_by) == (office.first, office.second)
    assert (facts.supplier, facts.name, content) == (CANARY, "anbud-kanarie.pdf", PAPER)
    names = set(Operation.objects.values_list("name", flat=True))
    assert {"procurement.opening_begin", "procurement.opening_join"} <= names


def test_others_who_run_procurements_open_nothing(office: Office) -> None:
    procurement = announced(office)
    tender(procurement, office)
    with time_machine.travel(timezone.now() + AFTER, tick=False):
        for user in (office.third, office.writer, office.evaluator):
            with pytest.raises(NotNamed):
                act(procurement, user)
        act(procurement, office.second)
        with pytest.raises(NotNamed):
            act(procurement, office.third)


def test_the_first_persons_beginning_runs_out(office: Office) -> None:
    procurement = announced(office)
    tender(procurement, office)
    set_limits(office, opening_minutes=10)
    with time_machine.travel(timezone.now() + AFTER, tick=False) as clock:
        act(procurement, office.first)
        clock.shift(datetime.timedelta(minutes=11))
        # Too late to join: the second person begins anew and waits for the first.
        assert act(procurement, office.second).joined_at is None
        assert act(procurement, office.first).joined_by == office.first
    assert Opening.objects.count() == 2


def test_the_database_refuses_an_opening_by_one(office: Office) -> None:
    """The control of the constraint: the rule is not the only thing that stops one person."""
    procurement = announced(office)
    with (
        pytest.raises(IntegrityError, match="opening_takes_two"),
        transaction.atomic(),
        operation("test.alone"),
    ):
        Opening.objects.create(
            procurement=procurement,
            begun_by=office.first,
            begun_at=timezone.now(),
            joined_by=office.first,
            joined_at=timezone.now(),
        )
    with pytest.raises(Refused):
        planning.name_openers(
            procurement_id=procurement.pk,
            first=office.first,
            second=office.first,
            actor=office.first,
        )


NOW = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
SOON = datetime.timedelta(minutes=5)


@pytest.mark.parametrize(
    ("actor", "begun_by", "minutes_ago", "sealed_for", "expected"),
    [
        (1, None, 0, 1, Step.TOO_EARLY),
        (2, 1, 1, 1, Step.TOO_EARLY),
        (3, None, 0, -1, Step.NOT_NAMED),
        (3, 1, 1, -1, Step.NOT_NAMED),
        (1, None, 0, -1, Step.BEGIN),
        (1, 1, 1, -1, Step.WAIT),
        (2, 1, 1, -1, Step.JOIN),
        (2, 1, 16, -1, Step.BEGIN),
        # Whoever began is no longer named: the beginning counts for nothing.
        (2, 9, 1, -1, Step.BEGIN),
    ],
)
def test_the_rule(
    actor: int, begun_by: int | None, minutes_ago: int, sealed_for: int, expected: Step
) -> None:
    assert (
        rules.opening_step(
            now=NOW,
            sealed_until=NOW + datetime.timedelta(minutes=sealed_for),
            actor=actor,
            named=(1, 2),
            begun_by=begun_by,
            begun_at=NOW - datetime.timedelta(minutes=minutes_ago) if begun_by else None,
            minutes=15,
            opened=False,
        )
        is expected
    )


def test_one_named_person_opens_nothing_ever() -> None:
    for named in ((), (1,), (1, 1)):
        step = rules.opening_step(
            now=NOW,
            sealed_until=NOW - SOON,
            actor=1,
            named=named,
            begun_by=None,
            begun_at=None,
            minutes=15,
            opened=False,
        )
        assert step is Step.NOT_NAMED


def test_a_tender_that_comes_late_is_not_kept(office: Office) -> None:
    procurement = announced(office)
    with time_machine.travel(timezone.now() + AFTER, tick=False), pytest.raises(TooLate):
        tender(procurement, office)
    assert not Tender.objects.exists()


def test_only_those_who_run_procurements_receive_and_read(office: Office) -> None:
    procurement = announced(office)
    received = tender(procurement, office)
    for user in (office.writer, office.evaluator):
        with pytest.raises((NotAllowed, NotHeld)):
            tenders.content_of(tender=received, actor=user)


def test_what_lies_in_the_store_and_in_the_database_cannot_be_read(office: Office) -> None:
    procurement = announced(office)
    received = tender(procurement, office)
    raw = (Path(settings.PRIVATE_ROOT) / received.path).read_bytes()
    assert b"KANARIEBUD" not in raw
    with connection.cursor() as cursor:
        for table in ("programme_tender", "programme_historicaltender", "audit_inbox"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%kanarie%'")
            assert cursor.fetchone()[0] == 0, table


def test_no_page_tells_of_a_tender_before_the_award(office: Office) -> None:
    """A canary in every field of a tender, looked for on every page of whoever is not to know."""
    from programme.procurement.ocds import package

    procurement = announced(office)
    received = tender(procurement, office)
    words = ("Kanarie", "KANARIEBUD", "anbud-kanarie", received.path)

    def look(client: Client) -> list[str]:
        pages = [
            reverse("procurement:list"),
            reverse("procurement:case", args=[procurement.public_id]),
            reverse("procurement:tender", args=[procurement.public_id, received.public_id]),
            "/upphandlingar.json",
            "/handlingar/?sok=Kanarie",
        ]
        seen = [client.get(page).content.decode().replace('value="Kanarie"', "") for page in pages]
        return [word for word in words for page in seen if word in page]

    clients = {}
    for user in (office.first, office.third, office.writer, office.evaluator):
        clients[user.email] = Client()
        clients[user.email].force_login(user, backend=BACKEND)
    clients["anonymous"] = Client()
    for who, client in clients.items():
        assert look(client) == [], who
    assert "Kanarie" not in str(package("x"))
    with time_machine.travel(timezone.now() + AFTER, tick=False):
        opened(procurement, office)
    # The control: once opened, those who evaluate see it, and still nobody else.
    assert "Kanarie" in look(clients[office.third.email])
    for who in ("anonymous", office.writer.email, office.evaluator.email):
        assert look(clients[who]) == [], who


def test_reading_and_being_refused_are_noted(office: Office) -> None:
    procurement = announced(office)
    received = tender(procurement, office)
    client = Client()
    client.force_login(office.first, backend=BACKEND)
    address = reverse("procurement:tender", args=[procurement.public_id, received.public_id])
    assert client.get(address).status_code == 404
    assert client.post(reverse("procurement:open", args=[procurement.public_id])).status_code == 302
    assert ReadEvent.objects.filter(name="tender.refused").count() == 2
    with time_machine.travel(timezone.now() + AFTER, tick=False):
        opened(procurement, office)
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, PAPER)
    assert answer["Content-Disposition"].startswith("attachment")
    assert ReadEvent.objects.filter(name="tender.read").count() == 1
