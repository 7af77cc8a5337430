"""``manage.py set_up``: an empty installation begins, and one that is in use is left alone."""

import datetime
import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page, PageLogEntry, Site

from audit.models import InboxEvent, Operation
from audit.operations import operation
from cms.models import HomePage, NewsPage, ResultPage, StandardPage
from people.access import held_by
from people.models import Capability, Organisation, Person, Role, RoleAssignment, User
from people.setup import CITY
from programme.case_types.access import startable_type
from programme.models import (
    CaseType,
    LeavingReason,
    Module,
    Nomination,
    NominationKind,
    Programme,
    Register,
    Wave,
)
from tests.people import builders
from workflows.actions import retire_workflow
from workflows.models import WorkflowDefinition, WorkflowVersion

pytestmark = pytest.mark.django_db
ANNA = ("--email", "anna@stockholm.example", "--first-name", "Anna", "--last-name", "Berg")
PASSWORD = "fyra ord utan samband"


def run(*options: str) -> str:
    said = StringIO()
    call_command("set_up", *options, stdout=said)
    return said.getvalue()


def anna() -> User:
    return User.objects.get(email="anna@stockholm.example")


def link_in(said: str) -> str:
    found = re.search(r"^http://localhost:8000(/\S+)$", said, re.MULTILINE)
    assert found is not None
    return found[1]


def rows() -> tuple[int, ...]:
    """What a refusal may not change."""
    tables: tuple[Any, ...] = (Organisation, Role, User, Programme, Page, InboxEvent, Operation)
    return tuple(table.objects.count() for table in tables)


def choose_password(address: str) -> None:
    client = Client()
    form = client.get(address, follow=True)
    where = form.redirect_chain[-1][0]
    answer = client.post(where, {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302


def test_the_administrator_chooses_a_password_and_holds_the_role() -> None:
    said = run(*ANNA)
    assert not anna().has_usable_password()
    choose_password(link_in(said))
    client = Client()
    given = {"login": "anna@stockholm.example", "password": PASSWORD}
    assert client.post("/logga-in/", given)["Location"] == "/arbete/"
    for path in ("/konton/", "/arbete/", "/omgangar/", "/cms/", "/arbete/driftkontroll/"):
        assert client.get(path).status_code == 200, path
    held = RoleAssignment.objects.get()
    assert (held.role_id, held.organisation.code) == ("administrator", CITY)
    assert held_by(anna()).can(Capability.MANAGE_ACCOUNTS)


def test_the_link_says_until_when_it_can_be_used(settings: Settings) -> None:
    settings.PASSWORD_RESET_TIMEOUT = 3600
    said = run(*ANNA)
    until = timezone.localtime(timezone.now() + datetime.timedelta(hours=1))
    assert f"until {until:%Y-%m-%d %H:}" in said


def test_the_page_of_the_second_step_says_that_it_is_needed(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    run(*ANNA)
    client = Client()
    client.force_login(anna(), "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/konton/", follow=True)
    words = "Den som har en roll loggar in i två steg här"
    assert page.redirect_chain[-1][0] == "/konto/tvasteg/"
    assert words in page.content.decode()
    Authenticator.objects.create(user=anna(), type=Authenticator.Type.TOTP, data={})
    assert words not in client.get("/konto/tvasteg/").content.decode()


def test_what_an_installation_begins_with_is_published_and_can_be_used() -> None:
    run(*ANNA)
    programme = Programme.objects.get()
    assert programme.kinds.count() >= 3
    for kind in NominationKind.objects.select_related("form", "workflow"):
        assert kind.form.versions.exists()
        assert kind.workflow.versions.filter(retired_at=None).exists()
    assert not WorkflowDefinition.objects.exclude(versions__retired_at=None).exists()
    assert programme.courses.exists()
    assert programme.leaving_reasons.exists()
    assert Register.objects.exists()
    assert CaseType.objects.get().in_use
    assert startable_type(anna(), "kostnad") is not None
    assert {version.published_by_name for version in WorkflowVersion.objects.all()} == {"Anna Berg"}
    assert Client().get("/").status_code == 200


def test_nothing_is_invented() -> None:
    run(*ANNA)
    assert not Person.objects.exists()
    assert list(User.objects.all()) == [anna()]
    assert not Nomination.objects.exists()
    # Which districts go first, when and with how many places is for the project to decide.
    assert not Wave.objects.exists()
    # Nothing has happened yet that there could be news of.
    assert not NewsPage.objects.exists()
    assert not ResultPage.objects.exists()


def test_the_history_says_that_the_installation_did_it_and_why() -> None:
    run(*ANNA)
    granted = Operation.objects.get(name="role.assign")
    assert (granted.actor_id, granted.channel) == ("installation", "command")
    assert granted.reason
    laid = Operation.objects.filter(name="installation.set_up")
    assert laid.exists()
    assert not laid.filter(reason="").exists()


def test_a_second_run_writes_nothing() -> None:
    run(*ANNA)
    before = rows()
    said = run()
    assert rows() == before
    assert said.count("nothing missing") == 6


def test_a_second_run_adds_what_an_upgrade_brought_and_leaves_what_staff_have_changed() -> None:
    run(*ANNA)
    with operation("test.staff"):
        Role.objects.filter(key="styrgrupp").update(name="Ledamot")
        NominationKind.objects.filter(key="chef").update(name="Chefer")
        LeavingReason.objects.filter(order=1).update(name="Egna ord")
        module = Module.objects.order_by("order").first()
        assert module is not None
        module.units.clear()
        module.delete()
        retired = WorkflowDefinition.objects.get(key="anmalan-till-forelasning")
        retire_workflow(definition=retired, actor=anna(), reason="Vi godkänner ingen.")
        StandardPage.objects.get(slug="tidslinje").delete()
        home = HomePage.objects.get(locale__language_code="sv")
        home.hero_title = "Våra egna ord"
        home.save_revision().publish()
        CaseType.objects.update(in_use=False)
        # What a later version of the portal would bring.
        Role.objects.filter(key="hogre_chef").delete()
        Page.objects.get(slug="sok").delete()
        forget_page("sok")
    before = rows()
    run()
    assert Role.objects.get(key="styrgrupp").name == "Ledamot"
    assert NominationKind.objects.get(key="chef").name == "Chefer"
    assert LeavingReason.objects.filter(name="Egna ord").exists()
    assert not Module.objects.filter(key=module.key).exists()
    assert not retired.versions.filter(retired_at=None).exists()
    assert not Page.objects.filter(slug="tidslinje").exists()
    assert HomePage.objects.get(locale__language_code="sv").hero_title == "Våra egna ord"
    assert not CaseType.objects.get().in_use
    assert Role.objects.filter(key="hogre_chef").exists()
    assert Page.objects.filter(slug="sok").exists()
    after = rows()
    # The role, the page, and its line in Wagtail's log.
    assert [new - old for old, new in zip(before, after, strict=True)][:5] == [0, 1, 0, 0, 1]


def forget_page(slug: str) -> None:
    """As if the page had never been laid."""
    PageLogEntry.objects.filter(data__laid=slug).delete()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "--email X --first-name A --last-name B"),
        (("--email", "anna"), "E-mail address: Enter a valid email address."),
        (("--email", "anna@stockholm.example", "--first-name", "Anna"), "Last name"),
    ],
)
def test_a_refusal_says_why_and_writes_nothing(options: tuple[str, ...], words: str) -> None:
    before = rows()
    with pytest.raises(CommandError, match="Nothing was written") as refusal:
        run(*options)
    assert words in str(refusal.value)
    assert rows() == before


