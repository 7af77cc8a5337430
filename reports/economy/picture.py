"""The picture's lines as points of an SVG, drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import figures
from reports.economy.rules import Point

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 12, 32


@dataclass(frozen=True)
class Tick:
    """A mark on an axis with its words."""

    at: float
    words: str


@dataclass(frozen=True)
class Picture:
    """What the template draws."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    planned: str
    counted: str
    forecast: str
    rows: list[Tick]
    columns: list[Tick]


def drawn(points: Sequence[Point], counted_until: int) -> Picture:
    """The three lines: the plan's even pace, what is counted, and the forecast from there.

    :param counted_until: so many of the points lie in the past; the forecast begins at the last.
    """
    most = max((max(p.planned, p.forecast) for p in points), default=0) or 60
    step = _step(most // 60 or 1)
    top = -(-most // (60 * step)) * 60 * step
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(place: int) -> float:
        return round(LEFT + inner_width * place / max(1, len(points)), 1)

    def y(minutes: int) -> float:
        return round(TOP + inner_height * (1 - minutes / top), 1)

    def line(values: Sequence[tuple[int, int]]) -> str:
        return " ".join(f"{x(place)},{y(value)}" for place, value in values)

    planned = [(0, 0), *((n, p.planned) for n, p in enumerate(points, 1))]
    past = [(0, 0), *((n, p.counted) for n, p in enumerate(points[:counted_until], 1))]
    ahead = [past[-1], *((n, p.forecast) for n, p in enumerate(points, 1) if n > counted_until)]
    return Picture(
        WIDTH,
        HEIGHT,
        LEFT,
        WIDTH - RIGHT,
        HEIGHT - BOTTOM,
        line(planned),
        line(past),
        line(ahead),
        [Tick(y(hours * 60), figures.plain(hours)) for hours in range(0, top // 60 + 1, step)],
        [
            Tick(x(n), f"{p.month:%Y-%m}")
            for n, p in enumerate(points, 1)
            if p.month.month in (6, 12)
        ],
    )


def _step(hours: int) -> int:
    """A round number that divides the axis in four to eight."""
    step = 1
    while hours / step > 8:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step
