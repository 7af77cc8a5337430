"""Someone who uses the keyboard alone: where the focus is, whether it is seen, and how to get on."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

#: More than any page has; whoever needs more is caught somewhere.
MOST_STEPS = 150
LOOKS = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const kinds = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor",
    "borderTopColor", "borderTopWidth", "color"];
  const look = () => [one, one.parentElement, one.nextElementSibling].filter(Boolean).flatMap(each =>
    ["", "::before", "::after"].map(part => {
      const style = getComputedStyle(each, part || null);
      return kinds.map(kind => style[kind]).join("|");
    })).join(" ");
  const focused = look();
  // Inside a film are the browser's own controls, which show their focus themselves.
  const film = one.matches("video");
  if (!film) one.blur();
  const plain = film ? (one.matches(":focus") && getComputedStyle(one).outlineStyle === "none" ? focused : "") : look();
  if (!film) one.focus({ preventScroll: true });
  const box = one.getBoundingClientRect();
  const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const words = (one.innerText || one.getAttribute("aria-label") || one.name || "").trim();
  return { seen: focused !== plain && within, words: `${one.tagName.toLowerCase()} ${words}`.slice(0, 80) };
}
"""


@dataclass
class Keyboard:
    """The keys, and what was wrong on the way: a focus that nobody could see."""

    page: Page
    unseen: list[str] = field(default_factory=list)

    def step(self, *, back: bool = False) -> str:
        """One press of Tab; what has the focus now, nothing after the last."""
        self.page.keyboard.press("Shift+Tab" if back else "Tab")
        stop = self.page.evaluate(LOOKS)
        if stop is None:
            return ""
        if not stop["seen"]:
            self.unseen.append(f"{self.page.url}: {stop['words']}")
        return str(stop["words"])

    def to(self, wanted: Locator, *, back: bool = False) -> None:
        """Tab until the element has the focus.

        :raises AssertionError: when it never gets it.
        """
        passed = []
        for _step in range(MOST_STEPS):
            passed.append(self.step(back=back))
            if wanted.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"{wanted} is not reached: {passed}")

    def press(self, wanted: Locator, key: str = "Enter", *, back: bool = False) -> None:
        """Tab to the element and press the key."""
        self.to(wanted, back=back)
        self.page.keyboard.press(key)

    def follow(self, wanted: Locator, key: str = "Enter") -> None:
        """The same, where it leads to another page."""
        self.to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, wanted: Locator, text: str) -> None:
        """Tab to the field and type."""
        self.to(wanted)
        self.page.keyboard.type(text)

    def through(self, *, back: bool = False) -> list[str]:
        """Everything from here that gets the focus, until the page ends.

        :raises AssertionError: when it does not end, since the focus is caught somewhere.
        """
        stops: list[str] = []
        for _step in range(MOST_STEPS):
            stop = self.step(back=back)
            if not stop:
                return stops
            stops.append(stop)
        raise AssertionError(f"the focus is caught: {stops[-6:]}")
