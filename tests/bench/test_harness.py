"""A broken limit is told in words, and only what is promised is compared."""

from tests.bench.harness import Limit, Result


def test_a_limit_is_broken_above_it_and_kept_at_it() -> None:
    limit = Limit(value=3)
    assert limit.broken_by(Result(3, "s")) == []
    assert limit.broken_by(Result(3.01, "s")) == ["3.01 s is more than 3"]


def test_ratios_have_a_ceiling_or_a_floor() -> None:
    assert Limit(most_ratio=1.3).broken_by(Result(1, "ms", 1.31)) == ["1.31 times is more than 1.3"]
    assert Limit(least_ratio=15).broken_by(Result(1, "ms", 14)) == ["14 times is less than 15"]
    assert Limit(least_ratio=15).broken_by(Result(1, "ms")) == ["0.0 times is less than 15"]
    assert Limit(most_ratio=1.3, least_ratio=0.5).broken_by(Result(9, "s", 0.6)) == []


def test_nothing_promised_is_nothing_broken() -> None:
    assert Limit().broken_by(Result(1e9, "s", 0)) == []
