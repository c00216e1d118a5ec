"""Word papers as files: which release a month's paper rests on, which template, where it goes. Wording is the app's.

Unattended: nothing is asked, nothing is read from the clock; the same release gives the same words.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from app.paper_templates import BULLETIN, NOTICE, SHIPPED, file_names
from ingestion.releases import Release, Releases
from ingestion.settings import Paths

if TYPE_CHECKING:
    from app.context import RunContext

# warns once a question that answers are kept in memory
SERVERLESS_REMARKS = "streamlit.runtime.caching.cache_data_api"


class ReportError(Exception):
    """Why no paper can be made, in Chinese, and what to do."""


@dataclass(frozen=True)
class Written:
    """Files of one release; `unnamed` counts red and yellow commitments that no unit answers for."""

    files: list[Path]
    run: RunContext
    unnamed: int = 0

    @property
    def basis(self) -> str:
        """What the papers rest on, for the person who ran the command."""
        demo = "；演示数据，不代表任何单位的实际情况" if self.run.is_demo else ""
        return f"依据第{self.run.release.sequence}版，数据截至 {self.run.evaluation_date}{demo}"


def releases_of(paths: Paths, month: date | None) -> list[Release]:
    """Kept releases judged in the month (its first day), oldest first; without one, of the month of the current one.

    Releases above the current one were rolled back and do not count. Raises NoRelease, and ReportError for a month
    that no kept release was judged in.
    """
    own = Releases(paths.releases)
    current = own.resolve()
    months: dict[date, list[Release]] = {}
    for sequence in own.sequences():
        release = current if sequence == current.sequence else own.find(sequence)
        if release and sequence <= current.sequence:
            months.setdefault(_day(release).replace(day=1), []).append(release)
    asked = month or _day(current).replace(day=1)
    if asked not in months:
        kept = "、".join(f"{first:%Y-%m}" for first in sorted(months))
        raise ReportError(
            f"数据中没有 {asked:%Y-%m}：现存各版的评价日期在 {kept}。"
            f"请换一个月份，或用 duban refresh --evaluation-date {asked:%Y-%m}-28 按该月评价一次"
        )
    return months[asked]


def write_template(target: Path, *, of_notice: bool) -> Path:
    """Copy the shipped template for editing; nothing is written over."""
    if target.exists():
        raise ReportError(f"{target} 已经存在：请换一个文件名")
    return _write(target.parent, target.name, (SHIPPED / (NOTICE if of_notice else BULLETIN)).read_bytes())


def write_bulletin(paths: Paths, month: date | None, out: Path | None) -> Written:
    """Write the 通报 of a month into a folder, over an earlier one of the same release."""
    of_month = releases_of(paths, month)
    with _answers():
        from app.word_papers import bulletin_paper

        run = _run(of_month[-1])
        first = run.evaluation_date.replace(day=1)
        content = bulletin_paper(paths, run, of_month)
    name = f"督查通报_{first:%Y-%m}_第{run.release.sequence}版.docx"
    return Written([_write(_folder(paths, out, first), name, content)], run)


def write_notices(paths: Paths, month: date | None, unit: str, out: Path | None) -> Written:
    """Write a 督办单 for every unit that owes something, or for the one asked for.

    Files of an earlier run of the same release are replaced. Raises ReportError where no unit has that name.
    """
    release = releases_of(paths, month)[-1]
    with _answers():
        from app.notices import known_units
        from app.word_papers import notice_papers

        run = _run(release)
        papers, unnamed = notice_papers(paths, run, unit)
        if unit and not papers and unit not in (known := known_units(run)):
            like = sorted(name for name in known if unit in name)[:5] or known[:5]
            raise ReportError(f"没有名为“{unit}”的单位；相近的有：{'、'.join(like) or '无'}")
    folder = _folder(paths, out, run.evaluation_date.replace(day=1))
    files = [_write(folder, name, papers[unit_name]) for unit_name, name in file_names(papers).items()]
    return Written(files, run, unnamed)


@contextmanager
def _answers() -> Iterator[None]:
    """The app's questions outside its server: without its remark on that; what is wrong in words."""
    from app.filling import TemplateError

    remarks = logging.getLogger(SERVERLESS_REMARKS)
    was, remarks.disabled = remarks.disabled, True
    try:
        yield
    except TemplateError as error:
        raise ReportError(str(error)) from error
    except duckdb.CatalogException as error:
        raise ReportError("这一版由较早的程序发布，缺少通报所需的表：请先运行 duban refresh") from error
    finally:
        remarks.disabled = was


def _run(release: Release) -> RunContext:
    from app.context import RunContext

    return RunContext(release, release.info(), None, None)


def _day(release: Release) -> date:
    return date.fromisoformat(str(release.info()["evaluation_date"]))


def _folder(paths: Paths, out: Path | None, first: date) -> Path:
    return out or paths.home / "reports" / f"{first:%Y-%m}"


def _write(folder: Path, name: str, content: bytes) -> Path:
    """The whole file or none: a reader never meets half a paper."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{name}.tmp"
        half.write_bytes(content)
        return half.replace(folder / name)
    except OSError as error:
        raise ReportError(f"写不到 {folder}：{error.strerror or error}。请用 --out 换一个文件夹") from error
