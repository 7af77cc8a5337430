"""Every address of the portal, read from the URL configuration itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# A converter of a route, or a group of a regular expression.
PLACEHOLDER = re.compile(
    r"<(?:\w+:)?(?P<route>\w+)>|\(\?P<(?P<group>\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)"
)


@dataclass(frozen=True)
class Pattern:
    """One address as configured, and the name it has in code."""

    route: str
    name: str

    def filled(self, values: Mapping[str, object]) -> str:
        """The address with each placeholder replaced; what is not given becomes 1."""

        def value(match: re.Match[str]) -> str:
            return str(values.get(match["route"] or match["group"], 1))

        path = PLACEHOLDER.sub(value, self.route).replace(r"(\d+)", "1").replace("(.*)", "x")
        return "/" + re.sub(r"\(\?:[^()]*\)[?*]?|[\^$\\?()]", "", path)


def walk(
    resolver: URLResolver | None = None, prefix: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[Pattern]:
    """All patterns below the resolver, the root one by default."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from walk(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield Pattern(route, ":".join((*namespaces, entry.name or "")))
