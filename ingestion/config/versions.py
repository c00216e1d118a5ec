"""Applied versions of a configuration: folders that are only ever added, each with its tables, who, when and why.

    config/versions/000001/version.json    number, who, when, why, digest, the bureau's own line
    config/versions/000001/<table>.parquet

The highest number is in force. A version is made whole in a folder beside and renamed to its number: that rename is the
one moment at which anything changes. Here: keeping and reading them. Not here: what may become one (applying.py).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from ingestion.config.bureau import Bureau
from ingestion.durable import fsync_file, fsync_folder, reach, replace_json
from ingestion.tables import CONFIG, empty

FOLDER = "versions"
DERIVED = ("config__versions", "config__indicator_terms")
KEPT = tuple(table for table in CONFIG if table not in DERIVED)


class VersionError(Exception):
    """A version that is not there, or whose files are damaged."""


@dataclass(frozen=True)
class Version:
    """What is known of one version; `applied_at` is UTC, `restored` the version whose content it brought back."""

    number: int
    applied_at: datetime
    applied_by: str
    reason: str
    digest: str
    source: str
    restored: int | None
    bureau: Bureau


class Versions:
    """The versions below a configuration folder, oldest first."""

    def __init__(self, config_dir: Path) -> None:
        self.folder = config_dir / FOLDER

    def numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.folder.iterdir() if re.fullmatch(r"\d{6}", path.name))

    def current(self) -> Version | None:
        """The version in force, None before the first."""
        numbers = self.numbers()
        return self.read(numbers[-1]) if numbers else None

    def history(self) -> list[Version]:
        return [self.read(number) for number in self.numbers()]

    def read(self, number: int) -> Version:
        """Raises VersionError where there is no such version or its record cannot be read."""
        path = self._folder(number) / "version.json"
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return Version(
                number=number,
                applied_at=datetime.fromisoformat(said["applied_at"]),
                applied_by=said["applied_by"],
                reason=said["reason"],
                digest=said["digest"],
                source=said["source"],
                restored=said["restored"],
                bureau=Bureau.model_validate(said["bureau"], strict=False),
            )
        except FileNotFoundError:
            known = f"现有第1至{self.numbers()[-1]}版" if self.numbers() else "还没有采用过配置"
            raise VersionError(f"没有第{number}版配置（{known}）") from None
        except (ValueError, KeyError) as error:
            raise VersionError(f"第{number}版配置的记录损坏：{path}；请从备份恢复") from error

    def tables(self, number: int) -> dict[str, pl.DataFrame]:
        """The tables of one version with today's schema: a column that came later is empty. Raises VersionError."""
        self.read(number)
        try:
            return {table: self._table(number, table) for table in KEPT}
        except (OSError, pl.exceptions.PolarsError) as error:
            raise VersionError(f"第{number}版配置的文件损坏：{self._folder(number)}；请从备份恢复") from error

    def as_table(self) -> pl.DataFrame:
        """All versions with the schema of config__versions."""
        known = self.history()
        rows = [(v.number, v.applied_at, v.applied_by, v.reason, v.digest, v.restored, v is known[-1]) for v in known]
        return pl.DataFrame(rows, schema=CONFIG["config__versions"], orient="row")

    def add(self, tables: Mapping[str, pl.DataFrame], about: Mapping[str, Any]) -> int:
        """Put a new version in force and return its number; the caller is the only writer.

        `about` has applied_at (ISO, UTC), applied_by, reason, digest, source, restored and bureau. A crash leaves the
        old version in force, or the new one whole.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(".new-*"):  # of a crash
            shutil.rmtree(left)
        number = max(self.numbers(), default=0) + 1
        new = self.folder / f".new-{number:06d}"
        new.mkdir()
        for table in KEPT:
            path = new / f"{table}.parquet"
            tables[table].write_parquet(path)
            fsync_file(path)
            reach(f"config:wrote-{table}")
        replace_json(new / "version.json", dict(about))
        fsync_folder(new)
        reach("config:made")
        new.rename(self._folder(number))
        reach("config:renamed")
        fsync_folder(self.folder)
        return number

    def _table(self, number: int, table: str) -> pl.DataFrame:
        path = self._folder(number) / f"{table}.parquet"
        if not path.exists():  # the table came with a later release of the software
            return empty(table)
        frame = pl.read_parquet(path)
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in CONFIG[table].items()
        )

    def _folder(self, number: int) -> Path:
        return self.folder / f"{number:06d}"
