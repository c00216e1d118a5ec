"""Fixtures that several suites share: one refreshed demonstration bureau for the whole run, never changed by a test."""

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from tests.forking import forked

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SHARED = PROJECT_ROOT.parent / "shared"
PATIENCE = 500.0
# Files are handed to the workers in this order, then the others as they come: first what makes something that many wait
# for, beside what does not need it; then by their seconds, so that no worker is left alone with a long one at the end.
FIRST = (
    "end_to_end/test_refresh.py",  # makes the refreshed home
    "dbt_project/test_attainments.py",
    "dbt_project/test_incremental.py",
    "orchestration/test_corrections.py",
    "end_to_end/test_first_day.py",
    "end_to_end/test_small_refresh.py",
    "app/test_app_pages.py",  # makes the showcase
    "browser/test_pages.py",
    "orchestration/test_trace.py",
    "browser/test_acts.py",
    "browser/test_handing_in.py",
    "dbt_project/test_judgements.py",
    "dbt_project/test_oracle.py",
    "ingestion/config/test_versions.py",
    "app/test_roles.py",
    "app/test_calendar_and_settings.py",
    "orchestration/test_cli.py",
    "orchestration/test_people_cli.py",
    "dbt_project/test_relighting.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {PROJECT_ROOT / "tests" / name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


def pytest_collection_finish() -> None:
    """What the tests were collected from stays to the end: no collection of garbage need walk over it again."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def duban(home: Path, *arguments: str, **variables: str) -> Ran:
    """Run the command on one home in a process of its own: a fork of one that has imported what the command imports.

    Who is to die at a step, and who is told anything but `DUBAN_*`, is started like any program.
    """
    if any(name == "DUBAN_FAILPOINT" or not name.startswith("DUBAN_") for name in variables):
        return duban_started(home, *arguments, **variables)
    return Ran(*forked(arguments, _environment(home, variables), PATIENCE))


def duban_started(home: Path, *arguments: str, **variables: str) -> Ran:
    """The same from the very start of an interpreter, as a user does; costs the imports each time."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        cwd=PROJECT_ROOT,
        env=_environment(home, variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _environment(home: Path, variables: dict[str, str]) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")}
    return inherited | {"DUBAN_HOME": str(home), "COLUMNS": "200", **variables}


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
            ran = duban_started(home, "refresh")
            assert ran.code == 0, ran.out + ran.err
    return home


@pytest.fixture(scope="session")
def troubled(refreshed_home: Path) -> tuple[Path, Ran]:
    """A home of its own that took in real plans and all that can be wrong with files, and how that refresh ended."""
    from tests.troubled import THEIRS, bring

    home = refreshed_home.parent / "troubled"
    kept = home.with_suffix(".json")
    with FileLock(home.with_suffix(".lock")):
        if not kept.exists():
            shutil.copytree(refreshed_home, home, symlinks=True)
            bring(home, SHARED / "plans")
            kept.write_text(json.dumps(asdict(duban(home, "refresh", DUBAN_PLANS_DIR=str(home / THEIRS)))), "utf-8")
    return home, Ran(**json.loads(kept.read_text("utf-8")))


@pytest.fixture
def home(refreshed_home: Path, tmp_path: Path) -> Path:
    """A copy of the refreshed home that a test may change."""
    copy = tmp_path / "home"
    shutil.copytree(refreshed_home, copy, symlinks=True)
    return copy


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    return duban
