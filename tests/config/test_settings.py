"""The settings a real installation runs with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "Xk3-a-long-and-varied-secret-7hQ9zR2mW5vB8nT1pL4sD6fG0j",
    "IDENTITY_KEYS": "checked-only",
    "IDENTITY_PEPPER": "checked-only",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgres://portal@localhost/portal",
    "CELERY_BROKER_URL": "memory://",
}


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=PRODUCTION | environment,
        capture_output=True,
        text=True,
        check=False,
    )


DEPLOY_CHECK = ("check", "--deploy", "--fail-level", "WARNING")


def test_a_production_environment_passes_every_deployment_check() -> None:
    result = manage(*DEPLOY_CHECK)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_the_deployment_check_sees_a_site_without_https() -> None:
    result = manage(*DEPLOY_CHECK, HTTPS="false")
    assert result.returncode == 1
    assert "security.W012" in result.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "IDENTITY_KEYS", "IDENTITY_PEPPER"])
def test_production_does_not_start_with_the_keys_of_the_demo(missing: str) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert missing in result.stderr


def test_collected_files_carry_their_content_in_their_names(tmp_path: Path) -> None:
    # Without the files no page of ours asks for, whose compression takes most of the time.
    unasked = ("wagtail*", "*.html", "*.json", "*.md", "*.mjs", "*.njk", "*.scss")
    without = [option for pattern in unasked for option in ("--ignore", pattern)]
    result = manage("collectstatic", "--noinput", *without, STATIC_ROOT=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "staticfiles.json").exists()
    assert list(tmp_path.glob("css/*.????????????.css"))
