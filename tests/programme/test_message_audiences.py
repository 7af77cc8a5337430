"""Whom staff can write to: those expected, silent, missing and there; protected persons unnamed."""

from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from people.models import Organisation, Person, User
from programme.message_audiences import moments, writing_to
from programme.models import Attendance, Invitation, Occasion, Segment
from tests.clients import signed_in
from tests.programme.builders import account
from tests.programme.occasions.builders import Scene, at, build_scene, occasion_in
from workflows.mailing.audiences import Reader, audience_named


@pytest.fixture
def scene(db: None) -> Scene:
    return build_scene()


@pytest.fixture
def occasion(scene: Scene) -> Occasion:
    """Three expected: one has answered, two have not."""
    made = occasion_in(scene, 3)
    with transaction.atomic(), operation("test.answer"):
        first = made.invitations.order_by("pk")[0]
        Invitation.objects.filter(pk=first.pk).update(answer=Invitation.Answer.COMING)
    return made


def readers(key: str, occasion: Occasion, viewer: User | None = None) -> list[Reader]:
    audience = audience_named(key)
    assert audience is not None
    return list(audience.readers(occasion.public_id, viewer))


def accounts(key: str, occasion: Occasion) -> set[int]:
    return {one.user_id for one in readers(key, occasion)}


def account_of(person: Person) -> int:
    assert person.user_id is not None
    return person.user_id


def expected(scene: Scene) -> list[int]:
    return [account_of(one.person) for one in scene.members]


def test_all_expected_are_readers(scene: Scene, occasion: Occasion) -> None:
    assert accounts("occasion_expected", occasion) == set(expected(scene))


def test_only_the_silent_have_not_answered(scene: Scene, occasion: Occasion) -> None:
    assert accounts("occasion_no_answer", occasion) == set(expected(scene)[1:])


def test_a_mark_or_a_check_in_is_being_there(scene: Scene, occasion: Occasion) -> None:
    first, second, third = (one.person for one in scene.members)
    with transaction.atomic(), operation("test.there"):
        Attendance.objects.create(occasion=occasion, person=first, mark=Attendance.Mark.PRESENT)
        Attendance.objects.create(occasion=occasion, person=third, mark=Attendance.Mark.ABSENT)
        Segment.objects.create(
            occasion=occasion, person=second, began_at=occasion.starts_at, source="screen"
        )
    assert accounts("occasion_there", occasion) == {first.user_id, second.user_id}
    assert accounts("occasion_not_checked_in", occasion) == {third.user_id}


def test_a_voided_check_in_is_not(scene: Scene, occasion: Occasion) -> None:
    first = scene.members[0].person
    with transaction.atomic(), operation("test.there"):
        Segment.objects.create(
            occasion=occasion,
            person=first,
            began_at=occasion.starts_at,
            source="screen",
            voided_at=timezone.now(),
        )
    assert accounts("occasion_there", occasion) == set()


def test_the_withdrawn_and_the_cancelled_reach_nobody(scene: Scene, occasion: Occasion) -> None:
    with transaction.atomic(), operation("test.withdraw"):
        row = occasion.invitations.order_by("pk")[0]
        Invitation.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    assert accounts("occasion_expected", occasion) == set(expected(scene)[1:])
    with transaction.atomic(), operation("test.cancel"):
        Occasion.objects.filter(pk=occasion.pk).update(state=Occasion.State.CANCELLED)
    assert accounts("occasion_expected", occasion) == set()


def test_a_protected_reader_is_told_only_when(scene: Scene, occasion: Occasion) -> None:
    person = scene.members[0].person
    with transaction.atomic(), operation("test.protect"):
        Person.objects.filter(pk=person.pk).update(protected=True)
    found = {one.user_id: one for one in readers("occasion_expected", occasion, scene.trainer)}
    protected = found[account_of(person)]
    assert set(protected.values) == {"day", "when"}
    assert person.last_name not in protected.name
    other = found[account_of(scene.members[1].person)]
    assert other.values["title"] == occasion.title


def test_the_clock_finds_what_stands(scene: Scene, occasion: Occasion) -> None:
    window = (at(2), at(4))
    assert [one.key for one in moments(*window, [])] == [occasion.public_id]
    assert [one.key for one in moments(*window, ["training"])] == [occasion.public_id]
    assert list(moments(*window, ["event"])) == []
    assert list(moments(at(5), at(6), [])) == []


def staff(scene: Scene, role: str) -> User:
    """Somebody with the role for the whole city."""
    with transaction.atomic(), operation("test.account"):
        city = Organisation.objects.get(pk=scene.world.farsta.lineage[0])
        return account(f"{role}.skriver", role, city)


def page_of(occasion: Occasion) -> str:
    return reverse("occasions:occasion", args=[occasion.public_id])


def link_to(audience: str, key: str) -> str:
    return f"{reverse('workflows:mailing_new')}?{urlencode({'readers': f'{audience}:{key}'})}"


def test_the_pages_lead_to_writing_with_the_readers_chosen(
    scene: Scene, occasion: Occasion
) -> None:
    group = occasion.group
    assert group is not None
    client = signed_in(staff(scene, "projektledare"))
    for page, wanted in (
        (page_of(occasion), link_to("occasion_expected", occasion.public_id)),
        (reverse("groups:group", args=[group.public_id]), link_to("group", group.public_id)),
    ):
        assert f'href="{wanted}"' in client.get(page).content.decode()
        # Where it leads, the readers are chosen and the words remain.
        assert 'name="subject"' in client.get(wanted).content.decode()


def test_whoever_does_not_write_to_many_gets_no_link(scene: Scene, occasion: Occasion) -> None:
    other = staff(scene, "revisor")
    with CaptureQueriesContext(connection) as queries:
        assert writing_to(other, "occasion_expected", occasion.public_id) == ""
    # Whose roles are read; what they could have chosen is not.
    assert not [one for one in queries if "programme_occasion" in one["sql"]]
    page = signed_in(other).get(page_of(occasion))
    assert reverse("workflows:mailing_new") not in page.content.decode()


def test_a_cancelled_occasion_has_no_readers_to_write_to(scene: Scene, occasion: Occasion) -> None:
    leader = staff(scene, "projektledare")
    assert writing_to(leader, "occasion_expected", occasion.public_id)
    with transaction.atomic(), operation("test.cancel"):
        Occasion.objects.update(state=Occasion.State.CANCELLED)
    assert writing_to(leader, "occasion_expected", occasion.public_id) == ""
