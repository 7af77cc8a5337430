"""The menu as a table: few words on top, and under each what belongs there.

**To add a link, add one line to a part.** It says the address's name, the word, and who
has use for it. A person sees the parts in which they may open something; a part with one
such line is that line itself. `tests/config/test_menu.py` holds that nobody is shown a
page they may not open, and that nobody's menu has more than seven words.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.contact.access import may_read
from people.access import Held, held_by
from people.models import Capability, Person, User
from programme.registers.access import sees_any
from workflows.bottlenecks import places
from workflows.queries import waiting_count


@dataclass(frozen=True)
class Visitor:
    """Who asks for a menu, as the table's conditions see them."""

    user: User
    held: Held
    person: Person | None


Opens = Callable[[Visitor], bool]


@dataclass(frozen=True)
class Entry:
    """One line of the menu: a page, its word, and who has use for it."""

    page: str
    label: str | Promise
    opens: Opens
    # Where the address of the pages below begins, when it is not with the page's own.
    also: tuple[str, ...] = ()
    # The word when it is alone in its part.
    alone: str | Promise = ""
    count: Callable[[User], int] | None = None


@dataclass(frozen=True)
class Part:
    """One word on top, and the lines under it."""

    label: str | Promise
    entries: tuple[Entry, ...]


def can(*capabilities: Capability) -> Opens:
    """Whoever holds one of the capabilities anywhere."""
    return lambda visitor: any(visitor.held.can(each) for each in capabilities)


def everyone(_visitor: Visitor) -> bool:
    """Whoever is signed in."""
    return True


def holds_a_role(visitor: Visitor) -> bool:
    """Whoever holds a role: a mere participant has nothing to hand over."""
    return visitor.held.any()


def sees_where_cases_wait(visitor: Visitor) -> bool:
    """Whoever sees where cases wait, somewhere."""
    return bool(places(visitor.held))


def is_somebody(visitor: Visitor) -> bool:
    """Whoever is a person in the register: procured trainers and auditors are not."""
    return visitor.person is not None


def answers_visitors(visitor: Visitor) -> bool:
    """Whoever answers what visitors have written."""
    return may_read(visitor.user)


def sees_registers(visitor: Visitor) -> bool:
    """Whoever sees a register: each one names its own readers."""
    return sees_any(visitor.user)


def sees_money(visitor: Visitor) -> bool:
    """Heads see totals of their own administration; co-financing is about the whole project."""
    held = visitor.held
    totals = held.can(Capability.SEE_TOTALS) and not held.can(Capability.NOMINATE)
    return totals or held.can(Capability.SEE_ECONOMY)


def reads_of_bodies(visitor: Visitor) -> bool:
    """Whoever reads the whole project's totals; heads see those of their own administration."""
    held = visitor.held
    outside = held.can(Capability.SEE_TOTALS) and not held.can(Capability.NOMINATE)
    return outside or held.can(Capability.MANAGE_PROGRAMME) or held.can(Capability.AUDIT)


ARRANGES = can(Capability.ARRANGE)
NOMINATES = can(Capability.NOMINATE)
BUILDS = can(Capability.MANAGE_DEFINITIONS)
MANAGES = can(Capability.MANAGE_PROGRAMME)
READS_OCCASIONS = can(Capability.ARRANGE, Capability.AUDIT)
READS_MONTHS = can(Capability.CHECK_HOURS, Capability.SEE_ECONOMY, Capability.AUDIT)
WORDS = can(Capability.MANAGE_CONTENT, Capability.MANAGE_PROGRAMME)
CHECKS = can(Capability.CHECK_HOURS)
READS_SETTINGS = can(
    Capability.MANAGE_PROGRAMME, Capability.CHECK_HOURS, Capability.SEE_ECONOMY, Capability.AUDIT
)
READS_PROCUREMENTS = can(
    Capability.PROCURE, Capability.MANAGE_CONTENT, Capability.SEE_ECONOMY, Capability.AUDIT
)
READS_EVALUATION = can(
    Capability.EVALUATE,
    Capability.MANAGE_PROGRAMME,
    Capability.SEE_TOTALS,
    Capability.MANAGE_CONTENT,
    Capability.AUDIT,
)

