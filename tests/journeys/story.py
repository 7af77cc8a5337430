"""A story told in chapters, in the browsers of several people."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser

from tests.chapters import ensure_told
from tests.journeys.portal import Portal
from tests.journeys.visitors import Visitor, in_a_list


@dataclass
class Story:
    """What the chapters hand on to one another."""

    portal: Portal
    browser: Browser
    told: list[str] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def who(self, email: str) -> Visitor:
        """The same person in the same browser through all chapters."""
        if email not in self.visitors:
            self.visitors[email] = Visitor(self.browser, self.portal, email)
        return self.visitors[email]

    def needs(self, chapter: str) -> None:
        """Fail what cannot be told because an earlier chapter has not been."""
        ensure_told(self.told, chapter)

    def end(self, chapter: str) -> None:
        """The chapter is told; nothing may have been wrong with its pages."""
        self.told.append(chapter)
        found = [each for visitor in self.visitors.values() for each in visitor.found]
        for visitor in self.visitors.values():
            visitor.found.clear()
        assert not found, in_a_list(found)
