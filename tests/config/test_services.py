"""A missing service is seen: a skipped test with a reason, in CI a failed one."""

import pytest

from tests import services


@pytest.fixture
def _no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing listens on port 1.
    monkeypatch.setitem(services.URLS, "redis", "redis://127.0.0.1:1/0")


@pytest.mark.usefixtures("_no_redis")
def test_without_the_service_a_test_is_skipped_with_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="redis does not answer"):
        services.require("redis")


@pytest.mark.usefixtures("_no_redis")
def test_in_ci_a_missing_service_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="redis does not answer"):
        services.require("redis")