MENU: tuple[Part, ...] = (
    Part(
        _("My work"),
        (
            Entry(
                "workflows:work",
                _("Waiting for me"),
                everyone,
                also=("/arenden/",),
                alone=_("My work"),
                count=waiting_count,
            ),
            Entry("case_types:start", _("New case"), holds_a_role),
            Entry("cms:messages", _("From visitors"), answers_visitors),
            Entry(
                "steering:room",
                _("Steering group"),
                reads_of_bodies,
                also=("/styrning/", "/avslut/"),
            ),
            Entry("workflows:deputies", _("Deputies"), holds_a_role),
            Entry("workflows:bottlenecks", _("Where cases wait"), sees_where_cases_wait),
            Entry("registers:list", _("Registers"), sees_registers),
        ),
    ),
    Part(
        _("Nominations"),
        (
            Entry("programme:nominate", _("Nominate"), NOMINATES),
            Entry("programme:mine", _("My nominations"), NOMINATES),
            Entry("programme:places", _("Places"), can(Capability.PLACE)),
            Entry("programme:waves", _("Waves"), MANAGES),
        ),
    ),
    Part(
        _("Training"),
        (
            Entry("groups:list", _("Groups"), ARRANGES),
            Entry("occasions:list", _("Occasions"), READS_OCCASIONS),
            Entry("occasions:teaching", _("My occasions"), can(Capability.TEACH)),
            Entry("lectures:list", _("Lectures"), WORDS),
            Entry(
                "attendance:overdue",
                _("Attendance to mark"),
                can(Capability.ARRANGE, Capability.TEACH),
                also=("/narvaro/namn/", "/narvaro/person/"),
            ),
            Entry("venues:list", _("Venues"), READS_OCCASIONS),
            Entry("venues:needs", _("Adaptation needs"), ARRANGES),
            Entry("groups:courses", _("Courses"), ARRANGES),
            Entry("groups:capacity", _("Capacity"), ARRANGES, also=("/grupper/forberedelser/",)),
            Entry("staff:mine", _("My staff"), NOMINATES),
        ),
    ),
    Part(
        _("Reporting"),
        (
            Entry("months:list", _("Months"), READS_MONTHS, also=("/timmar/",)),
            Entry("months:corrections", _("Corrections"), READS_MONTHS),
            Entry("scb:list", _("Files to Statistics Sweden"), CHECKS),
            Entry("economy:overview", _("Co-financing"), sees_money, alone=_("Co-financing")),
            Entry("follow_up:overview", _("Monthly roll-up"), READS_MONTHS),
            Entry("absences:overview", _("Absences"), CHECKS),
            Entry(
                "certificates:months",
                _("Certificates"),
                can(Capability.CHECK_HOURS, Capability.ARRANGE, Capability.AUDIT),
            ),
            Entry("procurement:list", _("Procurements"), READS_PROCUREMENTS),
            Entry("evaluation:list", _("Evaluation"), READS_EVALUATION),
        ),
    ),
    Part(
        _("Administration of the portal"),
        (
            Entry("people:accounts", _("Accounts"), can(Capability.MANAGE_ACCOUNTS)),
            Entry("employees:overview", _("Employees"), can(Capability.MANAGE_ACCOUNTS)),
            Entry("dated:overview", _("Settings"), READS_SETTINGS),
            Entry(
                "wagtailadmin_home",
                _("Forms, workflows and pages"),
                can(
                    Capability.MANAGE_CONTENT,
                    Capability.APPROVE_CONTENT,
                    Capability.MANAGE_DEFINITIONS,
                ),
                alone=_("Editing"),
            ),
            Entry("workflows:message_texts", _("Messages"), WORDS, also=("/arbete/utskick/",)),
            Entry("workflows:mailings", _("Messages to many"), MANAGES),
            Entry("workflows:health", _("Configuration check"), BUILDS),
        ),
    ),
    Part(_("Audit"), (Entry("reports:audit", _("Audit"), can(Capability.AUDIT)),)),
    Part(
        _("My pages"),
        (
            Entry("programme:my_page", _("Overview"), is_somebody, alone=_("My pages")),
            Entry("months:mine", _("My hours"), is_somebody, also=("/timmar/",)),
            Entry("certificates:mine", _("My certificates"), is_somebody),
            Entry("occasions:my_calendar", _("My calendar"), is_somebody),
            Entry("attendance:own_code", _("My code"), is_somebody, also=("/narvaro/in/",)),
            Entry("venues:my_needs", _("My needs"), is_somebody),
            Entry("evaluation:consent", _("Interviews"), is_somebody),
            Entry("workflows:message_wishes", _("Messages I want"), is_somebody),
            Entry("my_data:page", _("My data"), is_somebody),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    """One word of the menu, with the words under it."""

    label: str
    url: str
    active: bool = False
    count: int = 0
    links: tuple["Link", ...] = ()


def menu_of(user: User, path: str) -> list[Link]:
    """The parts that the account has use for; where the path belongs is marked."""
    visitor = Visitor(user, held_by(user), person_of(user))
    open_parts = [
        (part, [(entry, address(entry.page)) for entry in part.entries if entry.opens(visitor)])
        for part in MENU
    ]
    shown = [(part, [pair for pair in found if pair[1]]) for part, found in open_parts]
    here = _nearest([pair for _part, found in shown for pair in found], path)
    return [_top(part, found, here, user) for part, found in shown if found]


def _top(part: Part, found: list[tuple[Entry, str]], here: Entry | None, user: User) -> Link:
    links = tuple(
        Link(str(entry.label), url, entry is here, entry.count(user) if entry.count else 0)
        for entry, url in found
    )
    first, url = found[0]
    label = str(part.label) if len(found) > 1 else str(first.alone or first.label)
    active = any(link.active for link in links)
    count = sum(link.count for link in links)
    return Link(label, url, active, count, links if len(links) > 1 else ())


def _nearest(found: list[tuple[Entry, str]], path: str) -> Entry | None:
    """The entry whose address the path begins with; the longest, and the first of equals."""
    matching = [
        (len(start), entry)
        for entry, url in found
        for start in (url, *entry.also)
        if path.startswith(start)
    ]
    return max(matching, key=lambda pair: pair[0], default=(0, None))[1]


def person_of(user: User) -> Person | None:
    """The person behind the account; kept on the account, so asked once a request."""
    if "_person" not in user.__dict__:
        user.__dict__["_person"] = Person.objects.select_related("unit").filter(user=user).first()
    person: Person | None = user.__dict__["_person"]
    return person


def address(name: str) -> str:
    """The address of a named page; empty when this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
