"""The showcase release for tests of the dashboard, built once for all workers and never changed by a test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.registry.events import Registry
from ingestion.releases import Release, Releases
from tests.app.showcase import showcase_home


@pytest.fixture(scope="session")
def home(run_folder: Path) -> Path:
    return showcase_home(run_folder / "showcase")


@pytest.fixture(scope="session")
def release(home: Path) -> Release:
    return Releases(home / "releases").resolve()


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The environment of an app started on the showcase."""
    monkeypatch.setenv("DUBAN_HOME", str(home))
    yield home


@pytest.fixture
def own_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy that a test may change and act in."""
    copy_home(home, tmp_path)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def log(own_home: Path) -> Iterator[Registry]:
    """The log that the acts of a test go into."""
    registry = Registry(own_home / "registry.sqlite")
    yield registry
    registry.close()


def copy_home(home: Path, target: Path) -> None:
    """What the dashboard reads of a home, copied: releases, configuration, the log."""
    for folder in ("releases", "config"):
        shutil.copytree(home / folder, target / folder)
    registry = Registry(home / "registry.sqlite")
    registry.export_jsonl(target / "events.jsonl")
    Registry(target / "registry.sqlite").import_jsonl(target / "events.jsonl")
    (target / "events.jsonl").unlink()
    registry.close()