def test_there_is_one_first_administrator() -> None:
    run(*ANNA)
    before = rows()
    with pytest.raises(CommandError, match=r"Anna Berg administers.*/konton/"):
        run("--email", "bo@stockholm.example", "--first-name", "Bo", "--last-name", "Ek")
    assert rows() == before


def test_an_address_that_somebody_has_is_refused() -> None:
    with operation("test.account"):
        builders.account("anna")
    before = rows()
    with pytest.raises(CommandError, match="already an account"):
        run("--email", "Anna@example.org", "--first-name", "Anna", "--last-name", "Berg")
    assert rows() == before


def test_a_dry_run_says_what_would_be_added_and_adds_nothing() -> None:
    before = rows()
    said = run(*ANNA, "--dry-run")
    assert re.search(r"organisations: \d+ rows would be written", said)
    assert "http" not in said
    assert rows() == before


def test_a_new_link_as_long_as_no_password_is_chosen() -> None:
    run(*ANNA)
    again = run()
    choose_password(link_in(again))
    assert "http" not in run()


@pytest.mark.parametrize(
    ("base", "root"),
    [
        ("https://portal.example.org", "https://portal.example.org"),
        ("http://portal.example.org/", "http://portal.example.org"),
        ("http://localhost:8033", "http://localhost:8033"),
    ],
)
def test_the_site_has_the_address_of_the_settings(settings: Settings, base: str, root: str) -> None:
    run(*ANNA)
    settings.WAGTAILADMIN_BASE_URL = base
    run()
    assert Site.objects.get().root_url == root
    html = Client().get("/om-projektet/").content.decode()
    assert f'rel="canonical" href="{root}/om-projektet/"' in html
    assert f'hreflang="en" href="{root}/en/about-the-project/"' in html


@pytest.mark.parametrize("base", ["portal.example.org", "http://portal:åtta", "ftp://portal"])
def test_an_address_that_is_none_is_refused_in_words(settings: Settings, base: str) -> None:
    settings.WAGTAILADMIN_BASE_URL = base
    before = rows()
    with pytest.raises(CommandError, match="BASE_URL"):
        run(*ANNA)
    assert rows() == before


def test_it_is_said_when_nobody_else_can_choose_a_password(settings: Settings) -> None:
    assert "EMAIL_URL" not in run(*ANNA)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "EMAIL_URL is not set" in run()


def test_kept_pages_are_made_anew_with_the_new_address(
    settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 60

    def canonical() -> str:
        html = Client().get("/om-projektet/").content.decode()
        return html.split('rel="canonical" href="')[1].split('"')[0]

    with django_capture_on_commit_callbacks(execute=True):
        run(*ANNA)
    assert canonical() == "http://localhost:8000/om-projektet/"
    settings.WAGTAILADMIN_BASE_URL = "https://portal.example.org"
    run()
    # The control: until it is committed, visitors get the page that is kept.
    assert canonical() == "http://localhost:8000/om-projektet/"
    with django_capture_on_commit_callbacks(execute=True):
        run()
    assert canonical() == "https://portal.example.org/om-projektet/"
