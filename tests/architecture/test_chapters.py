"""A story told in chapters is never parted between workers, and never skipped in silence."""

from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.outcomes import Failed
from xdist.scheduler import WorkStealingScheduling

from tests import chapters

STORY = "tests/journeys/test_main_job.py"
OTHERS = "tests/core/test_words.py"


class Worker:
    """A worker as its controller sees it: what it is to run, in order."""

    def __init__(self, name: str) -> None:
        self.gateway = type("Gateway", (), {"id": name})()
        self.shutting_down = False
        self.queue: list[int] = []
        self.ran: list[int] = []
        self.asked: list[list[int]] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.queue += indices

    def send_steal(self, indices: list[int]) -> None:
        self.asked.append(list(indices))

    def shutdown(self) -> None:
        self.shutting_down = True


def run(kind: type[WorkStealingScheduling], tests: list[str], slow: int) -> list[list[int]]:
    """What each of two workers runs, in order, when the first is so many times slower."""
    config: Any = type("Config", (), {"getvalue": lambda self, name: ["popen", "popen"]})()
    scheduler: Any = object.__new__(kind)
    scheduler.numnodes = 2
    scheduler.node2collection, scheduler.node2pending = {}, {}
    scheduler.pending, scheduler.collection = [], None
    scheduler.config, scheduler.steal_requested_from_node = config, None
    workers: Any = [Worker("a"), Worker("b")]
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, tests)
    scheduler.schedule()
    for tick in range(10_000):
        for worker in workers:
            _answer(scheduler, worker)
            turn = worker is not workers[0] or tick % slow == 0
            # As a worker does: the last one waits until it is told that nothing follows.
            if turn and len(worker.queue) >= (1 if worker.shutting_down else 2):
                done = worker.queue.pop(0)
                worker.ran.append(done)
                scheduler.mark_test_complete(worker, done)
        if all(worker.shutting_down and not worker.queue for worker in workers):
            return [worker.ran for worker in workers]
    raise AssertionError("the workers wait for each other")


def _answer(scheduler: WorkStealingScheduling, worker: Any) -> None:
    """Give back what is asked for, all of it or nothing; the first one is being run."""
    while worker.asked:
        wanted = worker.asked.pop(0)
        given = wanted if set(wanted) <= set(worker.queue[1:]) else []
        worker.queue = [one for one in worker.queue if one not in given]
        scheduler.remove_pending_tests_from_node(worker, given)


def collections() -> Iterator[list[str]]:
    """Suites where the story lies first, last, in the middle, and alone."""
    for before, chapters_, after in ((0, 9, 30), (30, 9, 0), (17, 9, 14), (1, 9, 1), (0, 9, 0)):
        yield [
            *(f"{OTHERS}::a{n}" for n in range(before)),
            *(f"{STORY}::c{n}" for n in range(chapters_)),
            *(f"{OTHERS}::b{n}" for n in range(after)),
        ]


def is_parted(tests: list[str], shared: list[list[int]]) -> bool:
    story = [at for at, name in enumerate(tests) if name.startswith(STORY)]
    return not any([one for one in ran if one in story] == story for ran in shared)


@pytest.mark.parametrize("slow", [1, 2, 5, 20])
def test_every_test_is_run_once_and_the_story_is_whole(slow: int) -> None:
    for tests in collections():
        shared = run(chapters.WholeStories, tests, slow)
        assert sorted(shared[0] + shared[1]) == list(range(len(tests)))
        assert not is_parted(tests, shared)


def test_both_workers_still_work() -> None:
    for tests in list(collections())[:3]:
        shared = run(chapters.WholeStories, tests, 1)
        assert min(len(ran) for ran in shared) > len(tests) // 4


def test_shared_by_plain_stealing_it_would_be_parted() -> None:
    """The control."""
    assert any(
        is_parted(tests, run(WorkStealingScheduling, tests, slow))
        for tests in collections()
        for slow in (1, 2, 5)
    )


def test_a_chapter_after_one_that_was_not_told_fails_and_is_not_skipped() -> None:
    with pytest.raises(Failed):
        chapters.ensure_told([], "one")
    chapters.ensure_told(["one"], "one")


def test_the_stories_are_known_and_no_other_file_is_one() -> None:
    assert chapters.is_story(STORY)
    assert chapters.is_story("tests/journeys/test_group_to_export.py")
    assert chapters.is_story("tests/journeys/test_new_case_kind.py")
    assert not chapters.is_story(OTHERS)
