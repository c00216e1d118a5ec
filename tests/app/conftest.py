"""The showcase release for tests of the dashboard, built once a run and never changed by a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.releases import Release, Releases
from tests.app.showcase import showcase_home


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return showcase_home(tmp_path_factory.getbasetemp() / "showcase")


@pytest.fixture(scope="session")
def release(home: Path) -> Release:
    return Releases(home / "releases").resolve()


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The environment of an app started on the showcase."""
    monkeypatch.setenv("DUBAN_HOME", str(home))
    yield home
