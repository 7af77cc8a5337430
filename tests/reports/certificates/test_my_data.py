"""What a person may know of what is kept about them: everything of theirs, nothing of others."""

import io
import json

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from audit.models import ReadEvent
from audit.operations import operation
from people.actions import create_user
from people.models import Person, User
from programme.models import AdaptationNeed, Participation
from reports.models import Certificate
from tests.programme.builders import World, nominated, number_of
from tests.programme.staff.builders import attended_units
from tests.programme.training import participation_of
from workflows.models import Message

PAGE = "/mina-sidor/uppgifter/"
JSON = "/mina-sidor/uppgifter/mina-uppgifter.json"


def client_of(person: Person) -> Client:
    with transaction.atomic(), operation("test.account"):
        person.refresh_from_db()
        user: User = create_user(
            email=person.email, first_name="A", last_name="B", actor=None, person=person
        )
    client = Client()
    client.force_login(user)
    return client


def known(world: World) -> Client:
    """The first of the staff: nominated, with hours and a need."""
    first, second = world.staff[:2]
    nominated(world, first, motivation="Min egen motivering.")
    nominated(world, second, motivation="En annans motivering.")
    for person, need in ((first, "Hörslinga"), (second, "Teckenspråk")):
        taken = participation_of(world, person)
        attended_units(world, taken, [1])
        with transaction.atomic(), operation("test.need", reason=f"Skäl {need}"):
            AdaptationNeed.objects.create(person=person, participation=taken, text=need)
    return client_of(first)


def test_everything_of_mine_and_nothing_of_others(world: World) -> None:
    text = known(world).get(JSON).content.decode()
    told = json.loads(text)
    assert {"people.person", "programme.nomination", "programme.countedtime"} <= set(told["held"])
    for mine in ("Förnamn1", "Hörslinga", "Min egen motivering.", "Skäl Hörslinga"):
        assert mine in text, mine
    for other in ("Förnamn2", "Teckenspråk", "En annans motivering.", "Skäl Teckenspråk"):
        assert other not in text, other


def test_the_personal_number_is_masked_everywhere(world: World) -> None:
    client = known(world)
    number = number_of(1)
    for address in (JSON, "/mina-sidor/uppgifter/"):
        page = client.get(address).content.decode()
        assert f"{number[:8]}-****" in page
        assert number[8:] not in page.replace(f"{number[:8]}-****", "")


def test_the_file_is_a_pdf_with_the_same_content(world: World) -> None:
    made = known(world).get("/mina-sidor/uppgifter/mina-uppgifter.pdf").content
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "Hörslinga" in text
    assert "Teckenspråk" not in text


def test_the_reading_is_noted_and_strangers_have_no_page(world: World) -> None:
    client = known(world)
    client.get("/mina-sidor/uppgifter/")
    assert ReadEvent.objects.get(name="person.read_own_data").subject == (world.staff[0].public_id)
    stranger = Client()
    stranger.force_login(world.auditor)
    assert stranger.get("/mina-sidor/uppgifter/").status_code == 404


def certificate_of(taken: Participation, number: int) -> None:
    """A certificate of the course, revoked so that another may stand beside it."""
    with transaction.atomic(), operation("test.certificate"):
        Certificate.objects.create(
            kind="course",
            person=taken.person,
            participation=taken,
            course_name="Serie",
            digest=f"{number:064d}",
            issued_at=timezone.now(),
            issued_by=taken.person.user,
            revoked_at=timezone.now(),
            revoke_reason="Fel",
        )


def asked(client: Client, address: str) -> list[str]:
    """What a visit asks the database; the first one warms what is the same for everyone."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [each["sql"] for each in captured]


def read_by_key(queries: list[str], table: str) -> int:
    """How often rows of the table were read by their keys alone, to be named."""
    return sum(f'FROM "{table}"' in sql and f'WHERE "{table}"."id" IN' in sql for sql in queries)


def test_more_of_everything_asks_no_more_and_each_table_is_named_once(world: World) -> None:
    client = known(world)
    person = world.staff[0]
    person.refresh_from_db()

    def message(number: int) -> None:
        with transaction.atomic(), operation("test.message"):
            Message.objects.create(
                recipient=person.user,
                address=person.email,
                kind="case.waiting",
                dedupe_key=f"more:{number}",
                subject="Mer",
                body="Mer",
            )

    message(0)
    taken = Participation.objects.get(person=person)
    certificate_of(taken, 0)
    few = [len(asked(client, address)) for address in (PAGE, JSON)]
    attended_units(world, taken, [2, 3, 4])
    for number in range(1, 4):
        message(number)
        certificate_of(taken, number)
    many = [asked(client, address) for address in (PAGE, JSON)]
    assert [len(each) for each in many] == few
    for queries in many:
        for table in ("people_organisation", "programme_category", "people_user"):
            assert read_by_key(queries, table) <= 2, table
