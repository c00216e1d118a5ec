"""A source of configuration → a checked one: a workbook, a folder of workbooks, or a folder of CSV files.

Here: reading and checking as a whole. Not here: putting it in force (applying.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion.config.bureau import Bureau
from ingestion.config.checks import check
from ingestion.config.loader import Config, config_of, read_folder
from ingestion.config.problems import ConfigError, Problem
from ingestion.config.reading import ROW
from ingestion.config.rules import FILES
from ingestion.config.sheets import BUREAU, BUREAU_SCHEMA, Vocabulary
from ingestion.config.workbook_reading import BookReading, read_workbooks
from ingestion.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingestion.workbooks.forms import Form


class Refusal(Exception):
    """An act that is not done, in Chinese with what to do; nothing was changed."""


@dataclass(frozen=True)
class Source:
    """A checked source: its configuration and the version it was exported from (None: it does not say)."""

    config: Config
    base_version: int | None


def elements_of(forms: Mapping[str, Form]) -> dict[str, frozenset[str]]:
    """Element codes by form code."""
    return {code: frozenset(form.elements) for code, form in forms.items()}


def books_in(folder: Path) -> list[Path]:
    """The workbooks of a folder; what a spreadsheet program keeps beside an open file is none."""
    return sorted(path for path in folder.glob("*.xlsx") if path.name[0] not in "~.")


def read_source(path: Path, forms: Mapping[str, Form], settings: Settings) -> Source:
    """Read and check a source. Raises ConfigError with every problem, Refusal where there is nothing to read."""
    books = [path] if path.is_file() else books_in(path)
    if not books and (path / "regions.csv").is_file():
        return Source(read_folder(path, elements_of(forms)), None)
    if not books:
        raise Refusal(f"{path} 中没有配置工作簿（.xlsx）：请先运行 duban init，或 duban config export")
    reading = read_workbooks(books, Vocabulary.of(forms), settings)
    bureau, problems = _bureau(reading)
    problems += _check(reading, forms)
    if reading.problems or problems or bureau is None:
        raise ConfigError([*reading.problems, *problems])
    tables = {rules.table: reading.frames[key].drop(ROW) for key, rules in FILES.items()}
    return Source(config_of(tables, bureau), reading.base_version)


def _check(reading: BookReading, forms: Mapping[str, Form]) -> list[Problem]:
    """Faults of the checks in their cells; a cell that could not be read is not blamed for being empty as well."""
    unread = {(p.file, p.sheet, p.cell) for p in reading.problems if p.cell}
    located = [
        reading.located(problem)
        for problem in check(reading.frames, elements_of(forms), reading.unreadable, Vocabulary.of(forms).form_names)
        if problem.file in reading.places
    ]
    return [problem for problem in located if (problem.file, problem.sheet, problem.cell) not in unread]


def frames_of(config: Config) -> dict[str, pl.DataFrame]:
    """The frames of a configuration by key of sheet."""
    frames = {key: config.tables[rules.table] for key, rules in FILES.items()}
    frames[BUREAU] = pl.DataFrame([config.bureau.model_dump()], schema=BUREAU_SCHEMA)
    return frames


def _bureau(reading: BookReading) -> tuple[Bureau | None, list[Problem]]:
    frame = reading.frames[BUREAU]
    if BUREAU in reading.unreadable:
        return None, []
    locate: Callable[[Problem], Problem] = reading.located
    if frame.height != 1:
        rows = frame[ROW].to_list()[1:] or [0]
        message = "只填一行：请删去多余的行" if frame.height else "还没有填写：请填一行，至少写明单位名称"
        return None, [locate(Problem(BUREAU, row, "name", message)) for row in rows]
    said = frame.row(0, named=True)
    if said["name"] is None:
        return None, [locate(Problem(BUREAU, said[ROW], "name", "不能为空"))]
    return Bureau(name=said["name"], evaluation_date=said["evaluation_date"], is_demo=bool(said["is_demo"])), []
