"""Held roles and holders: found upwards, ended by date, asked in few queries."""

import datetime
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import queries
from people.access import actor_of, below, forget, held_by
from people.display import email_of, name_of
from people.models import Capability, Organisation, Person
from tests.people import builders

Tree = dict[str, Organisation]


def queries_of(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_a_capability_counts_where_it_is_held_and_below(tree: Tree) -> None:
    head = builders.account("head")
    builders.holds(head, "head", tree["farsta"], Capability.SEE_CASES)
    held = held_by(head)
    assert held.can(Capability.SEE_CASES)
    assert not held.can(Capability.AUDIT)
    assert held.organisation_ids(Capability.SEE_CASES) == (tree["farsta"].pk,)
    assert held.roles == (("head", tree["farsta"].pk, "Farsta"),)
    for place in ("farsta", "department", "unit"):
        assert held.covers(Capability.SEE_CASES, tree[place]), place
    for place in ("city", "bromma"):
        assert not held.covers(Capability.SEE_CASES, tree[place]), place


def test_roles_count_from_their_first_day_to_their_last(tree: Tree) -> None:
    chief = builders.account("chief")
    day = datetime.date(2026, 5, 10)
    builders.holds(chief, "chief", tree["unit"], Capability.NOMINATE, since=day, until=day)
    answers = [
        held_by(chief, day + datetime.timedelta(days=shift)).can(Capability.NOMINATE)
        for shift in (-1, 0, 1)
    ]
    assert answers == [False, True, False]


def test_nobody_and_the_closed_hold_nothing(tree: Tree) -> None:
    closed = builders.account("closed", is_active=False)
    builders.holds(closed, "chief", tree["unit"], Capability.NOMINATE)
    technician = builders.account("technician", is_superuser=True)
    for user in (None, AnonymousUser(), closed, technician):
        assert not held_by(user).any()


def test_what_is_held_today_costs_one_query_however_often_it_is_asked(tree: Tree) -> None:
    chief = builders.account("chief")
    for place in ("unit", "farsta", "bromma"):
        builders.holds(chief, "chief", tree[place], Capability.NOMINATE)
    assert queries_of(lambda: [held_by(chief).roles for _time in range(5)]) == 1
    forget(chief)
    assert queries_of(lambda: held_by(chief)) == 1


def test_below_finds_rows_under_what_is_held_and_nothing_without_it(tree: Tree) -> None:
    chief = builders.account("chief")
    builders.holds(chief, "chief", tree["department"], Capability.NOMINATE)
    inside = builders.person(tree["unit"])
    builders.person(tree["bromma"], "Boel")
    found = Person.objects.filter(below(chief, Capability.NOMINATE, "unit"))
    assert list(found) == [inside]
    assert set(Organisation.objects.filter(below(chief, Capability.NOMINATE, ""))) == {
        tree["department"],
        tree["unit"],
        tree["other_unit"],
    }
    assert not Person.objects.filter(below(chief, Capability.AUDIT, "unit")).exists()
    assert not Person.objects.filter(below(None, Capability.AUDIT, "unit")).exists()


def test_the_nearest_level_upwards_answers(tree: Tree) -> None:
    near, far, top = (builders.account(name) for name in ("near", "far", "top"))
    builders.holds(near, "chief", tree["department"])
    builders.holds(far, "chief", tree["farsta"])
    builders.holds(top, "chief", tree["city"])

    def ids(place: str, *without: int) -> list[int]:
        found = queries.holders(
            "chief", tree[place], on=timezone.localdate(), excluding=frozenset(without)
        )
        return [holder.user_id for holder in found]

    assert ids("unit") == [near.pk]
    assert ids("unit", near.pk) == [far.pk]
    assert ids("unit", near.pk, far.pk) == [top.pk]
    assert ids("unit", near.pk, far.pk, top.pk) == []
    assert ids("bromma") == [top.pk]
    assert queries.holders("unheard-of", tree["unit"], on=timezone.localdate()) == []


def test_a_role_that_has_ended_hands_over_to_the_level_above(tree: Tree) -> None:
    near, far = builders.account("near"), builders.account("far")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    builders.holds(near, "chief", tree["unit"], until=yesterday)
    builders.holds(far, "chief", tree["farsta"])
    assert [h.user_id for h in queries.holders("chief", tree["unit"], on=timezone.localdate())] == [
        far.pk
    ]
    assert [h.user_id for h in queries.holders("chief", tree["unit"], on=yesterday)] == [near.pk]


def test_two_who_share_a_level_both_answer(tree: Tree) -> None:
    pair = [builders.account("anna"), builders.account("bo")]
    for user in pair:
        builders.holds(user, "chief", tree["unit"])
    found = queries.holders("chief", tree["unit"], on=timezone.localdate())
    assert [holder.name for holder in found] == ["Anna Exempel", "Bo Exempel"]


def test_holders_cost_the_same_for_one_and_for_many(tree: Tree) -> None:
    builders.holds(builders.account("top"), "chief", tree["city"])
    places = list(tree.values())

    def ask(count: int) -> None:
        queries.holders_for_many(
            [("chief", place) for place in places[:count]], on=timezone.localdate()
        )

    assert queries_of(lambda: ask(1)) == queries_of(lambda: ask(6)) == 1


def test_the_inbox_holds_what_no_nearer_holder_answers_for(tree: Tree) -> None:
    head, chief = builders.account("head"), builders.account("chief")
    builders.holds(head, "chief", tree["farsta"])
    builders.holds(chief, "chief", tree["unit"])
    assert queries.responsibility(chief, timezone.localdate()) == [("chief", [tree["unit"].pk])]
    expected = sorted(tree[place].pk for place in ("farsta", "department", "other_unit"))
    assert queries.responsibility(head, timezone.localdate()) == [("chief", expected)]
    assert queries.responsibility(builders.account("nobody"), timezone.localdate()) == []


def test_responsibility_says_the_same_as_holders(tree: Tree) -> None:
    for place in ("city", "farsta", "unit"):
        builders.holds(builders.account(f"at-{place}"), "chief", tree[place])
    for node in tree.values():
        for holder in queries.holders("chief", node, on=timezone.localdate()):
            from_holders = holder.user_id
            user = next(
                a.user for a in tree[_place(tree, holder)].assignments.select_related("user")
            )
            assert user.pk == from_holders
            assert node.pk in dict(queries.responsibility(user, timezone.localdate()))["chief"]


def _place(tree: Tree, holder: queries.Holder) -> str:
    return next(name for name, node in tree.items() if node.pk == holder.organisation_id)


def test_a_district_without_a_holder_is_missed(tree: Tree) -> None:
    assert set(queries.missing_holders("chief", timezone.localdate())) == {
        tree["farsta"],
        tree["bromma"],
    }
    builders.holds(builders.account("low"), "chief", tree["unit"])
    assert queries.missing_holders("chief", timezone.localdate()) == [tree["bromma"]]
    builders.holds(builders.account("top"), "chief", tree["city"])
    assert queries.missing_holders("chief", timezone.localdate()) == []


def test_a_protected_person_is_named_to_few(tree: Tree) -> None:
    own = builders.account("own")
    hidden = builders.person(
        tree["unit"], "Hemliga", protected=True, user=own, email="hemliga@example.org"
    )
    chief, neighbour = builders.account("chief"), builders.account("neighbour")
    builders.holds(chief, "chief", tree["unit"], Capability.SEE_PROTECTED)
    builders.holds(neighbour, "chief", tree["other_unit"])
    for viewer in (own, chief):
        assert name_of(hidden, viewer) == "Hemliga Exempel"
    for stranger in (None, AnonymousUser(), neighbour, builders.account("other")):
        assert "Hemliga" not in name_of(hidden, stranger)
        assert email_of(hidden, stranger) == ""
    assert "Hemliga" not in f"{hidden} {hidden!r}"
    # Without the mark everybody may know who it is: the mark is what hides.
    hidden.protected = False
    assert name_of(hidden, None) == "Hemliga Exempel"


def test_naming_a_list_costs_nothing_a_row(tree: Tree) -> None:
    viewer = builders.account("viewer")
    builders.holds(viewer, "chief", tree["farsta"], Capability.SEE_PROTECTED)
    for number in range(30):
        builders.person(tree["unit"], f"P{number}", protected=number % 2 == 0)

    def names(count: int) -> None:
        rows = Person.objects.select_related("unit")[:count]
        assert len([name_of(row, viewer) for row in rows]) == count

    names(1)
    assert queries_of(lambda: names(2)) == queries_of(lambda: names(30)) == 1


def test_the_actor_is_a_stable_id_and_a_name(tree: Tree) -> None:
    user = builders.account("anna")
    assert (actor_of(user).id, actor_of(user).name) == (f"user:{user.pk}", "Anna Exempel")
