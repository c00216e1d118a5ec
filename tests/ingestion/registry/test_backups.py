"""A backup is whole, is taken while people work, and makes the same home again; a damaged one is refused."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion.registry.backups import LIST, back_up, restore
from ingestion.registry.events import Registry, RegistryError
from ingestion.releases import Release, Releases
from ingestion.settings import Paths, Settings
from tests.conftest import duban


@pytest.fixture
def small_home(settings: Settings, publish: Callable[..., Release]) -> Paths:
    """A home with a log, a configuration, an arrival, a plan and three releases, the first of them pinned."""
    paths = settings.paths
    for path in (paths.config / "bureau.toml", paths.arrivals / "ab" / "abc", paths.plans / "甲区-2020.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name, encoding="utf-8")
    for _ in range(3):
        publish()
    Releases(paths.releases).pin(1)
    Registry(paths.registry).append("note.added", "note", "k", {"text": "甲"}, "王督学", "例行")
    return paths


def elsewhere(tmp_path: Path) -> Paths:
    return Settings(home=tmp_path / "other").paths


def test_a_restored_home_holds_the_same(small_home: Paths, tmp_path: Path) -> None:
    made = back_up(small_home, tmp_path / "backup", Releases(small_home.releases))
    other = elsewhere(tmp_path)
    done = restore(tmp_path / "backup", other)
    assert (done.files, done.events) == (made.files, 1)
    assert Registry(other.registry).events().equals(Registry(small_home.registry).events())
    for path in (other.config / "bureau.toml", other.arrivals / "ab" / "abc", other.plans / "甲区-2020.txt"):
        assert path.read_text(encoding="utf-8") == path.name
    releases = Releases(other.releases)
    assert releases.resolve().sequence == 3
    assert releases.sequences() == [1, 3]  # in force and pinned
    assert len(releases.ledger_files()) == 3  # history is an input
    assert Registry(other.registry).append("note.added", "note", "k", {"text": "乙"}, "王督学", "例行") == 2


def test_it_is_taken_while_people_act(small_home: Paths, tmp_path: Path) -> None:
    stop = threading.Event()

    def act() -> None:
        registry = Registry(small_home.registry)
        while not stop.is_set():
            registry.append("note.added", "note", "k", {"text": "甲"}, "王督学", "例行")

    worker = threading.Thread(target=act)
    worker.start()
    try:
        counts = [back_up(small_home, tmp_path / f"backup{n}", Releases(small_home.releases)).events for n in range(3)]
    finally:
        stop.set()
        worker.join()
    assert counts == sorted(counts)
    for n, count in enumerate(counts):
        numbers = Registry(tmp_path / f"backup{n}" / small_home.registry.name).events()["event_no"].to_list()
        assert numbers == list(range(1, count + 1))


def test_a_damaged_backup_is_refused_whole(small_home: Paths, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    back_up(small_home, folder, Releases(small_home.releases))
    (folder / "arrivals" / "ab" / "abc").write_text("other", encoding="utf-8")
    with pytest.raises(RegistryError, match=r"1 个文件缺失或损坏（arrivals/ab/abc"):
        restore(folder, elsewhere(tmp_path))
    assert not (tmp_path / "other").exists()
    (folder / LIST).unlink()
    with pytest.raises(RegistryError, match="不是备份文件夹"):
        restore(folder, elsewhere(tmp_path))


def test_nothing_is_overwritten(small_home: Paths, tmp_path: Path) -> None:
    back_up(small_home, tmp_path / "backup", Releases(small_home.releases))
    with pytest.raises(RegistryError, match="不是空文件夹"):
        back_up(small_home, tmp_path / "backup", Releases(small_home.releases))
    with pytest.raises(RegistryError, match="不是空的"):
        restore(tmp_path / "backup", small_home)
    with pytest.raises(RegistryError, match="没有可备份的"):
        back_up(elsewhere(tmp_path), tmp_path / "empty", Releases(small_home.releases))


@pytest.mark.soak
def test_a_restored_bureau_refreshes_to_the_same_figures(home: Path, tmp_path: Path) -> None:
    backup, other = tmp_path / "backup", tmp_path / "other"
    assert duban(home, "backup", str(backup)).code == 0
    assert duban(other, "restore", str(backup)).code == 0
    shutil.rmtree(other / "releases")  # so that everything is judged again from what was restored
    ran = duban(other, "refresh")
    assert ran.code == 0, ran.out + ran.err
    assert checksums(other) == checksums(home)


def checksums(home: Path) -> dict[str, str]:
    release = Releases(home / "releases").resolve()
    with duckdb.connect(str(release.path), read_only=True) as con:
        (content,) = con.execute("select content from release.info").fetchone() or ("{}",)
    return json.loads(content)["checksums"]
