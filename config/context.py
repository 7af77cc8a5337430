"""What every page knows: the menu, who is signed in, and whose project it is."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from cms.menu import menu
from cms.project import project_line
from config.menu import Link, address, menu_of, person_of
from people.access import held_by
from people.middleware import must_turn_on_second_factor
from people.models import User


@dataclass(frozen=True)
class Account:
    """Who is signed in, as the bar says it."""

    name: str
    organisation: str
    settings: str
    sign_out: str


def portal(request: HttpRequest) -> dict[str, object]:
    """The settings and the menu that the base template shows; asked only when shown."""
    return {
        "DEMO": settings.DEMO,
        "PORTAL_NAME": settings.WAGTAIL_SITE_NAME,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "account": SimpleLazyObject(lambda: account(request)),
        "project": SimpleLazyObject(project_line),
        "must_turn_on_second_factor": SimpleLazyObject(lambda: _must_turn_on(request)),
        "on_sign_in_page": request.path == address("account_login"),
    }


def _must_turn_on(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return isinstance(user, User) and must_turn_on_second_factor(user)


def account(request: HttpRequest) -> Account | None:
    """The signed-in person's name and organisation."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    roles = held_by(user).roles
    person = person_of(user)
    where = roles[0][2] if roles else person.unit.name if person else ""
    return Account(user.get_full_name(), where, address("mfa_index"), address("account_logout"))


def navigation(request: HttpRequest) -> list[Link]:
    """The menu: what the roles open for the signed-in, the public pages for everyone else."""
    user = getattr(request, "user", None)
    if isinstance(user, User):
        return menu_of(user, request.path)
    public = menu(get_language() or "sv")
    return [Link(one.title, one.url, request.path.startswith(one.url)) for one in public]
