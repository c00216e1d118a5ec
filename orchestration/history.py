"""Figures as they were published: read from the ledger, and made again from what was kept.

Here: which published row answers "as of", and whether today's inputs and code still give it. The ledger files are
ingestion/releases.py's, the marts dbt's. No printing and no Dagster.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from ingestion.landing import Landing
from ingestion.releases import NoRelease, Releases
from ingestion.settings import Paths
from orchestration.inputs import Part, compare, record

LEAST_PREFIX = 4
FOREVER = date(9998, 12, 31)
# column of the ledger → column of fct_attainments
FIGURES = {
    "light": "light", "status": "status", "attained_value": "actual_value", "target_value": "target_value",
    "progress_pct": "progress_pct", "lag": "lag",
}  # fmt: skip


class HistoryError(Exception):
    """No published figure answers; the message is Chinese and says what to do."""


@dataclass(frozen=True)
class Asked:
    """What is asked of the ledger: the last release that judged a day not after `day`, was published (UTC) not after
    `published_by`, or is `sequence`; of all figures or of those whose commitment begins with `figure`."""

    day: date | None = None
    published_by: date | None = None
    sequence: int | None = None
    figure: str = ""


def as_of(releases: Releases, asked: Asked) -> list[dict[str, Any]]:
    """Rows of one release exactly as they were published, ordered by commitment. Raises HistoryError."""
    files = releases.ledger_files()
    if not files:
        raise HistoryError("尚未发布任何版本：请先运行 duban refresh")
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        con.read_parquet([str(path) for path in files], union_by_name=True).create_view("ledger")
        found = con.execute(
            "select max(release_seq) from ledger where evaluation_date <= ? and published_at < ?"
            " and release_seq = coalesce(?, release_seq)",
            [asked.day or FOREVER, (asked.published_by or FOREVER) + timedelta(days=1), asked.sequence],
        ).fetchone()
        if found is None or found[0] is None:
            raise HistoryError("这之前没有发布过数据：历次发布见 duban sql 中的 fct_attainments_published")
        rows = con.execute(
            "select columns(lambda c: c != 'light_changes') from ledger"
            " where release_seq = ? and starts_with(commitment_id, ?) order by commitment_id",
            [found[0], asked.figure],
        )
        names = [column[0] for column in rows.description or []]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


@dataclass(frozen=True)
class Reproduction:
    """One published figure beside what the inputs kept and the SQL in place give for the same day.

    `parts` tells of each part of what it was made from how it differs now, None where its release recorded nothing.
    """

    published: dict[str, Any]
    made: dict[str, Any] | None
    parts: list[Part] | None

    @property
    def differences(self) -> list[str]:
        """Columns of the ledger that differ; all of them where the commitment is gone."""
        if self.made is None:
            return list(FIGURES)
        return [name for name in FIGURES if self.published[name] != self.made[name]]


def reproduce(
    paths: Paths, releases: Releases, figure: str, sequence: int | None = None, day: date | None = None
) -> Reproduction:
    """Build a published figure again for its day (or another), in a database of its own.

    Raises HistoryError, DbtFailed.
    """
    if len(figure) < LEAST_PREFIX:
        raise HistoryError(f"承诺编号“{figure}”太短：请至少给出前 {LEAST_PREFIX} 位")
    try:
        wanted = sequence if sequence is not None else releases.resolve().sequence
    except NoRelease as error:
        raise HistoryError(str(error)) from error
    rows = as_of(releases, Asked(sequence=wanted, figure=figure))
    if len(rows) != 1:
        raise HistoryError(f"第 {wanted} 版有 {len(rows)} 项承诺以“{figure}”开头：请核对，或多给几位")
    (published,) = rows
    landing = Landing(paths.landing)
    judged = day or published["evaluation_date"]
    made = _made_again(paths, landing, judged, published["commitment_id"])
    then = releases.made_from(wanted)
    if not then:
        return Reproduction(published, made, None)
    now = record(landing, releases, judged, before=wanted)
    return Reproduction(published, made, compare(json.loads(then), now, landing))


def _made_again(paths: Paths, landing: Landing, day: date, commitment_id: str) -> dict[str, Any] | None:
    from orchestration.warehouse import build_marts

    with _scratch(paths) as scratch:
        bad = [node for node in build_marts(scratch, landing, Releases(scratch.releases), day) if node.is_bad]
        if bad:
            raise HistoryError("重算未通过审核：" + "；".join(node.name for node in bad[:5]))
        columns = ", ".join(f"{mart} as {ledger}" for ledger, mart in FIGURES.items())
        with duckdb.connect(str(scratch.warehouse), read_only=True) as con:
            found = con.execute(
                f"select {columns} from marts.fct_attainments where commitment_id = ?", [commitment_id]
            ).fetchone()
    return None if found is None else dict(zip(FIGURES, found, strict=True))


@contextmanager
def _scratch(paths: Paths) -> Iterator[Paths]:
    """Places beside the home's own for one build; the home's build database and releases stay as they are."""
    folder = paths.home / "warehouse" / "reproduction"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield Paths(folder, None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
