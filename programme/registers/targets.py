"""What an entry can be linked to: one target a kind, asked for names and addresses together."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from people.access import held_by
from people.models import Capability, User
from programme.models import Module, Occasion, Register

#: Links as an entry stores them: kind, reference, and the title when it was linked.
Stored = Sequence[Mapping[str, str]]
#: The latest occasions are enough to choose among.
MOST_OCCASIONS = 300


@dataclass(frozen=True)
class Linked:
    """A link as somebody reads it."""

    kind: str
    title: str
    #: Empty where it is gone, or not public, or nothing the reader may open.
    url: str = ""
    #: Whether what it points to is there, and for a page whether it is published.
    there: bool = True


@dataclass(frozen=True)
class Target:
    """How one kind of thing is chosen and found again."""

    #: Reference and title of everything that can be chosen.
    choices: Callable[[], list[tuple[str, str]]]
    #: Title and address by reference; what is gone is left out. One query.
    find: Callable[[Collection[str]], dict[str, tuple[str, str]]]
    #: Who may open the address; everyone where there is none.
    opens: frozenset[str] = frozenset()


def _published() -> Any:
    # The root of the tree is no page that anybody reads.
    return Page.objects.live().public().filter(depth__gt=1)


def _page_choices() -> list[tuple[str, str]]:
    # Swedish first: those are the pages that a plan is about.
    rows = _published().order_by("-locale__language_code", "title", "pk")
    rows = rows.values_list("pk", "title")
    return [(str(pk), title) for pk, title in rows]


def _pages(refs: Collection[str]) -> dict[str, tuple[str, str]]:
    found = _published().filter(
        pk__in=[int(one) for one in refs if one.isdecimal() and len(one) < 10]
    )
    return {str(page.pk): (page.title, page.url or "") for page in found}


def _module_choices() -> list[tuple[str, str]]:
    return list(Module.objects.order_by("order", "pk").values_list("key", "name"))


def _modules(refs: Collection[str]) -> dict[str, tuple[str, str]]:
    rows = Module.objects.filter(key__in=refs).values_list("key", "name")
    return {key: (name, reverse("groups:module", args=[key])) for key, name in rows}


def _occasion_title(occasion: Occasion) -> str:
    return f"{timezone.localtime(occasion.starts_at):%Y-%m-%d} {occasion.title}"


def _occasion_choices() -> list[tuple[str, str]]:
    rows = Occasion.objects.exclude(state=Occasion.State.CANCELLED).order_by("-starts_at", "pk")
    return [(one.public_id, _occasion_title(one)) for one in rows[:MOST_OCCASIONS]]


def _occasions(refs: Collection[str]) -> dict[str, tuple[str, str]]:
    return {
        one.public_id: (_occasion_title(one), reverse("occasions:occasion", args=[one.public_id]))
        for one in Occasion.objects.filter(public_id__in=refs)
    }


TARGETS: Mapping[str, Target] = {
    Register.Link.PAGE: Target(_page_choices, _pages),
    Register.Link.MODULE: Target(
        _module_choices, _modules, frozenset({Capability.MANAGE_PROGRAMME})
    ),
    Register.Link.OCCASION: Target(
        _occasion_choices, _occasions, frozenset({Capability.ARRANGE, Capability.AUDIT})
    ),
}

#: What was found, by kind and reference.
Found = Mapping[tuple[str, str], tuple[str, str]]


def find(links: Iterable[Stored]) -> Found:
    """Everything that the entries' links point to; a query for each kind that occurs."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for stored in links:
        for one in stored:
            wanted[one["kind"]].add(one["ref"])
    return {
        (kind, ref): pair
        for kind, refs in wanted.items()
        for ref, pair in TARGETS[kind].find(refs).items()
    }


def read(stored: Stored, found: Found, viewer: User) -> list[Linked]:
    """An entry's links as the viewer may follow them."""
    held = held_by(viewer)
    read = []
    for one in stored:
        pair = found.get((one["kind"], one["ref"]))
        opens = TARGETS[one["kind"]].opens
        follows = pair is not None and (not opens or any(held.can(each) for each in opens))
        read.append(
            Linked(
                one["kind"],
                pair[0] if pair else one["title"],
                pair[1] if pair and follows else "",
                pair is not None,
            )
        )
    return read


def store(chosen: Iterable[tuple[str, str]], before: Stored = ()) -> list[dict[str, str]] | None:
    """Chosen links with their titles; nothing where one points to something that is not there.

    :param before: links the entry has already, which may stay though they are gone.
    """
    kept = {(one["kind"], one["ref"]): one["title"] for one in before}
    asked = list(dict.fromkeys(chosen))
    found = find([[{"kind": kind, "ref": ref} for kind, ref in asked]])
    made = []
    for kind, ref in asked:
        pair = found.get((kind, ref))
        if pair is None and (kind, ref) not in kept:
            return None
        title = pair[0] if pair else kept[kind, ref]
        made.append({"kind": str(kind), "ref": ref, "title": title})
    return made
