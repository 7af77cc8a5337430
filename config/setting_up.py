"""What an installation begins with: its ground, the first administrator and the way to a password.

Everything can be run again, after an upgrade for instance: what is missing is added,
what staff have changed since is left as it is.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

import cms.setup
import people.setup
import programme.case_types.setup
import programme.setup
from audit.models import InboxEvent
from audit.operations import Actor, Caller, current_caller, operation
from people.actions import assign_role, create_user
from people.forms import NewAccountForm
from people.models import Organisation, RoleAssignment, User
from people.setup import CITY
from programme.errors import Refused
from workflows.errors import WorkflowError

INSTALLATION = Actor(id="installation", name="Installationen")
REASON = "Installationen sätts upp."
ADMINISTRATOR = "administrator"
# Any number that nobody else locks: two who set up at once wait for each other.
LOCK = 7_204_467
Made = TypeVar("Made")


class CannotSetUp(Exception):
    """Nothing is written; the words say why and what to do."""


@dataclass(frozen=True)
class Newcomer:
    """Whoever will be the first administrator."""

    email: str
    first_name: str
    last_name: str


@dataclass
class Report:
    """What was done: how many rows each part wrote, and in whose name it was published."""

    administrator: User
    opened: bool = False
    rows: dict[str, int] = field(default_factory=dict)


def set_up(newcomer: Newcomer | None, *, dry_run: bool = False) -> Report:
    """Lay the ground, open the first administrator's account, publish what comes with the portal.

    :param newcomer: needed until somebody administers the installation, refused from then on.
    :param dry_run: take everything back and only say what would have been done.
    :raises CannotSetUp: with nothing written.
    """
    caller = current_caller.set(Caller(INSTALLATION, "command", uuid.uuid4().hex))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            with operation("installation.set_up", reason=REASON):
                report = _lay(newcomer)
            transaction.set_rollback(dry_run)
    except (Refused, WorkflowError, ImproperlyConfigured) as refusal:
        raise CannotSetUp(str(refusal)) from refusal
    finally:
        current_caller.reset(caller)
    return report


def way_in(user: User) -> tuple[str, datetime.datetime] | None:
    """The address where the owner chooses a password, and until when it can be used.

    None for an account with a password: its owner asks for a new one on the sign-in page.
    """
    if user.has_usable_password():
        return None
    key = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )
    until = timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return f"{address()}{path}", until


def address() -> str:
    """The portal's address, without a slash at its end."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def administrators() -> list[User]:
    """Whoever administers the city today, the one who has done it longest first."""
    held = (
        RoleAssignment.objects.on(timezone.localdate())
        .filter(role_id=ADMINISTRATOR, organisation__code=CITY, user__is_active=True)
        .select_related("user")
        .order_by("valid_from", "pk")
    )
    return [one.user for one in held]


def _lay(newcomer: Newcomer | None) -> Report:
    cms.setup.site_address()
    holders = administrators()
    if newcomer is not None:
        _ensure_first(newcomer, holders)
    elif not holders:
        raise CannotSetUp(
            "Nobody administers this installation yet. Say who will:"
            " --email X --first-name A --last-name B."
        )
    rows: dict[str, int] = {}
    _counted(rows, "organisations", people.setup.load_organisations)
    _counted(rows, "roles", people.setup.load_roles)
    _counted(rows, "information texts", people.setup.load_notices)
    if newcomer is not None:
        holders = [_counted(rows, "accounts", lambda: _open(newcomer))]
    who = holders[0]
    _counted(
        rows,
        "programme, forms and workflows",
        lambda: programme.setup.load_programme(actor=who, waves=False),
    )
    _counted(rows, "kinds of case", lambda: programme.case_types.setup.load_case_types(actor=who))
    _counted(rows, "pages", lambda: cms.setup.load_site(examples=False))
    return Report(who, opened=newcomer is not None, rows=rows)


def _ensure_first(newcomer: Newcomer, holders: list[User]) -> None:
    if holders:
        raise CannotSetUp(
            f"{holders[0].get_full_name()} administers this installation already. Accounts are"
            f" opened at {address()}{reverse('people:accounts')} from now on; without options"
            " this command adds what is missing."
        )
    # Commands speak English; what they lay does not.
    with translation.override("en"):
        form = NewAccountForm(vars(newcomer))
        wrong = [f"{form.fields[name].label}: {words[0]}" for name, words in form.errors.items()]
    if wrong:
        raise CannotSetUp(" ".join(wrong))
    if User.objects.filter(email=newcomer.email.strip().lower()).exists():
        raise CannotSetUp(f"There is already an account with the address {newcomer.email}.")


def _open(newcomer: Newcomer) -> User:
    user = create_user(actor=None, **vars(newcomer))
    assign_role(
        user=user,
        role=ADMINISTRATOR,
        organisation=Organisation.objects.get(code=CITY),
        actor=None,
        reason=REASON,
    )
    return user


def _counted(rows: dict[str, int], words: str, step: Callable[[], Made]) -> Made:
    before = _written()
    made = step()
    rows[words] = _written() - before
    return made


def _written() -> int:
    """Rows written in this transaction that the history tells of, and pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        events: int = InboxEvent.objects.filter(txid=cursor.fetchone()[0]).count()
    pages: int = Page.objects.count()
    return events + pages
