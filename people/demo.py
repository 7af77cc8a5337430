"""Invented people for the demo: departments, units, employees, managers and accounts.

Everything follows from fixed seeds, so every demo is the same and a test can name
«the third employee of the first unit». The numbers end in 980–999, which are
never given to anybody.
"""

import datetime
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from core.models import ALPHABET
from people import groups, identity, organisations
from people.models import Identity, Organisation, Person, RoleAssignment, Sex, User
from people.setup import CITY, DATA

DEMO = Actor(id="demo", name="Demo")
SINCE = datetime.date(2025, 9, 1)
DOMAIN = "example.org"
# Rows a statement when thousands are written.
CHUNK = 2000

# service area → (department, its units)
DEPARTMENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Individ- och familjeomsorg": (
        "Avdelningen för individ- och familjeomsorg",
        (
            "Mottagningsenheten",
            "Barn och unga, utredning",
            "Familjestöd och öppenvård",
            "Vuxenenheten",
        ),
    ),
    "Äldreomsorg": (
        "Avdelningen för äldreomsorg",
        ("Beställarenheten äldre", "Hemtjänst i egen regi", "Dagverksamhet och förebyggande stöd"),
    ),
    "Funktionsnedsättning och socialpsykiatri": (
        "Avdelningen för funktionsnedsättning och socialpsykiatri",
        ("Beställarenheten funktionsnedsättning", "Stöd i bostad", "Socialpsykiatriskt boendestöd"),
    ),
    "Ekonomiskt bistånd": (
        "Avdelningen för ekonomiskt bistånd",
        ("Ekonomiskt bistånd, mottagning", "Ekonomiskt bistånd, handläggning"),
    ),
}
ROLES_OF_AREA = {
    "Individ- och familjeomsorg": (
        "socialsekreterare",
        "socialsekreterare",
        "gruppledare",
        "samordnare",
    ),
    "Äldreomsorg": ("biståndshandläggare", "utförare i egen regi", "samordnare"),
    "Funktionsnedsättning och socialpsykiatri": (
        "biståndshandläggare",
        "utförare i egen regi",
        "verksamhetsutvecklare",
    ),
    "Ekonomiskt bistånd": ("socialsekreterare", "biståndshandläggare", "gruppledare"),
}
CITY_ACCOUNTS = (
    # account and role, first name, last name
    ("projektledare", "Ylva", "Lagerqvist"),
    ("administrator", "Samuel", "Holmén"),
    ("ekonom", "Parisa", "Moradi"),
    ("kommunikator", "Jonas", "Sterner"),
    ("utbildare", "Torkel", "Wallander"),
    ("revisor", "Gunilla", "Ramstedt"),
    ("styrgrupp", "Henrik", "Falkenäs"),
    ("godkannare", "Malin", "Ekenberg"),
    ("attestant", "Tomas", "Sjöholm"),
    ("hogre_chef", "Birgitta", "Åkerlund"),
)


@dataclass
class _Drawn:
    """Someone invented, before there is a row."""

    first_name: str
    last_name: str
    sex: Sex
    number: str


@transaction.atomic
def build_people(password: str = "demo") -> None:
    """Fill the organisations with invented people; adds nothing the second time."""
    if User.objects.filter(email=f"projektledare@{DOMAIN}").exists():
        return
    with operation("demo.people", actor=DEMO):
        _Builder(password).build()


