"""The ground of an installation: organisations, roles and texts.

Every function can be run again: it adds what is missing and leaves the rest. Call
them inside an operation, which says who lays the ground and why.
"""

import datetime
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from people import actions, organisations
from people.groups import APPROVERS, EDITORS
from people.models import Capability, Notice, Organisation, Role

DATA = Path(__file__).resolve().parent / "data"
CITY = "stockholms-kommun"
# The districts as they were before are given a start; nothing turns on the day.
LONG_AGO = datetime.date(2007, 1, 1)

ROLES: dict[str, tuple[str, tuple[Capability, ...]]] = {
    # The nearest manager knows who works in the unit, also those whose identity is protected.
    "enhetschef": ("Närmaste chef", (Capability.NOMINATE, Capability.SEE_PROTECTED)),
    "avdelningschef": (
        "Avdelningschef",
        (Capability.NOMINATE, Capability.SEE_CASES, Capability.SEE_TOTALS),
    ),
    "projektledare": (
        "Projektledare",
        (
            Capability.SEE_CASES,
            Capability.PLACE,
            Capability.ARRANGE,
            Capability.CHECK_HOURS,
            Capability.MANAGE_PROGRAMME,
            Capability.PROCURE,
            Capability.APPROVE_CONTENT,
            Capability.SEE_ECONOMY,
            Capability.SEE_TOTALS,
        ),
    ),
    "administrator": (
        "Projektadministratör",
        (
            Capability.SEE_CASES,
            Capability.PLACE,
            Capability.ARRANGE,
            Capability.CHECK_HOURS,
            Capability.MANAGE_PROGRAMME,
            Capability.PROCURE,
            Capability.MANAGE_DEFINITIONS,
            Capability.MANAGE_ACCOUNTS,
            Capability.REVEAL_IDENTITY,
            Capability.SEE_PROTECTED,
            Capability.SEE_TOTALS,
        ),
    ),
    "ekonom": (
        "Projektekonom",
        (Capability.CHECK_HOURS, Capability.SEE_ECONOMY, Capability.SEE_TOTALS),
    ),
    # The procured trainer: own occasions only, names and needs, never numbers.
    "utbildare": ("Utbildare", (Capability.TEACH,)),
    "kommunikator": ("Kommunikatör", (Capability.MANAGE_CONTENT,)),
    # The procured evaluator: the evaluation and nothing else, for a limited time.
    "utvarderare": ("Extern utvärderare", (Capability.EVALUATE,)),
    "revisor": ("Revisor", (Capability.AUDIT, Capability.SEE_ECONOMY, Capability.SEE_TOTALS)),
    "styrgrupp": ("Styrgruppsledamot", (Capability.SEE_TOTALS,)),
    # Costs: whoever knows the matter, the manager, and the manager above.
    "godkannare": ("Godkännare", (Capability.SEE_ECONOMY,)),
    "attestant": ("Attestant", (Capability.SEE_ECONOMY,)),
    "hogre_chef": ("Högre chef för attest", (Capability.SEE_ECONOMY,)),
}

# Editors write and send in; another of them, or an approver, publishes.
EDITOR_PAGE_RIGHTS = ("add_page", "change_page", "lock_page")
APPROVER_PAGE_RIGHTS = ("change_page", "publish_page", "lock_page", "unlock_page")
EDITOR_FILE_RIGHTS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)


def facts() -> dict[str, Any]:
    """The organisations and taxonomies of the programme, as carried with the code."""
    with (DATA / "organisations.json").open(encoding="utf-8") as file:
        read: dict[str, Any] = json.load(file)
    return read


def load_organisations() -> None:
    """The city, its administrations and the districts they have taken over from."""
    known = facts()
    merged_on = datetime.date.fromisoformat(known["merged_on"])
    city = _ensure(
        CITY,
        parent=None,
        name=known["name"],
        short_name="Stockholm",
        kind=Organisation.Kind.CITY,
        organisation_number=known["organisation_number"],
        valid_from=LONG_AGO,
    )
    for row in known["city_wide"]:
        _ensure(
            row["code"],
            parent=city,
            name=row["name"],
            short_name=row["name"],
            board=row["board"],
            kind=Organisation.Kind.CITY_WIDE,
            valid_from=LONG_AGO,
        )
    for row in known["districts"]:
        before = row["predecessors"]
        district = _ensure(
            row["code"],
            parent=city,
            name=row["name"],
            short_name=row["name"].removesuffix(" stadsdelsförvaltning"),
            board=row["board"],
            kind=Organisation.Kind.DISTRICT,
            valid_from=merged_on if before else LONG_AGO,
        )
        _load_predecessors(before, district, city, merged_on)


def _load_predecessors(
    names: list[str], successor: Organisation, city: Organisation, merged_on: datetime.date
) -> None:
    older = [
        _ensure(
            _code(name),
            parent=city,
            name=f"{name} stadsdelsförvaltning",
            short_name=name,
            board=f"{name} stadsdelsnämnd",
            kind=Organisation.Kind.DISTRICT,
            valid_from=LONG_AGO,
        )
        for name in names
    ]
    waiting = [node for node in older if node.successor_id is None]
    if waiting:
        organisations.merge_into(predecessors=waiting, successor=successor, on=merged_on)


def _code(name: str) -> str:
    return name.lower().translate(str.maketrans("åäö", "aao"))


def _ensure(code: str, *, parent: Organisation | None, **fields: Any) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    return found or organisations.add(parent=parent, code=code, **fields)


def load_roles() -> None:
    """The roles that the workflows name, and the editors' group."""
    known = set(Role.objects.values_list("key", flat=True))
    for key, (name, capabilities) in ROLES.items():
        # A role that staff have changed since is theirs: only missing ones are written.
        if key not in known:
            Role.objects.create(key=key, name=name, capabilities=[str(c) for c in capabilities])
    load_editors()


def load_editors() -> None:
    """The groups that Wagtail's rights to pages and files hang on: who writes, who approves."""
    editors = _page_group(EDITORS, EDITOR_PAGE_RIGHTS)
    _page_group(APPROVERS, APPROVER_PAGE_RIGHTS)
    files = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        codename__in=EDITOR_FILE_RIGHTS,
        content_type__app_label__in=("wagtailimages", "wagtaildocs"),
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=editors, collection=files, permission=permission
        )


def _page_group(name: str, rights: tuple[str, ...]) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    root = Page.get_first_root_node()
    held = GroupPagePermission.objects.filter(group=group, page=root)
    held.exclude(permission__codename__in=rights).delete()
    for permission in Permission.objects.filter(
        codename__in=rights, content_type__app_label="wagtailcore"
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    return group


def load_notices() -> None:
    """The first version of what participants are told about their hours and their data."""
    if Notice.objects.filter(key="tidsredovisning").exists():
        return
    actions.publish_notice(
        key="tidsredovisning",
        name="Tidsredovisning och personuppgifter",
        title="Så redovisar vi din tid och behandlar dina personuppgifter",
        body=(DATA / "tidsredovisning.txt").read_text(encoding="utf-8"),
        actor=None,
    )
