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


Benchmark = Callable[[], Result]
BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(function: Benchmark) -> Benchmark:
    """Register a benchmark under its own name.

    :raises ValueError: when the name is taken.
    """
    name = function.__name__
    if name in BENCHMARKS:
        raise ValueError(f"{name} is registered already")
    BENCHMARKS[name] = function
    return function


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
