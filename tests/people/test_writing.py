"""Accounts, roles, persons, organisations and texts: who may write them, and what stays."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Operation
from people import actions, organisations, privacy, queries
from people.access import NotAllowed, held_by
from people.models import Capability, Organisation, Person, RoleAssignment, User
from tests.people import builders

Tree = dict[str, Organisation]
MERGED = datetime.date(2026, 7, 1)


@pytest.fixture
def admin(tree: Tree) -> User:
    """Someone who grants roles in the whole city."""
    user = builders.account("admin")
    builders.holds(user, "admin", tree["city"], Capability.MANAGE_ACCOUNTS)
    return user


def test_a_granted_role_works_at_once_and_says_who_granted_it(tree: Tree, admin: User) -> None:
    chief = builders.account("chief")
    builders.role("chief", Capability.NOMINATE)
    assert not held_by(chief).can(Capability.NOMINATE)
    actions.assign_role(
        user=chief, role="chief", organisation=tree["unit"], actor=admin, reason="Ny chef"
    )
    assert held_by(chief).can(Capability.NOMINATE)
    noted = Operation.objects.get(name="role.assign")
    assert (noted.actor_id, noted.reason) == (f"user:{admin.pk}", "Ny chef")


def test_nobody_raises_their_own_rights(tree: Tree, admin: User) -> None:
    builders.role("auditor", Capability.AUDIT)
    with pytest.raises(actions.Refused):
        actions.assign_role(user=admin, role="auditor", organisation=tree["city"], actor=admin)
    with pytest.raises(actions.Refused):
        actions.end_role(assignment=admin.assignments.get(), actor=admin)
    with pytest.raises(actions.Refused):
        actions.deactivate_user(user=admin, actor=admin)
    assert held_by(admin).organisation_ids(Capability.AUDIT) == ()


def test_a_role_is_granted_only_where_the_grantor_may(tree: Tree) -> None:
    local = builders.account("local")
    builders.holds(local, "admin", tree["farsta"], Capability.MANAGE_ACCOUNTS)
    chief = builders.account("chief")
    builders.role("chief")
    actions.assign_role(user=chief, role="chief", organisation=tree["unit"], actor=local)
    for actor, place in ((local, "bromma"), (local, "city"), (chief, "unit")):
        with pytest.raises(NotAllowed):
            actions.assign_role(user=chief, role="chief", organisation=tree[place], actor=actor)
    assert chief.assignments.count() == 1


def test_without_the_guard_anybody_would_grant_roles(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("people.access.ensure", lambda *given: None)
    chief = builders.account("chief")
    builders.role("auditor", Capability.AUDIT)
    actions.assign_role(
        user=chief, role="auditor", organisation=tree["city"], actor=builders.account("nobody")
    )
    assert held_by(chief).can(Capability.AUDIT)


def test_the_same_role_is_not_granted_twice_at_a_time(tree: Tree, admin: User) -> None:
    chief = builders.account("chief")
    builders.role("chief")
    given: dict[str, Any] = {
        "user": chief,
        "role": "chief",
        "organisation": tree["unit"],
        "actor": admin,
    }
    actions.assign_role(**given, valid_to=timezone.localdate())
    with pytest.raises(actions.Refused):
        actions.assign_role(**given)
    actions.assign_role(**given, valid_from=timezone.localdate() + datetime.timedelta(days=1))
    assert chief.assignments.count() == 2


def test_an_ended_role_opens_nothing_from_the_same_day(tree: Tree, admin: User) -> None:
    chief = builders.account("chief")
    held = builders.holds(chief, "chief", tree["unit"], Capability.NOMINATE)
    fresh = builders.holds(
        chief, "other", tree["unit"], Capability.PLACE, since=timezone.localdate()
    )
    actions.end_role(assignment=held, actor=admin)
    actions.end_role(assignment=fresh, actor=admin)
    assert not held_by(User.objects.get(pk=chief.pk)).any()
    held.refresh_from_db()
    assert held.valid_to == timezone.localdate() - datetime.timedelta(days=1)
    assert not RoleAssignment.objects.filter(pk=fresh.pk).exists()
    assert RoleAssignment.history.filter(id=fresh.pk).count() == 2


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/logga-in/", {"login": user.email, "password": builders.PASSWORD})
    return client


def test_a_closed_account_is_out_at_the_next_click_and_stays_out(tree: Tree, admin: User) -> None:
    second = builders.account("second")
    builders.holds(second, "admin2", tree["city"], Capability.MANAGE_ACCOUNTS)
    client = _signed_in(second)
    assert client.get("/konton/").status_code == 200
    actions.deactivate_user(user=second, actor=admin, reason="Har slutat")
    assert client.get("/konton/").status_code == 302
    assert not RoleAssignment.objects.on(timezone.localdate()).filter(user_id=second.pk).exists()
    # Opened again, the old session is still dead.
    User.objects.filter(pk=second.pk).update(is_active=True)
    assert client.get("/konton/").status_code == 302


def test_a_role_that_ends_closes_the_page_at_the_next_click(tree: Tree, admin: User) -> None:
    second = builders.account("second")
    held = builders.holds(second, "admin2", tree["city"], Capability.MANAGE_ACCOUNTS)
    client = _signed_in(second)
    assert client.get("/konton/").status_code == 200
    actions.end_role(assignment=held, actor=admin)
    assert client.get("/konton/").status_code == 404


def test_an_account_is_deactivated_and_never_deleted(tree: Tree) -> None:
    user = builders.account("chief")
    with pytest.raises(Exception, match="never deleted"):
        user.delete()


def test_an_address_has_one_account(tree: Tree, admin: User) -> None:
    given: dict[str, Any] = {"first_name": "A", "last_name": "B", "actor": admin}
    user = actions.create_user(email="Ny@Example.org", **given)
    assert (user.email, user.has_usable_password()) == ("ny@example.org", False)
    with pytest.raises(actions.Refused):
        actions.create_user(email="NY@example.org", **given)
    with pytest.raises(NotAllowed):
        actions.create_user(email="x@example.org", first_name="A", last_name="B", actor=user)


def test_a_person_moves_and_the_history_keeps_where_from(tree: Tree, admin: User) -> None:
    asta = actions.create_person(
        first_name=" Asta ", last_name="Exempel", unit=tree["unit"], actor=admin
    )
    actions.move_person(person=asta, unit=tree["other_unit"], actor=admin)
    actions.update_person(person=asta, job_role="samordnare", actor=admin, reason="Rättat")
    assert [row.unit_id for row in Person.history.filter(id=asta.pk).order_by("history_id")] == [
        tree["unit"].pk,
        tree["other_unit"].pk,
        tree["other_unit"].pk,
    ]
    with pytest.raises(TypeError):
        actions.update_person(person=asta, actor=admin, user=admin)


def test_lineage_follows_a_move(tree: Tree) -> None:
    organisations.move_below(node=tree["department"], parent=tree["bromma"])
    unit = Organisation.objects.get(pk=tree["unit"].pk)
    assert unit.lineage == [
        tree["city"].pk,
        tree["bromma"].pk,
        tree["department"].pk,
        tree["unit"].pk,
    ]
    with pytest.raises(organisations.BadOrganisation):
        organisations.move_below(node=tree["department"], parent=unit)


def test_a_merged_district_is_answered_for_by_its_successor(tree: Tree) -> None:
    old_head, head = builders.account("old"), builders.account("head")
    builders.holds(old_head, "head", tree["farsta"], Capability.SEE_CASES)
    builders.holds(head, "head", tree["bromma"], Capability.SEE_CASES)
    builders.person(tree["farsta"], "Asta")
    actions.merge_organisations(
        predecessors=[tree["farsta"]], successor=tree["bromma"], on=MERGED, actor=None
    )
    farsta = Organisation.objects.get(pk=tree["farsta"].pk)
    eve = MERGED - datetime.timedelta(days=1)
    assert (farsta.valid_to, farsta.successor) == (eve, tree["bromma"])
    assert held_by(head).covers(Capability.SEE_CASES, farsta)
    found = queries.holders("head", Organisation.objects.get(pk=tree["unit"].pk), on=MERGED)
    assert [holder.user_id for holder in found] == [head.pk]
    assert not held_by(old_head, MERGED).any()
    assert held_by(old_head, eve).any()
    assert Person.objects.get(first_name="Asta").unit == tree["bromma"]
    with pytest.raises(organisations.BadOrganisation):
        organisations.merge_into(predecessors=[farsta], successor=farsta, on=MERGED)


def test_a_wrong_organisation_number_is_refused(tree: Tree) -> None:
    given: dict[str, Any] = {
        "parent": tree["city"],
        "name": "X",
        "kind": "unit",
        "valid_from": timezone.localdate(),
    }
    with pytest.raises(organisations.BadOrganisation):
        organisations.add(code="x", organisation_number="212000-0143", **given)
    good = organisations.add(code="y", organisation_number="2120000142", **given)
    assert good.organisation_number == "212000-0142"


def test_a_new_version_asks_for_a_new_receipt(tree: Tree) -> None:
    asta = builders.person(tree["unit"])
    first = actions.publish_notice(key="k", title="T", body="1", actor=None)
    for _time in range(2):
        actions.record_receipt(person=asta, version=first, channel="web", actor=None)
    assert privacy.receipt_of(asta, "k") == asta.receipts.get()
    second = actions.publish_notice(key="k", title="T", body="2", actor=None)
    assert (second.number, privacy.current("k")) == (2, second)
    assert privacy.receipt_of(asta, "k") is None
    assert privacy.current("unheard-of") is None
