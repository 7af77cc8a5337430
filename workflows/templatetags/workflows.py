"""Showing the panels that rooms above bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from workflows.kinds import Panel
from workflows.mailing.rules import renamed
from workflows.rules import stages

register = template.Library()


@register.simple_tag(takes_context=True)
def show_panel(context: template.Context, panel: Panel) -> Any:
    """Render a panel's template with its own context over the page's."""
    engine = context.template.engine  # type: ignore[union-attr]
    with context.push(**panel.context):
        return engine.get_template(panel.template).render(context)


@dataclass(frozen=True)
class DrawnStage:
    """What stands at one place of the drawn workflow: a step, or branches beside each other."""

    branches: Sequence[Sequence[Any]]

    @property
    def alone(self) -> Any:
        """The one step, when nothing goes on beside it."""
        return self.branches[0][0] if not self.forks else None

    @property
    def forks(self) -> bool:
        """Whether branches go on beside each other."""
        return bool(_branch_of(self.branches[0][0]))

    @property
    def width(self) -> int:
        """How many steps the longest branch has: the room it takes, at most four."""
        return min(max(len(branch) for branch in self.branches), 4)


@dataclass(frozen=True)
class _Box:
    """A step drawn from plain values, as the list of components does."""

    step: Any
    branch: str


@register.filter
def staged(steps: Sequence[Any]) -> list[DrawnStage]:
    """The drawn steps as stages of branches."""
    boxes = [_Box(step, _branch_of(step)) for step in steps]
    return [
        DrawnStage([[box.step for box in branch] for branch in stage]) for stage in stages(boxes)
    ]


def _branch_of(step: Any) -> str:
    branch = step.get("branch", "") if isinstance(step, dict) else getattr(step, "branch", "")
    return str(branch)


@register.filter
def shown_placeholders(text: object, source: Any) -> str:
    """The text with placeholders by their words; the source is a kind of message or an audience."""
    named = getattr(source, "placeholders", {})
    return renamed(str(text), {key: str(one.word) for key, one in named.items()})
