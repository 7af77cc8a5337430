"""What every page knows: the menu, who is signed in, and whose project it is."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.contact.access import may_read
from cms.menu import menu
from cms.project import project_line
from people.access import Held, held_by
from people.models import Capability, Person, User
from workflows.queries import waiting_count


@dataclass(frozen=True)
class Link:
    """One word of the menu."""

    label: str
    url: str
    active: bool = False
    count: int = 0


@dataclass(frozen=True)
class Account:
    """Who is signed in, as the bar says it."""

    name: str
    organisation: str
    sign_out: str


def portal(request: HttpRequest) -> dict[str, object]:
    """The settings and the menu that the base template shows; asked only when shown."""
    return {
        "DEMO": settings.DEMO,
        "PORTAL_NAME": settings.WAGTAIL_SITE_NAME,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "account": SimpleLazyObject(lambda: account(request)),
        "project": SimpleLazyObject(project_line),
        "on_sign_in_page": request.path == _address("account_login"),
    }


def account(request: HttpRequest) -> Account | None:
    """The signed-in person's name and organisation."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    roles = held_by(user).roles
    person = _person(user)
    where = roles[0][2] if roles else person.unit.name if person else ""
    return Account(user.get_full_name(), where, _address("account_logout"))


def navigation(request: HttpRequest) -> list[Link]:
    """The menu: what the roles open for the signed-in, the public pages for everyone else."""
    user = getattr(request, "user", None)
    links = _of(user) if isinstance(user, User) else _public()
    here = max((u for _label, u, _n in links if request.path.startswith(u)), key=len, default="")
    return [Link(label, url, url == here, count) for label, url, count in links]


def _public() -> list[tuple[str, str, int]]:
    return [(link.title, link.url, 0) for link in menu(get_language() or "sv")]


def _of(user: User) -> list[tuple[str, str, int]]:
    held = held_by(user)
    links = [(_("My work"), _address("workflows:work"), waiting_count(user))]
    if held.can(Capability.NOMINATE):
        links.append((_("Nominate"), _address("programme:nominate"), 0))
        links.append((_("My nominations"), _address("programme:mine"), 0))
    if held.can(Capability.PLACE):
        links.append((_("Places"), _address("programme:places"), 0))
    if held.can(Capability.MANAGE_PROGRAMME):
        links.append((_("Waves"), _address("programme:waves"), 0))
    if held.can(Capability.ARRANGE):
        links.append((_("Groups"), _address("groups:list"), 0))
        links.append((_("Occasions"), _address("occasions:list"), 0))
    if held.can(Capability.TEACH):
        links.append((_("My occasions"), _address("occasions:teaching"), 0))
    if held.can(Capability.MANAGE_CONTENT) or held.can(Capability.MANAGE_PROGRAMME):
        links.append((_("Lectures"), _address("lectures:list"), 0))
    if held.can(Capability.CHECK_HOURS):
        links.append((_("Months"), _address("months:list"), 0))
        links.append((_("Certificates"), _address("certificates:months"), 0))
    if _sees_money(held):
        links.append((_("Co-financing"), _address("economy:overview"), 0))
    if held.can(Capability.MANAGE_PROGRAMME):
        links.append((_("Settings"), _address("dated:overview"), 0))
    if held.can(Capability.NOMINATE):
        links.append((_("My staff"), _address("staff:mine"), 0))
    if may_read(user):
        links.append((_("From visitors"), _address("cms:messages"), 0))
    if held.can(Capability.MANAGE_ACCOUNTS):
        links.append((_("Accounts"), _address("people:accounts"), 0))
    if held.can(Capability.AUDIT):
        links.append((_("Audit"), _address("reports:audit"), 0))
    if _person(user):
        links.append((_("My pages"), _address("programme:my_page"), 0))
    if _edits(held):
        links.append((_("Editing"), _address("wagtailadmin_home"), 0))
    return [link for link in links if link[1]]


def _sees_money(held: Held) -> bool:
    """Heads see totals of their own administration, and this page is about the whole project."""
    totals = held.can(Capability.SEE_TOTALS) and not held.can(Capability.NOMINATE)
    return totals or held.can(Capability.SEE_ECONOMY)


def _edits(held: Held) -> bool:
    return any(
        held.can(capability)
        for capability in (
            Capability.MANAGE_CONTENT,
            Capability.APPROVE_CONTENT,
            Capability.MANAGE_DEFINITIONS,
        )
    )


def _person(user: User) -> Person | None:
    """The person behind the account; kept on the account, so asked once a request."""
    if "_person" not in user.__dict__:
        user.__dict__["_person"] = Person.objects.select_related("unit").filter(user=user).first()
    person: Person | None = user.__dict__["_person"]
    return person


def _address(name: str) -> str:
    """The address of a named page; empty when this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
