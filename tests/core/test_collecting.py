"""The collector is paused inside and as it was found outside, also after an error."""

import gc

import pytest

from core.collecting import without_collecting


def test_paused_inside_and_on_again_after_an_error() -> None:
    assert gc.isenabled()
    seen: list[bool] = []

    def spoil() -> None:
        with without_collecting():
            seen.append(gc.isenabled())
            raise ValueError("spoiled")

    with pytest.raises(ValueError, match="spoiled"):
        spoil()
    assert [*seen, gc.isenabled()] == [False, True]


def test_two_that_overlap_leave_it_on() -> None:
    first, second = without_collecting(), without_collecting()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()
