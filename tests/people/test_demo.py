"""What is loaded: the ground, and invented people, the same every time."""

import time

import pytest

from people import demo, setup
from people.access import held_by
from people.identity import decrypt, parse
from people.models import Capability, Identity, NoticeVersion, Organisation, Person, Role, User

DISTRICTS = 11


def load() -> None:
    setup.load_organisations()
    setup.load_roles()
    setup.load_notices()
    demo.build_people()


@pytest.fixture
def loaded(operation: None) -> None:
    """Everything that the demo shows of this room."""
    load()


def test_the_organisations_are_those_of_the_programme(loaded: None) -> None:
    now = Organisation.objects.filter(valid_to__isnull=True)
    assert now.filter(kind=Organisation.Kind.DISTRICT).count() == DISTRICTS
    assert now.filter(kind=Organisation.Kind.CITY_WIDE).count() == 2
    city = Organisation.objects.get(code=setup.CITY)
    assert city.organisation_number == "212000-0142"
    merged = Organisation.objects.filter(successor__isnull=False)
    assert {(node.short_name, node.successor.code) for node in merged if node.successor} == {
        ("Norrmalm", "norra-innerstaden"),
        ("Östermalm", "norra-innerstaden"),
        ("Rinkeby-Kista", "jarva"),
        ("Spånga-Tensta", "jarva"),
    }
    assert {str(node.valid_to) for node in merged} == {"2023-06-30"}
    for node in Organisation.objects.exclude(pk=city.pk).filter(successor__isnull=True):
        assert node.parent is not None
        assert node.lineage == [*node.parent.lineage, node.pk]


def test_loading_again_adds_nothing_and_takes_a_moment(loaded: None) -> None:
    before = [model.objects.count() for model in (Organisation, Person, User, Role, NoticeVersion)]
    began = time.monotonic()
    load()
    assert time.monotonic() - began < 5
    after = [model.objects.count() for model in (Organisation, Person, User, Role, NoticeVersion)]
    assert before == after


def test_a_role_that_staff_have_changed_is_left_alone(loaded: None) -> None:
    Role.objects.filter(key="ekonom").update(name="Ekonom i projektet")
    setup.load_roles()
    assert Role.objects.get(key="ekonom").name == "Ekonom i projektet"


def test_every_demo_account_is_there_with_its_role(loaded: None) -> None:
    for key in ("projektledare", "administrator", "ekonom", "kommunikator", "revisor", "styrgrupp"):
        held = held_by(User.objects.get(email=f"{key}@example.org"))
        assert [(role, name) for role, _id, name in held.roles] == [(key, "Stockholms kommun")]
    for district in Organisation.objects.filter(
        kind=Organisation.Kind.DISTRICT, valid_to__isnull=True
    ):
        head = User.objects.get(email=f"avdelningschef.{district.code}@example.org")
        chief = User.objects.get(email=f"chef.{district.code}@example.org")
        participant = User.objects.get(email=f"deltagare.{district.code}@example.org")
        assert held_by(head).organisation_ids(Capability.NOMINATE) == (district.pk,)
        assert held_by(chief).organisation_ids(Capability.NOMINATE) == (chief.person.unit_id,)
        assert participant.person.unit_id == chief.person.unit_id
        assert not held_by(participant).any()
        assert head.check_password("demo")
        nominees = Person.objects.filter(unit=chief.person.unit, is_manager=False)
        assert nominees.count() >= 12
        assert not participant.person.protected


def test_the_people_look_like_the_workforce(loaded: None) -> None:
    everybody = Person.objects.all()
    assert 700 <= everybody.count() <= 1000
    women = everybody.filter(sex="woman").count() / everybody.count()
    assert 0.74 <= women <= 0.82
    assert 5 <= everybody.filter(protected=True).count() <= 20
    roles = set(everybody.exclude(job_role="").values_list("job_role", flat=True))
    assert roles <= set(setup.facts()["job_roles"])
    areas = set(
        Organisation.objects.exclude(service_area="").values_list("service_area", flat=True)
    )
    assert areas == set(setup.facts()["service_areas"])
    assert not everybody.filter(email="").exists()


def test_the_numbers_add_up_and_belong_to_nobody(loaded: None) -> None:
    stored = Identity.objects.all()
    assert stored.count() == Person.objects.count()
    for row in stored[:50]:
        number = decrypt(row)
        assert parse(number).number12 == number
        assert 980 <= int(number[8:11]) <= 999


def test_the_demo_is_the_same_every_time(loaded: None) -> None:
    first = Person.objects.order_by("pk").values_list("first_name", "last_name", "email")[:5]
    builder = demo._Builder("demo")
    district = Organisation.objects.get(code="bromma")
    again = [builder._draw() for _time in range(3)]
    fresh = demo._Builder("demo")
    assert [fresh._draw() for _time in range(3)] == again
    assert len(set(first)) == 5
    assert district.name == "Bromma stadsdelsförvaltning"


def test_the_notice_says_what_it_must(loaded: None) -> None:
    text = NoticeVersion.objects.get(notice__key="tidsredovisning").body
    for word in (
        "Europeiska socialfonden",
        "Statistiska centralbyrån",
        "ESF-rådet",
        "personnummer",
        "artikel 6.1",
        "2018:218",
        "fem år",
        "Integritetsskyddsmyndigheten",
        "skyddade personuppgifter",
    ):
        assert word in text, word
