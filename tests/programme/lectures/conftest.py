"""Fixtures of lectures."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.programme.lectures.builders import Scene, build_scene


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Settings) -> None:
    """Films of a test lie in its own folder."""
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "private"), "base_url": None},
        }
    }


@pytest.fixture
def scene(db: None) -> Scene:
    """A lecture with a recording of forty minutes."""
    return build_scene()
