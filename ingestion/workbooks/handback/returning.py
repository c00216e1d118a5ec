"""Open findings of a release: what a school gets back, and what a new attempt has closed.

Reads releases and the kept bytes only. Not here: which finding is open (SQL, fct_findings), how a workbook is marked
(marking.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingestion.releases import Release, connect
from ingestion.sandbox import Failure, Limits, Pool
from ingestion.settings import Settings
from ingestion.workbooks.containers import Budget
from ingestion.workbooks.forms import Form
from ingestion.workbooks.handback.listing import listed
from ingestion.workbooks.handback.records import Mark
from ingestion.workbooks.periods import parse_period

PRIVATE_RULE = "PRV01"
_OWN_FILES = """
select
    files.file_id, any_value(files.file_name) as file_name, any_value(files.sha256) as sha256,
    any_value(findings.form_code) as form_code, any_value(findings.period_start_date) as period_start_date
from fct_findings as findings
inner join fct_files as files on findings.file_id = files.file_id
where findings.is_open and files.file_kind = 'workbook' and {}
group by files.file_id
order by max(files.received_at) desc, files.file_id desc
"""
_FINDINGS = """
select finding_id, coalesce(sheet_name, ''), coalesce(cell, ''), coalesce(raw_value, ''), severity, rule_code, message,
    coalesce(fix, '')
from fct_findings
where is_open and file_id = ? and (? = '' or reporter_code = ? or reporter_code is null)
order by list_position(['结构', '有效性', '可疑', '宏观'], severity), sheet_name, length(cell), cell, finding_id
"""
_REPORTERS = """
select count(distinct reporter_code) from (
    select reporter_code from fct_actuals where file_id = $1
    union all select reporter_code from fct_actuals_superseded where file_id = $1
    union all
    select coalesce(reporter_code, raw_value) from fct_findings
    where file_id = $1 and (reporter_code is not null or cause_key like '%/未登记/%'))
"""


class CorrectionsError(Exception):
    """Nothing can be given back; the message is Chinese and says what to do."""


@dataclass(frozen=True)
class Returned:
    """What is given back of one file. `reason` says why it is only a list, '' where the original is marked."""

    file_id: int
    file_name: str
    form_code: str
    period_start_date: date | None
    count: int
    content: bytes
    reason: str


def corrections(
    release: Release, settings: Settings, forms: dict[str, Form], school: str, *, form: str = "", period: str = "",
    file_id: int = 0,
) -> list[Returned]:  # fmt: skip
    """The workbooks of a school (or the one file) with open findings, newest first. Raises CorrectionsError."""
    where, parameters = _condition(forms, school, form, period, file_id)
    with connect(release) as con:
        con.execute("set schema = 'marts'")
        files = con.execute(_OWN_FILES.format(where), parameters).fetchall()
        if not files:
            raise CorrectionsError(
                "没有待改的问题" + ("：请核对 --form、--period 和学校代码" if form or period else "")
            )
        return [_returned(con, settings, school if not file_id else "", file) for file in files]


def _condition(forms: dict[str, Form], school: str, form: str, period: str, file_id: int) -> tuple[str, list[Any]]:
    if file_id:
        return "findings.file_id = ?", [file_id]
    if form and form not in forms:
        raise CorrectionsError(f"没有表样“{form}”；现有：{'、'.join(forms)}")
    where, parameters = "findings.reporter_code = ?", [school]
    if form:
        where, parameters = f"{where} and findings.form_code = ?", [*parameters, form]
    if period:
        starts = {parse_period(period, f.frequency) for f in forms.values() if not form or f.code == form} - {None}
        if not starts:
            raise CorrectionsError(f"报告期“{period}”无法识别：请写成 2020年9月、2020年秋季学期 或 2020-2021学年")
        where += f" and findings.period_start_date in ({', '.join('?' * len(starts))})"
        parameters = [*parameters, *sorted(filter(None, starts))]
    return where, parameters


def _returned(con: duckdb.DuckDBPyConnection, settings: Settings, school: str, file: tuple[Any, ...]) -> Returned:
    file_id, file_name, sha256, form_code, period = file
    rows = con.execute(_FINDINGS, [file_id, school, school]).fetchall()
    marks = tuple(Mark(*row) for row in rows)
    (reporters,) = con.execute(_REPORTERS, [file_id]).fetchone() or (0,)
    if any(mark.rule_code == PRIVATE_RULE for mark in marks):
        content, reason = b"", "原文件含有个人信息，不予退回"
    elif school and reporters > 1:
        reason = f"原文件是汇总表，含 {reporters} 个填报单位，只列出本单位的问题（整份退给汇总人请用 --file）"
        content = b""
    else:
        content, reason = _mark(settings, settings.paths.arrivals / sha256[:2] / sha256, file_name, marks)
    content = content or listed(marks, file_name, reason)
    return Returned(file_id, file_name, form_code or "", period, len(marks), content, reason)


def _mark(settings: Settings, path: Path, file_name: str, marks: tuple[Mark, ...]) -> tuple[bytes, str]:
    if not path.is_file():
        return b"", "原文件已不在库中"
    budget = Budget(settings.max_expanded_mb * 2**20, settings.max_cells)
    limits = Limits(settings.parser_memory_mb, settings.parser_seconds)
    target = "ingestion.workbooks.handback.marking:handler"
    with Pool(target, budget, workers=1, limits=limits) as pool:
        chunks = pool.run(iter([[(str(path), file_name, marks)]]))
        (result,) = [result for chunk in chunks for _, result in chunk]
    if isinstance(result, Failure):
        return b"", "原文件无法标注"
    return (b"", result) if isinstance(result, str) else (result, "")


def closed_and_open(
    release: Release, subjects: list[tuple[str, str, date]], found: set[str]
) -> tuple[list[str], list[str]]:
    """Of the findings that stood open for these (form, reporter, period): those not found again, and those that were.

    Findings of rules across files are left out: one workbook alone cannot answer them.
    """
    query = """select finding_id from fct_findings where is_open and not is_across_files
        and form_code = ? and reporter_code = ? and period_start_date = ? order by finding_id"""
    before: list[str] = []
    with connect(release) as con:
        con.execute("set schema = 'marts'")
        for subject in subjects:
            before += [finding for (finding,) in con.execute(query, list(subject)).fetchall()]
    return [f for f in before if f not in found], [f for f in before if f in found]
