"""Lists of employees: found by number or address, shown first, taken in whole or not at all."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from audit.models import Operation
from audit.operations import operation
from people import identity
from people.models import Identity, Organisation, Person, User
from programme.employees import actions
from programme.employees.preview import Preview, preview
from programme.errors import NotAllowed, Refused
from programme.imports import reader
from programme.imports.reader import BadFile
from programme.models import EmployeeList
from tests.programme.builders import World, account, number_of, person_in

HEAD = "Förvaltning;Avdelning;Enhet;Förnamn;Efternamn;E-post;Personnummer;Chef;Kön;Lön\n"
NEW = "Farsta;Avdelningen för äldre;Hemtjänst Öst;Åsa;Ny;asa.ny@example.org;{};ja;k;30000\n"


def read(text: str, actor: User) -> EmployeeList:
    content = text.encode()
    return actions.prepare(
        table=reader.read(content), content=content, file_name="personal.csv", actor=actor
    )


def shown(found: EmployeeList, actor: User) -> Preview:
    return preview(*actions.opened(found), actor)


def account_in(organisation: Organisation, name: str = "lokal") -> User:
    """Another administrator, of this organisation and what lies below."""
    with operation("test.account"):
        return account(name, "administrator", organisation)


def take_in(found: EmployeeList, actor: User) -> EmployeeList:
    return actions.confirm(list_id=found.pk, seen=shown(found, actor).digest, actor=actor)


def errors_of(text: str, actor: User) -> list[str]:
    return [one for line in shown(read(text, actor), actor).lines for one in line.errors]


def test_a_new_person_comes_with_department_unit_and_number(world: World) -> None:
    found = read(HEAD + NEW.format(number_of(77)), world.administrator)
    before = shown(found, world.administrator)
    assert [line.kind for line in before.lines] == ["new"]
    assert before.new_units == [
        "Farsta / Avdelningen för äldre",
        "Avdelningen för äldre / Hemtjänst Öst",
    ]
    assert found.ignored == ["Lön"]
    assert not Person.objects.filter(email="asa.ny@example.org").exists()
    done = take_in(found, world.administrator)
    person = Person.objects.select_related("unit__parent").get(email="asa.ny@example.org")
    assert (person.first_name, person.is_manager, person.sex) == ("Åsa", True, "woman")
    assert (person.publicly_employed, person.protected) == (True, False)
    assert person.unit.name == "Hemtjänst Öst"
    assert person.unit.lineage[-3] == world.farsta.pk
    assert identity.decrypt(person.identity) == number_of(77)
    assert done.counts == {"new": 1, "moved": 0, "changed": 0, "same": 0, "units": 2, "roles": 0}
    again = read(HEAD + NEW.format(number_of(77)), world.administrator)
    assert [line.kind for line in shown(again, world.administrator).lines] == ["same"]
    assert shown(again, world.administrator).new_units == []


def test_every_change_is_in_the_history_under_one_operation(world: World) -> None:
    done = take_in(read(HEAD + NEW.format(number_of(77)), world.administrator), world.administrator)
    made = Operation.objects.get(name="employees.import")
    assert made.subject == f"employees {done.public_id}"
    assert done.sha256 in made.reason
    person = Person.objects.get(email="asa.ny@example.org")
    for history in (Person.history, Organisation.history, Identity.history):
        assert history.filter(operation_id=made.pk).exists()
    assert Person.history.filter(id=person.pk).count() == 1


def test_moved_changed_and_known_and_an_empty_cell_says_nothing(world: World) -> None:
    moved, changed, known = world.staff[:3]
    text = (
        "Förvaltning;Enhet;Förnamn;Efternamn;E-post;Personnummer;Yrkesroll\n"
        f"Skärholmen;Enheten s1;;;{moved.email};;\n"
        f";;Bo;;{changed.email.upper()};;biståndshandläggare\n"
        f";;;;;{number_of(3)};\n"
    )
    found = read(text, world.administrator)
    lines = shown(found, world.administrator).lines
    assert [line.kind for line in lines] == ["moved", "changed", "same"]
    told = [(one.what, one.before, one.after) for one in lines[1].changes]
    assert ("Förnamn", "Förnamn2", "Bo") in told
    take_in(found, world.administrator)
    for person in (moved, changed, known):
        person.refresh_from_db()
    assert moved.unit == world.other_unit
    assert moved.first_name == "Förnamn1"
    assert (changed.first_name, changed.last_name) == ("Bo", "Efternamn2")
    assert changed.job_role == "biståndshandläggare"
    assert changed.unit == world.unit
    assert Person.history.filter(id=known.pk).count() == 1


def test_who_is_not_in_the_list_is_shown_and_left_alone(world: World) -> None:
    text = f"Förvaltning;Enhet;E-post\nFarsta;Enheten f1;{world.staff[0].email}\n"
    found = read(text, world.administrator)
    missing = {person.pk for person in shown(found, world.administrator).only_here}
    assert missing == {one.pk for one in [*world.staff[1:], *world.managers]}
    take_in(found, world.administrator)
    assert Person.objects.filter(pk__in=missing, unit=world.unit).count() == len(missing)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Farsta;;;Bo;Ek;;;;;", "Skriv ett personnummer eller en e-postadress"),
        ("Farsta;;;Bo;Ek;bo@example.org;19700101-1111;;;", "Numret stämmer inte"),
        ("Ingenstans;;;Bo;Ek;bo@example.org;;;;", "ingen förvaltning ”Ingenstans”"),
        (";;;Bo;Ek;bo@example.org;;;;", "Skriv förvaltningen"),
        (";;Enheten f1;Bo;Ek;bo@example.org;;;;", "Skriv förvaltningen också"),
        ("Farsta;;;Bo;Ek;inte en adress;;;;", "e-post"),
        ("Farsta;;;;Ek;bo@example.org;;;;", "Förnamn"),
        ("Farsta;;;Bo;Ek;bo@example.org;;kanske;;", "Skriv ja eller nej"),
        ("Farsta;;;Bo;Ek;bo@example.org;;;okänd;", "kvinna, man eller icke-binär"),
        ("Farsta;;;" + "B" * 81 + ";Ek;bo@example.org;;;;", "80"),
    ],
)
def test_a_wrong_row_is_told_in_words_and_stops_the_whole_list(
    world: World, row: str, words: str
) -> None:
    found = read(HEAD + NEW.format(number_of(77)) + row + "\n", world.administrator)
    before = shown(found, world.administrator)
    assert before.bad == 1
    assert words in " ".join(before.lines[1].errors)
    with pytest.raises(Refused):
        take_in(found, world.administrator)
    assert not Person.objects.filter(email="asa.ny@example.org").exists()
    assert not Organisation.objects.filter(name="Hemtjänst Öst").exists()


def test_nobody_is_guessed_when_number_and_address_disagree(world: World) -> None:
    one, other = world.staff[:2]
    row = f"Farsta;;;;;{one.email};{number_of(2)};;;\n"
    assert "två olika personer" in errors_of(HEAD + row, world.administrator)[0]
    row = f"Farsta;;;;;{one.email};{number_of(77)};;;\n"
    assert "ett annat nummer" in errors_of(HEAD + row, world.administrator)[0]
    with operation("test.twin"):
        Person.objects.filter(pk=other.pk).update(email=one.email)
    assert "Flera" in errors_of(HEAD + f"Farsta;;;;;{one.email};;;;\n", world.administrator)[0]
    row = f"Farsta;;;;;;{number_of(1)};;;\nFarsta;;;;;;{number_of(1)};;;\n"
    assert "längre upp" in errors_of(HEAD + row, world.administrator)[0]


def test_a_number_that_was_lacking_is_added_to_the_vault(world: World) -> None:
    with operation("test.erase"):
        Identity.objects.filter(person=world.staff[0]).delete()
    text = f"E-post;Personnummer\n{world.staff[0].email};{number_of(55)}\n"
    found = read(text, world.administrator)
    (line,) = shown(found, world.administrator).lines
    assert line.kind == "changed"
    assert number_of(55) not in str(line)
    take_in(found, world.administrator)
    assert identity.decrypt(Identity.objects.get(person=world.staff[0])) == number_of(55)


def test_what_was_read_is_never_kept_in_the_clear(world: World) -> None:
    found = read(HEAD + NEW.format(number_of(77)), world.administrator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM programme_employeelist e")
        (kept,) = cursor.fetchone()
    assert number_of(77) not in kept
    assert "asa.ny" not in kept
    assert "asa.ny" in identity.open_text(found.sealed, purpose=actions.PURPOSE)
    assert take_in(found, world.administrator).sealed == ""


def test_a_list_that_no_key_opens_any_more_is_chosen_again(
    world: World, client: Client, settings: Settings
) -> None:
    found = read(HEAD + NEW.format(number_of(77)), world.administrator)
    settings.IDENTITY_KEYS = ["another key"]
    client.force_login(world.administrator)
    page = client.get(f"/personal/lista/{found.public_id}/")
    assert "Välj filen igen" in page.content.decode()
    with pytest.raises(Refused):
        take_in(found, world.administrator)


def test_a_register_that_has_changed_since_is_looked_at_again(world: World) -> None:
    text = f";;;Bo;;{world.staff[0].email};;;;\n"
    found = read(HEAD + text, world.administrator)
    seen = shown(found, world.administrator).digest
    with operation("test.meanwhile"):
        Person.objects.filter(pk=world.staff[0].pk).update(first_name="Bosse")
    with pytest.raises(Refused, match="har ändrats"):
        actions.confirm(list_id=found.pk, seen=seen, actor=world.administrator)
    assert Person.objects.get(pk=world.staff[0].pk).first_name == "Bosse"
    take_in(found, world.administrator)
    assert Person.objects.get(pk=world.staff[0].pk).first_name == "Bo"


def test_done_twice_is_done_once_and_another_owner_is_refused(world: World) -> None:
    found = read(HEAD + NEW.format(""), world.administrator)
    seen = shown(found, world.administrator).digest
    other = account_in(Organisation.objects.get(parent=None), "annan")
    with pytest.raises(NotAllowed):
        actions.confirm(list_id=found.pk, seen=seen, actor=other)
    actions.confirm(list_id=found.pk, seen=seen, actor=world.administrator)
    actions.confirm(list_id=found.pk, seen=seen, actor=world.administrator)
    assert Person.objects.filter(email="asa.ny@example.org").count() == 1


def test_an_administrator_of_one_administration_reaches_no_further(world: World) -> None:
    local = account_in(world.farsta)
    elsewhere = world.others[0]
    assert "hanterar" in errors_of(HEAD + NEW.replace("Farsta", "Skärholmen").format(""), local)[0]
    row = f"Farsta;;;;;{elsewhere.email};;;;\n"
    assert "hanterar" in errors_of(HEAD + row, local)[0]
    assert errors_of(HEAD + row, world.administrator) == []


def test_missing_columns_and_the_same_column_twice_are_refused(world: World) -> None:
    with pytest.raises(BadFile, match="saknas"):
        read("Förnamn;Efternamn\nBo;Ek\n", world.administrator)
    with pytest.raises(BadFile, match="samma"):
        read("E-post;E-postadress\na@example.org;b@example.org\n", world.administrator)


def test_queries_do_not_grow_with_the_rows(world: World) -> None:
    def rows(first: int, number: int) -> str:
        return HEAD + "".join(
            f"Farsta;;Enheten f1;Bo;Ek;bo{n}@example.org;{number_of(n)};;;\n"
            for n in range(first, first + number)
        )

    def queries(text: str) -> tuple[int, int]:
        found = read(text, world.administrator)
        with CaptureQueriesContext(
            connection,
        ) as looking:
            digest = shown(found, world.administrator).digest
        with CaptureQueriesContext(connection) as writing:
            actions.confirm(list_id=found.pk, seen=digest, actor=world.administrator)
        return len(looking), len(writing)

    assert queries(rows(100, 3)) == queries(rows(200, 60))


# Pages ----------------------------------------------------------------------------------


@pytest.fixture
def signed_in(world: World, client: Client) -> Client:
    client.force_login(world.administrator)
    return client


def test_from_file_to_register_in_the_browser(world: World, signed_in: Client) -> None:
    file = SimpleUploadedFile("personal.csv", (HEAD + NEW.format(number_of(77))).encode())
    answer = signed_in.post("/personal/", {"file": file})
    page = signed_in.get(answer["Location"]).content.decode()
    assert "Åsa Ny" in page
    assert number_of(77) not in page
    found = EmployeeList.objects.get()
    seen = shown(found, world.administrator).digest
    assert seen in page
    signed_in.post(f"/personal/lista/{found.public_id}/ta-in/", {"seen": seen})
    assert "1 ny person" in signed_in.get(f"/personal/lista/{found.public_id}/").content.decode()
    assert "Åsa Ny" in signed_in.get("/personal/?q=hemtjänst").content.decode()


def test_a_file_that_is_no_list_is_refused_in_words(signed_in: Client) -> None:
    for content in (b"", b"PK\x03\x04", b"Namn;Ort\nBo;Solna\n"):
        answer = signed_in.post("/personal/", {"file": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code == 422
    assert not EmployeeList.objects.exists()


def test_to_others_the_register_does_not_exist(world: World, client: Client) -> None:
    found = read(HEAD + NEW.format(""), world.administrator)
    addresses = (
        "/personal/",
        "/personal/ny/",
        "/personal/register.xlsx",
        "/personal/mall.xlsx",
        f"/personal/lista/{found.public_id}/",
        f"/personal/{world.staff[0].public_id}/",
    )
    for user in (world.chief, world.head, world.auditor):
        client.force_login(user)
        assert {client.get(one).status_code for one in addresses} == {404}
        assert client.post(f"/personal/lista/{found.public_id}/ta-in/").status_code == 404
    local = account_in(world.farsta)
    client.force_login(local)
    assert client.get(f"/personal/lista/{found.public_id}/").status_code == 404
    assert client.get(f"/personal/{world.others[0].public_id}/").status_code == 404
    assert client.get(f"/personal/{world.staff[0].public_id}/").status_code == 200
    assert world.others[0].last_name not in client.get("/personal/").content.decode()


def test_what_is_fetched_can_be_read_back_and_says_nothing_new(
    world: World, signed_in: Client
) -> None:
    answer = signed_in.get("/personal/register.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    text = str([[cell.value for cell in row] for row in sheet.iter_rows()])
    assert world.staff[0].email in text
    assert not any(number_of(n) in text for n in range(1, 7))
    found = actions.prepare(
        table=reader.read(answer.content),
        content=answer.content,
        file_name="personal.xlsx",
        actor=world.administrator,
    )
    after = shown(found, world.administrator)
    assert {line.kind for line in after.lines} == {"same"}
    assert after.only_here == []


def test_one_person_is_added_and_corrected_by_hand(world: World, signed_in: Client) -> None:
    answers = {
        "first_name": "Åsa",
        "last_name": "Ny",
        "email": "Asa.Ny@example.org",
        "unit": world.unit.pk,
        "publicly_employed": "on",
        "identity": number_of(77),
    }
    signed_in.post("/personal/ny/", answers)
    person = Person.objects.get(email="asa.ny@example.org")
    assert identity.decrypt(person.identity) == number_of(77)
    changed = {**answers, "last_name": "Nyare", "unit": world.other_unit.pk, "identity": ""}
    signed_in.post(f"/personal/{person.public_id}/", {**changed, "reason": "Gift."})
    person.refresh_from_db()
    assert (person.last_name, person.unit) == ("Nyare", world.other_unit)
    newest = Person.history.filter(id=person.pk).latest("history_id")
    assert newest.history_change_reason == "Gift."
    assert identity.decrypt(Identity.objects.get(person=person)) == number_of(77)


def test_a_refused_person_is_kept_on_the_form_and_nothing_is_written(
    world: World, signed_in: Client
) -> None:
    answers = {"first_name": "Åsa", "last_name": "Ny", "unit": world.unit.pk}
    for extra, words in (
        ({"email": world.staff[0].email}, "Någon annan"),
        (
            {"email": "asa@example.org", "identity": number_of(1)},
            "Another person|Någon annan|En annan",
        ),
        ({"email": "asa@example.org", "identity": "123"}, "tolv siffror"),
    ):
        answer = signed_in.post("/personal/ny/", {**answers, **extra})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert any(one in page for one in words.split("|")), words
        assert 'value="Åsa"' in page
    assert not Person.objects.filter(first_name="Åsa").exists()


def test_a_protected_person_is_named_only_to_those_who_may_know(
    world: World, client: Client
) -> None:
    with transaction.atomic(), operation("test.protect"):
        hidden = person_in(world.unit, 500, protected=True)
        role = world.administrator.assignments.get().role
        role.capabilities = [one for one in role.capabilities if one != "see_protected"]
        role.save()
    client.force_login(User.objects.get(pk=world.administrator.pk))
    for address in ("/personal/", f"/personal/{hidden.public_id}/", "/personal/?q=Efternamn500"):
        page = client.get(address).content.decode()
        assert "Förnamn500" not in page, address
        assert hidden.email not in page
    # A row that answers to the name would tell who it is.
    assert f"/personal/{hidden.public_id}/" in client.get("/personal/").content.decode()
    for word in ("Efternamn500", hidden.email):
        page = client.get("/personal/", {"q": word}).content.decode()
        assert f"/personal/{hidden.public_id}/" not in page
    sheet = client.get("/personal/register.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(sheet)).active
    assert book is not None
    assert "Efternamn500" not in str([[cell.value for cell in row] for row in book.iter_rows()])
    # Nor is anything of theirs changed, or uncovered, by a list.
    row = f"E-post;Förnamn;Skyddad identitet\n{hidden.email};Bo;nej\n"
    found = read(row, User.objects.get(pk=world.administrator.pk))
    (line,) = shown(found, User.objects.get(pk=world.administrator.pk)).lines
    assert line.kind == "wrong"
    with pytest.raises(Refused):
        take_in(found, User.objects.get(pk=world.administrator.pk))
    hidden.refresh_from_db()
    assert (hidden.first_name, hidden.protected) == ("Förnamn500", True)
