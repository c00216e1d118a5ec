"""What people do to a configuration: check a source, apply it, bring an old version back, load a target set, export.

One service for the command and the pages. Everything is taken as a whole or refused as a whole; the one moment of
change is in versions.py. Here: the order of the steps and what may not happen unseen. Not here: what must hold
(checks.py), cells (workbook_*.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion.config.checks import check
from ingestion.config.differences import Difference, differences, rows_by_key
from ingestion.config.loader import OWN_FORMS, Config, config_of, load_config
from ingestion.config.problems import ConfigError, NoConfig
from ingestion.config.reading import ROW
from ingestion.config.rules import FILES
from ingestion.config.sheets import sheets
from ingestion.config.sources import Refusal, Source, books_in, elements_of, frames_of, read_source
from ingestion.config.targets import TargetSet
from ingestion.config.versions import Versions
from ingestion.config.workbook_writing import write_workbook
from ingestion.locks import writer_lock
from ingestion.settings import Paths, Settings

if TYPE_CHECKING:
    from ingestion.workbooks.forms import Form

WORKBOOK = "配置.xlsx"
MAX_SHOWN = 8


@dataclass(frozen=True)
class Applied:
    """What an act did: the new version's number (None: nothing differed) and how it differs from the one before.

    `workbook` says whether the home's own workbook shows the new version; None where there is none to show it.
    """

    number: int | None
    differences: list[Difference]
    workbook: bool | None = None


@dataclass(frozen=True)
class Act:
    """Who does it, why, when (UTC); `wait` seconds for another writer to end."""

    who: str
    why: str
    at: datetime
    wait: float = 60

    @staticmethod
    def now(who: str, why: str) -> Act:
        if not who.strip() or not why.strip():
            raise Refusal("请用 --by 写明经办人，用 --why 写明原因")
        return Act(who.strip(), why.strip(), datetime.now(UTC))


class ConfigService:
    """The configuration of one home."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.paths: Paths = settings.paths
        self.versions = Versions(self.paths.config)
        self.workbook = self.paths.config / WORKBOOK

    def forms(self) -> dict[str, Form]:
        from ingestion.workbooks.forms import load_forms

        return load_forms(extra=self.paths.home / OWN_FORMS)

    def current(self) -> Config | None:
        """The configuration in force; None before the first."""
        try:
            return load_config(self.paths.config, self._elements())
        except NoConfig:
            return None

    def version(self, number: int) -> Config:
        return config_of(self.versions.tables(number), self.versions.read(number).bureau)

    def read(self, path: Path) -> Source:
        """Read and check a source (see read_source), or the home's own workbooks. Raises ConfigError."""
        return read_source(path, self.forms(), self.settings)

    def counts(self, config: Config) -> dict[str, int]:
        """Rows of each sheet, by its title."""
        return {sheet.title: len(rows_by_key(config, sheet)) for sheet in sheets()}

    def apply(self, path: Path, act: Act, *, overwrite: bool = False) -> Applied:
        """Put a source in force as a new version. Raises ConfigError, Refusal, Busy.

        A source that was exported from an older version and would take back what came since is refused, unless
        `overwrite`.
        """
        with writer_lock(self.paths.locks, "duban config apply", act.wait):
            source = self.read(path)
            if not overwrite:
                self._refuse_stale(source)
            is_own = self.workbook.is_file() and path.resolve() in {
                self.workbook.resolve(),
                self.paths.config.resolve(),
            }
            return self._put(source.config, act, source=path.name, is_shown=is_own)

    def restore(self, number: int, act: Act) -> Applied:
        """Bring the content of an old version back, as a new one. Raises VersionError, Busy."""
        with writer_lock(self.paths.locks, "duban config rollback", act.wait):
            return self._put(self.version(number), act, source=f"第{number}版", restored=number)

    def load_set(self, target_set: TargetSet, act: Act) -> Applied:
        """Add the cards and thresholds of a target set; rows of the same keys are replaced. Raises ConfigError."""
        rows = {"config__indicators": target_set.cards, "config__target_sets": target_set.targets}
        return self.add_rows(rows, act, source=f"目标集{target_set.code}")

    def add_rows(self, added: Mapping[str, pl.DataFrame], act: Act, *, source: str) -> Applied:
        """Add rows to tables in force; those of the same keys are replaced. Raises ConfigError, Refusal, Busy."""
        with writer_lock(self.paths.locks, "duban config", act.wait):
            current = self.current()
            if current is None:
                raise Refusal("还没有采用过配置：请先填写工作簿并运行 duban config apply")
            tables = dict(current.tables)
            for table, rows in added.items():
                key = next(rules.key for rules in FILES.values() if rules.table == table)
                kept = tables[table].join(rows, on=key, how="anti", nulls_equal=True)
                tables[table] = pl.concat([kept, rows])
            self._check_tables(tables)
            return self._put(config_of(tables, current.bureau), act, source=source)

    def export(self, path: Path, number: int | None = None) -> None:
        """Write a version (default: the one in force) as a workbook. Raises Refusal, VersionError."""
        config = self.version(number) if number else self.current()
        if config is None:
            raise Refusal("还没有采用过配置，没有可导出的")
        current = self.versions.current()
        stated = number or (current.number if current else 0)
        write_workbook(path, frames_of(config), self.forms(), version_no=stated)

    def _elements(self) -> dict[str, frozenset[str]]:
        return elements_of(self.forms())

    def _check_tables(self, tables: dict[str, pl.DataFrame]) -> None:
        frames = {key: tables[rules.table].with_row_index(ROW, offset=2) for key, rules in FILES.items()}
        frames = {key: frame.with_columns(pl.col(ROW).cast(pl.Int64)) for key, frame in frames.items()}
        problems = check(frames, self._elements())
        if problems:
            title = {sheet.key: sheet.title for sheet in sheets()}
            raise ConfigError([replace(problem, file=title[problem.file]) for problem in problems])

    def _refuse_stale(self, source: Source) -> None:
        current = self.versions.current()
        if source.base_version is None or current is None or not 0 < source.base_version < current.number:
            return
        base, now = self.version(source.base_version), self.version(current.number)
        taken_back = []
        for sheet in sheets():
            old, new, asked = (rows_by_key(config, sheet) for config in (base, now, source.config))
            changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
            taken_back += [
                f"{sheet.title} {'·'.join(map(str, key))}" for key in changed if asked.get(key) == old.get(key)
            ]
        if taken_back:
            shown = "、".join(sorted(taken_back)[:MAX_SHOWN]) + ("…" if len(taken_back) > MAX_SHOWN else "")
            raise Refusal(
                f"此工作簿取自第{source.base_version}版，现行是第{current.number}版；采用它会撤销其后的 "
                f"{len(taken_back)} 处改动（{shown}）。请先 duban config export 取得现行配置再改；"
                "确要撤销，加 --overwrite"
            )

    def _put(
        self, config: Config, act: Act, *, source: str, restored: int | None = None, is_shown: bool = False
    ) -> Applied:
        before = self.current()
        found = differences(before, config)
        if not found and self.versions.current():
            return Applied(None, [])
        is_shown = is_shown or self._shows(before)
        number = self.versions.add(config.tables, record(config, act, source=source, restored=restored))
        if is_shown:
            self.export(self.workbook)
        return Applied(number, found, is_shown if self.workbook.is_file() else None)

    def _shows(self, before: Config | None) -> bool:
        """Whether the home's workbook holds exactly the version in force, so that it may follow the new one."""
        if before is None or books_in(self.paths.config) != [self.workbook]:
            return False
        try:
            return self.read(self.workbook).config.digest() == before.digest()
        except ConfigError:
            return False


def record(config: Config, act: Act, *, source: str, restored: int | None = None) -> dict[str, Any]:
    """What a version keeps of the act that made it."""
    return {
        "applied_at": act.at.isoformat(timespec="seconds"), "applied_by": act.who, "reason": act.why,
        "digest": config.digest(), "source": source, "restored": restored,
        "bureau": config.bureau.model_dump(mode="json"),
    }  # fmt: skip
