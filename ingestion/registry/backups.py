"""A copy of all that a bureau cannot make again: log, configuration, arrivals, plans, own forms, ledger, releases.

What can be made again (landing, build database, older releases) is not copied: a restored home is refreshed. The log is
copied while people go on writing to it; the rest under the writer's lock, which the caller holds.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingestion.config.loader import OWN_FORMS
from ingestion.durable import fsync_folder, replace_json
from ingestion.registry.events import RegistryError
from ingestion.releases import Releases
from ingestion.settings import Paths

LIST = "backup.json"
_FORMAT = 1


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    folder: Path
    files: int
    size_bytes: int
    events: int


def back_up(paths: Paths, folder: Path, releases: Releases) -> Backup:
    """Copy the home into an empty folder, with a list of checksums. Raises RegistryError where it is not empty."""
    if folder.exists() and any(folder.iterdir()):
        raise RegistryError(f"{folder} 不是空文件夹：请换一个，以免混入别的文件")
    if not paths.config.is_dir():
        raise RegistryError(f"{paths.home} 里还没有配置，没有可备份的")
    folder.mkdir(parents=True, exist_ok=True)
    _copy_database(paths.registry, folder / paths.registry.name)
    _copy_database(paths.arrivals / "register.sqlite", folder / "arrivals" / "register.sqlite")
    for source in (paths.arrivals, paths.config, paths.plans, paths.home / OWN_FORMS, paths.inbox):
        if source.is_dir():
            ignored = shutil.ignore_patterns("register.sqlite*", ".new-*")
            shutil.copytree(source, folder / _place(paths, source), dirs_exist_ok=True, ignore=ignored)
    _copy_releases(releases, folder / "releases")
    listed = {str(p.relative_to(folder)): _digest(p) for p in sorted(folder.rglob("*")) if p.is_file()}
    events = _event_count(folder / paths.registry.name)
    replace_json(folder / LIST, {"format": _FORMAT, "files": listed, "events": events})
    return Backup(folder, len(listed), sum((folder / name).stat().st_size for name in listed), events)


def restore(folder: Path, paths: Paths) -> Backup:
    """Put a backup into a home that holds nothing yet, each file checked first.

    Raises RegistryError where the backup is damaged or the home is not empty.
    """
    try:
        content = json.loads((folder / LIST).read_text("utf-8"))
        listed: dict[str, str] = content["files"]
    except (OSError, ValueError, KeyError):
        raise RegistryError(f"{folder} 不是备份文件夹（没有可读的 {LIST}）") from None
    if paths.home.exists() and any(paths.home.iterdir()):
        raise RegistryError(f"{paths.home} 不是空的：请用 DUBAN_HOME 指定一个空文件夹来恢复，核对后再换过去")
    wrong = [name for name, digest in listed.items() if not _is_whole(folder / name, digest)]
    if wrong:
        raise RegistryError(
            f"备份中有 {len(wrong)} 个文件缺失或损坏（{'、'.join(wrong[:3])}…），没有恢复，请换另一份备份"
        )
    new = paths.home / ".restoring"
    for name in listed:
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, target)
    # the configuration last: it is the sign that a home is whole (home.py)
    for item in sorted(new.iterdir(), key=lambda item: item.name == paths.config.name):
        item.replace(paths.home / item.name)
    new.rmdir()
    fsync_folder(paths.home)
    size = sum((folder / name).stat().st_size for name in listed)
    return Backup(folder, len(listed), size, content["events"])


def _place(paths: Paths, source: Path) -> str:
    return "plans" if source == paths.plans else source.name


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite file in use, as one file without a log beside it."""
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("pragma journal_mode = delete")
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("pragma journal_mode = wal")


def _copy_releases(releases: Releases, target: Path) -> None:
    """CURRENT, every ledger file (history is an input), and the release files in force and pinned."""
    pointer = releases.pointer()
    if pointer is None:
        return
    target.mkdir(parents=True, exist_ok=True)
    for path in releases.ledger_files():
        shutil.copy2(path, target / path.name)
    for sequence in {pointer.current, *pointer.pinned}:
        path = releases.folder / f"{sequence:06d}.duckdb"
        if path.exists():
            shutil.copy2(path, target / path.name)
    shutil.copy2(releases.pointer_path, target / releases.pointer_path.name)


def _event_count(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as copy:
        return copy.execute("select count(*) from events").fetchone()[0]


def _is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and _digest(path) == digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
