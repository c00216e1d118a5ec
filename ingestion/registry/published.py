"""What acts take from a release: a commitment's gap, the digest of accepted data, year-end figures. Read-only.

An act rests on what people saw, and that is the release in force, not what landed since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from ingestion.registry.events import RegistryError
from ingestion.registry.vocabulary import accepted_digest
from ingestion.releases import Release, connect

LOWER_IS_BETTER = ("<=", "decrease")


@dataclass(frozen=True)
class Accepted:
    """The accepted data of one form, period and region: its digest and of how many submissions."""

    digest: str
    submission_count: int
    release_sequence: int


@dataclass(frozen=True)
class Gap:
    """Where one commitment stands; numbers are exact, None where there are none. `gap` is what is wanting."""

    row: dict[str, Any]
    gap: Decimal | None
    release_sequence: int


def accepted(release: Release, form_code: str, period_start_date: date, region_code: str) -> Accepted:
    """The digest as vocabulary.py defines it, over what stands in the release."""
    with connect(release) as con:
        rows = con.execute(
            "select s.reporter_code, f.sha256 from marts.fct_submissions s join marts.fct_files f using (file_id)"
            " where s.is_accepted and s.form_code = ? and s.period_start_date = ? and s.region_code = ?",
            [form_code, period_start_date, region_code],
        ).fetchall()
    return Accepted(accepted_digest(rows), len(rows), release.sequence)


def gap_of(release: Release, commitment_id: str) -> Gap:
    """Where a commitment stands in a release. Raises RegistryError where it is not in it."""
    with connect(release) as con:
        rows = _rows(
            con,
            "select a.*, c.quote, c.number_text, c.kind, c.responsible_unit, d.file_name"
            " from marts.fct_attainments a"
            " join marts.fct_commitments c on a.commitment_id = c.commitment_id"
            " join marts.dim_documents d on c.document_id = d.document_id"
            " where a.commitment_id = ? order by a.evaluation_date desc limit 1",
            [commitment_id],
        )
    if not rows:
        raise RegistryError(f"第 {release.sequence} 版中没有承诺 {commitment_id}，请先运行 duban refresh")
    row = rows[0]
    target, reached = row["target_value"], row["actual_value"]
    wanting = None
    if target is not None and reached is not None:
        is_lower = row["judged_operator"] in LOWER_IS_BETTER
        wanting = max(reached - target if is_lower else target - reached, Decimal(0))
    return Gap(row, wanting, release.sequence)


def deductions(release: Release) -> list[dict[str, Any]]:
    """What 绩效考评 takes off for reports, a row a report, the latest period first; appeals beside them."""
    with connect(release) as con:
        return _rows(
            con,
            "select * from marts.fct_assessment_deductions order by unit_code, period_start_date desc, form_code",
            [],
        )


def doubts(release: Release) -> list[dict[str, Any]]:
    """Open findings of a release that may be confirmed, those across forms and periods included, once each."""
    with connect(release) as con:
        return _rows(
            con,
            "select * from marts.fct_findings where is_open and severity in ('可疑', '宏观')"
            " qualify row_number() over (partition by finding_id order by file_id desc) = 1"
            " order by period_start_date desc, reporter_code, finding_id",
            [],
        )


def unfinished(release: Release) -> list[dict[str, Any]]:
    """Confirmed root commitments that the release does not show as met, with plan_year, light, status and figures."""
    with connect(release) as con:
        return _rows(
            con,
            "select c.commitment_id, d.file_name, c.quote, c.number_text, c.kind, c.plan_year, a.light, a.status,"
            " a.target_value, a.actual_value"
            " from marts.fct_commitments c"
            " join marts.dim_documents d on c.document_id = d.document_id"
            " join (select *, row_number() over (partition by commitment_id order by evaluation_date desc) as place"
            "       from marts.fct_attainments) a on a.commitment_id = c.commitment_id and a.place = 1"
            " where c.is_root and c.is_confirmed and not coalesce(a.is_met, false) and coalesce(a.light, '') <> '蓝'"
            " order by d.file_name, c.start_offset",
            [],
        )


def year_end_figures(release: Release, year: int) -> list[dict[str, Any]]:
    """The last value in a year of each indicator measured against 上年末, in the regions that have plans."""
    with connect(release) as con:
        return _rows(
            con,
            "select v.indicator_code, i.indicator_name, v.region_code, r.region_name, v.period_start_date, v.numerator,"
            " v.denominator, v.indicator_value, i.definition_version"
            " from marts.fct_indicator_values v"
            " join marts.dim_indicators i on v.indicator_code = i.indicator_code"
            " left join (select region_code, max(region_name) as region_name from marts.dim_regions group by 1) r"
            "  on v.region_code = r.region_code"
            " where year(v.period_start_date) = ? and v.indicator_value is not null"
            " and coalesce(i.baseline_reference, '上年末') = '上年末'"
            " and v.region_code in (select region_code from marts.dim_documents)"
            " qualify row_number() over (partition by v.indicator_code, v.region_code"
            "  order by v.period_start_date desc) = 1 order by v.indicator_code, v.region_code",
            [year],
        )


def _rows(con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
    result = con.execute(query, parameters)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
