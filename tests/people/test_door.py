"""The editor's door and the accounts' pages: open to a few, a page to the rest."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from people import actions, setup
from people.models import Capability, Organisation, RoleAssignment, User
from tests.clients import signed_in
from tests.people import builders

Tree = dict[str, Organisation]


@pytest.mark.parametrize("capability", [Capability.MANAGE_CONTENT, Capability.MANAGE_DEFINITIONS])
def test_content_and_definitions_open_the_editor(tree: Tree, capability: Capability) -> None:
    user = builders.account("editor")
    builders.holds(user, "editor", tree["city"], capability)
    assert signed_in(user).get("/cms/").status_code == 200


def test_everybody_else_gets_a_page_and_not_a_loop(tree: Tree) -> None:
    for capability in set(Capability) - {
        Capability.MANAGE_CONTENT,
        Capability.APPROVE_CONTENT,
        Capability.MANAGE_DEFINITIONS,
    }:
        user = builders.account(f"u-{capability}".replace("_", "-"))
        builders.holds(user, f"r-{capability}".replace("_", "-"), tree["city"], capability)
        for path in ("/cms/", "/cms/pages/", "/cms/account/", "/cms/api/main/pages/"):
            assert signed_in(user).get(path).status_code == 403, (capability, path)


def test_strangers_are_sent_to_sign_in(tree: Tree) -> None:
    assert Client().get("/cms/")["Location"] == "/logga-in/?next=/cms/"


def test_without_the_door_there_would_be_a_loop(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("people.middleware.DoorMiddleware.process_view", lambda *given: None)
    client = signed_in(builders.account("anybody"))
    first = client.get("/cms/")
    assert first["Location"] == "/logga-in/?next=/cms/"
    assert client.get(first["Location"])["Location"] == "/cms/"


def test_the_editor_closes_with_the_role(tree: Tree) -> None:
    setup.load_roles()
    user = builders.account("kommunikator")
    held = actions.assign_role(
        user=user, role="kommunikator", organisation=tree["city"], actor=None
    )
    client = signed_in(user)
    assert client.get("/cms/").status_code == 200
    root = Page.get_first_root_node()
    assert root.permissions_for_user(user).can_add_subpage()
    # Running out by itself, with nobody to take the account out of any group.
    RoleAssignment.objects.filter(pk=held.pk).update(
        valid_from=datetime.date(2025, 1, 1), valid_to=datetime.date(2025, 2, 1)
    )
    assert client.get("/cms/").status_code == 403
    held.refresh_from_db()
    actions.end_role(assignment=held, actor=None, on=datetime.date(2025, 1, 1))
    assert not user.groups.exists()


def test_editing_content_opens_no_definitions_and_no_accounts(tree: Tree) -> None:
    user = builders.account("editor")
    builders.holds(user, "editor", tree["city"], Capability.MANAGE_CONTENT)
    for permission in (
        "forms_app.change_formdefinition",
        "workflows.change_workflowdefinition",
        "people.change_user",
        "auth.change_group",
    ):
        assert not user.has_perm(permission), permission
    builder = builders.account("builder")
    builders.holds(builder, "builder", tree["city"], Capability.MANAGE_DEFINITIONS)
    assert builder.has_perm("forms_app.change_formdefinition")
    assert builder.has_perm("workflows.publish_workflowdefinition")
    assert not builder.has_perm("people.change_user")


@pytest.fixture
def admin(tree: Tree) -> User:
    """Someone who grants roles."""
    user = builders.account("admin")
    builders.holds(user, "admin", tree["city"], Capability.MANAGE_ACCOUNTS)
    return user


def test_account_pages_exist_for_administrators_alone(tree: Tree, admin: User) -> None:
    chief = builders.account("chief")
    held = builders.holds(chief, "chief", tree["unit"], Capability.MANAGE_PROGRAMME)
    paths = [
        "/konton/",
        "/konton/?q=chief",
        "/konton/nytt/",
        f"/konton/{chief.public_id}/",
        f"/konton/{chief.public_id}/stang/",
        f"/konton/roller/{held.public_id}/avsluta/",
    ]
    for path in paths:
        assert signed_in(admin).get(path).status_code == 200, path
        assert signed_in(chief).get(path).status_code == 404, path
        assert Client().get(path).status_code == 302, path
    grant = f"/konton/{chief.public_id}/roll/"
    given = {
        "role": "admin",
        "organisation": tree["city"].pk,
        "valid_from": timezone.localdate().isoformat(),
        "reason": "x",
    }
    assert signed_in(chief).post(grant, given).status_code == 404
    assert chief.assignments.count() == 1
    assert signed_in(admin).post(grant, given).status_code == 302
    assert chief.assignments.count() == 2


def test_an_administrator_opens_grants_ends_and_closes(tree: Tree, admin: User) -> None:
    client = signed_in(admin)
    builders.role("chief", Capability.NOMINATE)
    client.post(
        "/konton/nytt/", {"email": "ny@example.org", "first_name": "Ny", "last_name": "Chef"}
    )
    user = User.objects.get(email="ny@example.org")
    again = client.post(
        "/konton/nytt/", {"email": "ny@example.org", "first_name": "Ny", "last_name": "Chef"}
    )
    assert again.status_code == 422
    page = f"/konton/{user.public_id}/"
    assert client.post(f"{page}roll/", {"role": "chief"}).status_code == 422
    given = {
        "role": "chief",
        "organisation": tree["unit"].pk,
        "valid_from": timezone.localdate().isoformat(),
        "reason": "Ny chef",
    }
    assert client.post(f"{page}roll/", given).status_code == 302
    assert client.post(f"{page}roll/", given).status_code == 422
    held = user.assignments.get()
    ending = f"/konton/roller/{held.public_id}/avsluta/"
    assert client.post(ending, {}).status_code == 422
    assert client.post(ending, {"reason": "Fel enhet"}).status_code == 302
    assert not user.assignments.exists()
    assert client.post(f"{page}stang/", {"reason": "Slutat"}).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    own = client.post(f"/konton/{admin.public_id}/roll/", given)
    assert own.status_code == 422
    assert client.post(f"/konton/{admin.public_id}/stang/", {"reason": "x"}).status_code == 422


def test_the_list_costs_the_same_for_few_and_for_many(tree: Tree, admin: User) -> None:
    client = signed_in(admin)

    def visit() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/konton/").status_code == 200
        return len(asked)

    visit()
    few = visit()
    for number in range(22):
        user = builders.account(f"u{number}")
        builders.holds(user, "chief", tree["unit"])
        builders.holds(user, "head", tree["farsta"])
    assert visit() == few
