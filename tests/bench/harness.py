"""The register of benchmarks, and how two ways of doing a thing are compared."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One measured value; the ratio says how many times what it is set against."""

    value: float
    unit: str
    ratio: float | None = None
    against: str = ""


@dataclass(frozen=True)
class Limit:
    """What the project promises of a benchmark; nothing promised is nothing compared."""

    value: float | None = None
    most_ratio: float | None = None
    least_ratio: float | None = None

    def broken_by(self, result: Result) -> list[str]:
        """What the result does not keep, in words for whoever runs it."""
        broken = []
        if self.value is not None and result.value > self.value:
            broken.append(f"{result.value} {result.unit} is more than {self.value}")
        ratio = result.ratio or 0.0
        if self.most_ratio is not None and ratio > self.most_ratio:
            broken.append(f"{ratio} times is more than {self.most_ratio}")
        if self.least_ratio is not None and ratio < self.least_ratio:
            broken.append(f"{ratio} times is less than {self.least_ratio}")
        return broken


Benchmark = Callable[[], Result]


@dataclass(frozen=True)
class Registered:
    """A benchmark and what is promised of it."""

    run: Benchmark
    limit: Limit


BENCHMARKS: dict[str, Registered] = {}


def benchmark(
    *,
    most: float | None = None,
    most_ratio: float | None = None,
    least_ratio: float | None = None,
) -> Callable[[Benchmark], Benchmark]:
    """Register a benchmark under its own name, with the limits it is to keep.

    :param most: the largest value, in the result's own unit.
    :raises ValueError: when the name is taken.
    """

    def register(function: Benchmark) -> Benchmark:
        name = function.__name__
        if name in BENCHMARKS:
            raise ValueError(f"{name} is registered already")
        BENCHMARKS[name] = Registered(function, Limit(most, most_ratio, least_ratio))
        return function

    return register


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int, against: str
) -> Result:
    """Median milliseconds of ours, and its ratio to theirs, after three rounds to warm up."""
    for _ in range(3):
        ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    mine = statistics.median(pair[0] for pair in pairs)
    other = statistics.median(pair[1] for pair in pairs)
    return Result(round(mine * 1000, 2), "ms", round(mine / other, 2), against)