class _Builder:
    """One run: draws people in a fixed order and writes them in a few statements."""

    def __init__(self, password: str, seed: str = "kompetensportalen") -> None:
        # Hashed once: the demo's accounts share their password, and argon2 is slow by design.
        self.password = make_password(password)
        self.random = random.Random(seed)
        self.names: dict[str, list[str]] = {
            kind: text.split()
            for kind, text in json.loads(
                (DATA / "invented_names.json").read_text(encoding="utf-8")
            ).items()
        }
        self.taken: set[str] = set()
        self.persons: list[Person] = []
        self.numbers: list[str] = []
        self.accounts: list[User] = []
        self.grants: list[tuple[User, str, Organisation]] = []

    def build(self) -> None:
        """Draw everybody, then write units, accounts, persons, numbers and roles."""
        for district in Organisation.objects.filter(
            kind=Organisation.Kind.DISTRICT, valid_to__isnull=True
        ).order_by("code"):
            self._district(district)
        self._city()
        self._write()

    def _district(self, district: Organisation) -> None:
        areas = list(DEPARTMENTS)
        shift = len(self.accounts) % len(areas)
        chosen = [areas[0], *areas[1 + shift % 3 :], *areas[1 : 1 + shift % 3]][:3]
        units = [
            unit for area in chosen[: 2 + shift % 2] for unit in self._department(district, area)
        ]
        head = self._employee(units[0].parent or district, "", is_manager=True)
        self._account(head, f"avdelningschef.{district.code}", [("avdelningschef", district)])
        for place, unit in enumerate(units):
            self._unit(district, unit, first=place == 0)

    def _department(self, district: Organisation, area: str) -> list[Organisation]:
        name, units = DEPARTMENTS[area]
        stem = f"{district.code}-{list(DEPARTMENTS).index(area) + 1}"
        department = organisations.add(
            parent=district,
            code=stem,
            name=f"{name}, {district.short_name}",
            short_name=name.removeprefix("Avdelningen för ").capitalize(),
            kind=Organisation.Kind.DEPARTMENT,
            service_area=area,
            valid_from=district.valid_from,
        )
        return [
            organisations.add(
                parent=department,
                code=f"{stem}-{place}",
                name=f"{unit}, {district.short_name}",
                short_name=unit,
                kind=Organisation.Kind.UNIT,
                service_area=area,
                valid_from=district.valid_from,
            )
            for place, unit in enumerate(units, start=1)
        ]

    def _unit(self, district: Organisation, unit: Organisation, *, first: bool) -> None:
        chief = self._employee(unit, "", is_manager=True)
        login = f"chef.{district.code}" if first else f"chef.{unit.code}"
        self._account(chief, login, [("enhetschef", unit)])
        for place in range(self.random.randint(15, 20) if first else self.random.randint(5, 9)):
            job_role = self.random.choice(ROLES_OF_AREA[unit.service_area])
            person = self._employee(unit, job_role)
            if first and place == 0:
                self._account(person, f"deltagare.{district.code}", [])
            elif first and place == 7:
                # One or two in every hundred: enough to see that the masks hold.
                person.protected = True

    def _city(self) -> None:
        city = Organisation.objects.get(code=CITY)
        owner = Organisation.objects.get(code="socialforvaltningen")
        for key, first_name, last_name in CITY_ACCOUNTS:
            # The auditor, the steering group and the procured trainer are no employees.
            if key in ("revisor", "styrgrupp", "utbildare"):
                self._login(f"{key}@{DOMAIN}", first_name, last_name, [(key, city)])
                continue
            person = self._employee(owner, "", names=(first_name, last_name))
            self._account(person, key, [(key, city)])

    def _employee(
        self,
        unit: Organisation,
        job_role: str,
        *,
        is_manager: bool = False,
        names: tuple[str, str] | None = None,
    ) -> Person:
        drawn = self._draw()
        first_name, last_name = names or (drawn.first_name, drawn.last_name)
        person = Person(
            first_name=first_name,
            last_name=last_name,
            email=self._address(first_name, last_name),
            unit=unit,
            job_role=job_role,
            is_manager=is_manager,
            sex=drawn.sex,
        )
        self.persons.append(person)
        self.numbers.append(drawn.number)
        return person

    def _draw(self) -> _Drawn:
        chance = self.random.random()
        sex = Sex.WOMAN if chance < 0.78 else Sex.MAN if chance < 0.995 else Sex.NON_BINARY
        first = {Sex.WOMAN: "women", Sex.MAN: "men", Sex.NON_BINARY: "others"}[sex]
        return _Drawn(
            first_name=self.random.choice(self.names[first]),
            last_name=self.random.choice(self.names["surnames"]),
            sex=sex,
            number=self._number(sex),
        )

    def _number(self, sex: Sex) -> str:
        """A number that adds up, with one of the serials that nobody is given."""
        while True:
            born = datetime.date(1960, 1, 1) + datetime.timedelta(
                days=self.random.randrange(15_000)
            )
            odd = 1 if sex == Sex.MAN else 0
            serial = 980 + 2 * self.random.randrange(10) + odd
            number = with_check_digit(f"{born:%Y%m%d}{serial}")
            if number not in self.taken:
                self.taken.add(number)
                return number

    def _address(self, first_name: str, last_name: str) -> str:
        plain = f"{first_name}.{last_name}".lower().translate(str.maketrans("åäöéčćüñ", "aaoeccun"))
        address, again = f"{plain}@{DOMAIN}", 1
        while address in self.taken:
            again += 1
            address = f"{plain}{again}@{DOMAIN}"
        self.taken.add(address)
        return address

    def _account(self, person: Person, login: str, held: list[tuple[str, Organisation]]) -> None:
        person.email = f"{login}@{DOMAIN}"
        person.user = self._login(person.email, person.first_name, person.last_name, held)

    def _login(
        self, email: str, first_name: str, last_name: str, held: list[tuple[str, Organisation]]
    ) -> User:
        user = User(
            email=email,
            first_name=first_name,
            last_name=last_name,
            password=self.password,
            date_joined=timezone.now(),
        )
        self.accounts.append(user)
        self.grants += [(user, key, organisation) for key, organisation in held]
        return user

    def _write(self) -> None:
        User.objects.bulk_create(self.accounts)
        for person in self.persons:
            person.user = person.user  # takes over the key that the account has just received
        Person.objects.bulk_create(self.persons)
        Identity.objects.bulk_create(
            Identity(
                person=person,
                kind=Identity.Kind.PERSONNUMMER,
                ciphertext=identity.encrypt(person.pk, number),
                digest=identity.digest(number),
            )
            for person, number in zip(self.persons, self.numbers, strict=True)
        )
        RoleAssignment.objects.bulk_create(
            RoleAssignment(user=user, role_id=key, organisation=organisation, valid_from=SINCE)
            for user, key, organisation in self.grants
        )
        for user, key, _organisation in self.grants:
            if key == "kommunikator":
                groups.sync(user)


