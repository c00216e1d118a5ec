"""Fixtures that several suites share: one refreshed demonstration bureau for the whole run, never changed by a test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SHARED = PROJECT_ROOT.parent / "shared"


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def duban(home: Path, *arguments: str, **variables: str) -> Ran:
    """Run the command as a user would, in a process of its own, on one home."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")}
    environment |= {"DUBAN_HOME": str(home), "COLUMNS": "200", **variables}
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share; who makes something in it holds a lock."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def refreshed_home(run_folder: Path) -> Path:
    """A home after the very first refresh, made once for all workers. Read it; copy it (see `home`) to change it."""
    home = run_folder / "refreshed" / "home"
    home.parent.mkdir(exist_ok=True)
    with FileLock(home.parent / "lock"):
        if not (home / "releases" / "CURRENT").exists():
            ran = duban(home, "refresh")
            assert ran.code == 0, ran.out + ran.err
    return home


@pytest.fixture
def home(refreshed_home: Path, tmp_path: Path) -> Path:
    """A copy of the refreshed home that a test may change."""
    copy = tmp_path / "home"
    shutil.copytree(refreshed_home, copy, symlinks=True)
    return copy


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    return duban
