"""Tests that tell one story in chapters run in order, on one worker, whatever is shared out.

The suite is shared between workers by stealing, which keeps a module's tests together as long
as nobody is idle and then takes half of what is left of the longest queue, wherever that cuts.
A story whose chapters were parted would begin in the middle: here the cut is moved to where one
story ends and the next begins.
"""

import re
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import WorkStealingScheduling
from xdist.scheduler.worksteal import MIN_PENDING

ROOT = Path(__file__).resolve().parent.parent
# How a chapter says which one it follows.
FOLLOWS = re.compile(r'\b\w+\.needs\("')


def ensure_told(told: Sequence[str], chapter: str) -> None:
    """Fail the chapter that cannot be told: an earlier one failed, or was never run here.

    It is no skip: a run where half a story is silently left out must be red.
    """
    if chapter not in told:
        pytest.fail(f"the chapter «{chapter}» has not been told, or did not end well")


@cache
def is_story(path: str) -> bool:
    """Whether the file's tests follow on one another."""
    file = ROOT / path
    return file.exists() and bool(FOLLOWS.search(file.read_text(encoding="utf-8")))


class WholeStories(WorkStealingScheduling):
    """Sharing by stealing, where a story is moved whole or not at all."""

    _nothing_to_steal = False

    def add_node(self, node: Any) -> None:
        """Ask before anything is stolen from the worker."""
        super().add_node(node)
        node.send_steal = partial(self._steal, node, node.send_steal)

    def check_schedule(self) -> None:
        """Share anew; when all that is left is one story that has begun, nobody waits for it."""
        super().check_schedule()
        if self._nothing_to_steal:
            self._nothing_to_steal = False
            self.steal_requested_from_node = None
            for node, pending in self.node2pending.items():
                if len(pending) < MIN_PENDING and not node.shutting_down:
                    node.shutdown()

    def _send_tests(self, node: Any, num: int) -> None:
        super()._send_tests(node, self._end_of_story(self.pending, num))

    def _steal(self, node: Any, send: Any, indices: list[int]) -> None:
        queue = self.node2pending[node]
        cut = len(queue) - len(indices)
        begin = self._begin_of_story(queue, cut)
        # The first ones are running or about to: a story among them is left where it is.
        whole = queue[begin if begin >= MIN_PENDING else self._end_of_story(queue, cut) :]
        if whole:
            send(whole)
        else:
            self._nothing_to_steal = True

    def _story(self, index: int) -> str:
        assert self.collection is not None
        path = self.collection[index].partition("::")[0]
        return path if is_story(path) else ""

    def _parts(self, queue: list[int], at: int) -> bool:
        """Whether a cut there would part a story."""
        if not 0 < at < len(queue):
            return False
        before = self._story(queue[at - 1])
        return bool(before) and before == self._story(queue[at])

    def _end_of_story(self, queue: list[int], at: int) -> int:
        while self._parts(queue, at):
            at += 1
        return at

    def _begin_of_story(self, queue: list[int], at: int) -> int:
        while self._parts(queue, at):
            at -= 1
        return at