def add_employees(
    units: Sequence[tuple[Organisation, str, bool]], *, seed: str, password: str = "demo"
) -> list[Person]:
    """More invented people: one for each unit, job role and whether they are managers.

    Inside the caller's transaction and operation; the same seed draws the same people.
    """
    builder = _Newcomers(password, seed)
    for unit, job_role, is_manager in units:
        builder.add(unit, job_role, is_manager)
    builder.write()
    return builder.persons


def open_accounts(persons: Iterable[Person], *, seed: str, password: str = "demo") -> None:
    """Accounts for those employees who have none; inside the caller's operation."""
    builder = _Newcomers(password, seed)
    lacking = [person for person in persons if person.user_id is None]
    for person in lacking:
        person.user = builder.account_of(person)
    User.objects.bulk_create(builder.accounts, batch_size=CHUNK)
    for person in lacking:
        person.user = person.user  # takes over the key that the account has just received
    Person.objects.bulk_update(lacking, ["user"], batch_size=CHUNK)


class _Newcomers(_Builder):
    """People added to those whom every demo has: their addresses and numbers are avoided."""

    def __init__(self, password: str, seed: str) -> None:
        super().__init__(password, seed)
        self.taken |= set(Person.objects.values_list("email", flat=True))
        self.digests = set(Identity.objects.values_list("digest", flat=True))

    def add(self, unit: Organisation, job_role: str, is_manager: bool) -> None:
        """Draw someone who works there and has an account."""
        person = self._employee(unit, job_role, is_manager=is_manager)
        person.public_id = self._public_id()
        person.user = self.account_of(person)

    def account_of(self, person: Person) -> User:
        """An account without a role: a participant's."""
        user = self._login(person.email, person.first_name, person.last_name, [])
        user.public_id = self._public_id()
        return user

    def write(self) -> None:
        """Write everybody in a few statements."""
        self._write()

    def _public_id(self) -> str:
        return "".join(self.random.choice(ALPHABET) for _ in range(12))

    def _number(self, sex: Sex) -> str:
        while True:
            number = super()._number(sex)
            if identity.digest(number) not in self.digests:
                return number


def with_check_digit(eleven: str) -> str:
    """The eleven digits YYYYMMDDNNN and the digit that makes them add up."""
    total = 0
    for place, digit in enumerate(eleven[2:]):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return f"{eleven}{-total % 10}"
