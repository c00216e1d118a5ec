"""Killed anywhere, a refresh leaves readers a whole release; the next one ends where an undisturbed one does."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.durable import KILLED
from ingestion.releases import Releases
from tests.conftest import Ran

Run = Callable[..., Ran]
DAY = ("--evaluation-date", "2020-10-22")
STEPS = [
    "landing:swept", "landing:files", "landing:live", "build:registered", "build:built", "publish:start",
    "publish:copied", "publish:fsynced", "publish:ledger-renamed", "publish:renamed", "publish:pointed",
]  # fmt: skip


@pytest.fixture(scope="session")
def undisturbed(refreshed_home: Path, tmp_path_factory: pytest.TempPathFactory, run: Run) -> dict[str, str]:
    """Checksums of a refresh for DAY that nothing disturbed."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(refreshed_home, home, symlinks=True)
    assert run(home, "refresh", *DAY).code == 0
    return checksums(home)


def checksums(home: Path) -> dict[str, str]:
    return Releases(home / "releases").resolve().info()["checksums"]


@pytest.mark.soak
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_the_next_refresh_converges(
    home: Path, run: Run, undisturbed: dict[str, str], step: str
) -> None:
    before = checksums(home)
    killed = run(home, "refresh", *DAY, DUBAN_FAILPOINT=step)
    assert killed.code == KILLED, killed.out + killed.err
    assert checksums(home) in (before, undisturbed)
    assert Releases(home / "releases").resolve().alarm is None
    recovered = run(home, "refresh", *DAY)
    assert recovered.code == 0, recovered.out + recovered.err
    assert checksums(home) == undisturbed
    leftovers = [p for p in (home / "releases").iterdir() if p.name.endswith((".tmp", ".wal"))]
    assert leftovers == []


@pytest.mark.parametrize("step", [pytest.param(s, marks=pytest.mark.soak) for s in ("home:made", "home:moved-inbox")])
def test_killed_on_the_first_day_the_next_refresh_begins_again(tmp_path: Path, run: Run, step: str) -> None:
    home = tmp_path / "new"
    assert run(home, "refresh", DUBAN_FAILPOINT=step).code == KILLED
    assert run(home, "refresh").code == 0
    assert len(list((home / "plans").iterdir())) == 6


@pytest.mark.soak
def test_a_damaged_build_database_is_made_again_from_landing(home: Path, run: Run, undisturbed: dict[str, str]) -> None:
    (home / "warehouse" / "build.duckdb").write_bytes(b"torn by a power cut" * 100)
    ran = run(home, "refresh", *DAY)
    assert ran.code == 0, ran.out + ran.err
    assert checksums(home) == undisturbed
