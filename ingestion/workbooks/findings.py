"""Findings as rows: where, what, and what to do, with ids that stay the same and causes that group them.

Here: the shape of intake__findings. Not here: the rules (forms/*/rules.csv) and the reader's own checks. A finding is
the same in every attempt of a reporter: its id is made of form, reporter, period, rule, element and record, never of
the file or the cell, so that a resubmission closes findings by id. Of what nobody can be held to (a file that does not
open) the file's name stands for the reporter.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import polars as pl

from ingestion.tables import INTAKE
from ingestion.workbooks.assembly import ROW
from ingestion.workbooks.batches import Batch
from ingestion.workbooks.readings import a1
from ingestion.workbooks.reporters import REGISTERED

TABLE = "intake__findings"
STRUCTURE, SUSPECT = "结构", "可疑"
HOLDING = {"STR06", "STR08", "STR09"}  # the reader's findings whose cells are held though the file goes on
_OF_SHEET = ("file_id", "sheet_no", "sheet_name", "form_code", "element_code", "reporter_code")
_ABOUT_SHEET = (
    "file_id", "sheet_no", "sheet_name", "period_start_date", "is_across", "reporter_code", "code_text", "name_text",
)  # fmt: skip


def finding_id(*parts: Any) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


def from_problems(batch: Batch, heads: pl.DataFrame, file_names: dict[int, str]) -> pl.DataFrame:
    """Findings of the reader, with sheet_no and blocks besides the table's columns.

    `heads` are the sheets with file_id, sheet_no, reporter_code, name_text, code_text.
    """
    names = ["file_id", "sheet_no", "reporter_code", "code_text", "name_text"]
    who = {(f, s): (code, code or told or name or "") for f, s, code, told, name in heads.select(names).iter_rows()}
    rows = []
    for file_id, sheet_no, sheet_name, form_code, period, p in batch.problems:
        reporter_code, reporter = who.get((file_id, sheet_no), (None, ""))
        about = (form_code, reporter, period) if form_code and reporter else (file_names.get(file_id), sheet_name)
        rows.append({
            "identity": (*about, p.code),
            "file_id": file_id,
            "reporter_code": reporter_code,
            "sheet_no": sheet_no,
            "sheet_name": sheet_name,
            "cell": a1(p.row_no, p.column_no),
            "raw_value": p.raw,
            "rule_code": p.code,
            "severity": STRUCTURE if p.blocks or p.code in HOLDING else SUSPECT,
            "message": p.message,
            "fix": p.fix,
            "form_code": form_code,
            "period_start_date": period,
            "cause_key": f"{form_code}/{p.code}/{finding_id(p.message)}",
            "blocks": p.blocks,
        })  # fmt: skip
    return _table(rows)


def from_gates(failed: pl.DataFrame, typed: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Findings of failed gates, each on the cell of its first element; the message names the other cells too."""
    cells = typed.select(*ROW, "element_code", "column_no", "raw_text")
    numbered = failed.with_row_index("failure_no")
    others = (
        numbered.select("failure_no", *ROW, pl.col("held_elements").list.slice(1).alias("element_code"))
        .explode("element_code")
        .join(cells.drop("raw_text"), on=[*ROW, "element_code"])
        .group_by("failure_no", maintain_order=True)
        .agg(pl.col("column_no").alias("other_columns"))
    )
    about = rows.select(
        *ROW, "reporter_code", "reporter_state", "period_start_date", "sheet_name", "name_text", "code_text",
        "is_across", "record_key",
    )  # fmt: skip
    found = numbered.join(cells, on=[*ROW, "element_code"], how="left", maintain_order="left").join(
        about, on=ROW, how="left", maintain_order="left"
    )
    found = found.join(others, on="failure_no", how="left", maintain_order="left")
    return _table(_gate_row(row) for row in found.iter_rows(named=True))


def _address(row: dict[str, Any], column_no: int | None) -> str:
    return a1(column_no, row["row_no"]) if row["is_across"] else a1(row["row_no"], column_no)


def _gate_row(row: dict[str, Any]) -> dict[str, Any]:
    cell = _address(row, row["column_no"])
    message, cause = row["message"], f"{row['form_code']}/{row['rule_code']}/{row['element_code']}"
    if row["whole_row"] and row["reporter_state"] != REGISTERED:
        who = "，".join(filter(None, [row["code_text"], row["name_text"]]))
        message, cause = f"{message}：{who}（{row['reporter_state']}）", f"{cause}/{row['reporter_state']}/{who}"
    place = f"工作表“{row['sheet_name']}”" if row["sheet_name"] else ""
    place += "、".join(filter(None, [cell, *(_address(row, column) for column in row["other_columns"] or [])]))
    return {
        **{
            name: row[name]
            for name in ("file_id", "sheet_no", "sheet_name", "rule_code", "severity", "fix", "form_code")
        },
        "identity": (
            row["form_code"],
            row["reporter_code"] or row["code_text"] or row["name_text"],
            row["period_start_date"],
            row["rule_code"],
            row["element_code"],
            row["record_key"],
        ),
        "cell": cell,
        "raw_value": row["raw_text"],
        "message": f"{place}：{message}",
        "reporter_code": row["reporter_code"],
        "period_start_date": row["period_start_date"],
        "element_code": row["element_code"],
        "cause_key": cause,
        "blocks": row["blocks"],
        "row_no": row["row_no"],
    }


def from_names(rows: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """One 可疑 finding for each reporter whose name belongs to another code of the register."""
    other = rows.filter(pl.col("other_code").is_not_null())
    cells = typed.filter(pl.col("element_code") == "school_name").select(*ROW, "column_no", "raw_text")
    about = other.join(cells, on=ROW, how="left", maintain_order="left")
    return _table(
        {
            "identity": (row["form_code"], row["reporter_code"], row["period_start_date"], "NAM01"),
            **{name: row[name] for name in ("file_id", "sheet_no", "sheet_name", "form_code", "reporter_code")},
            "cell": _address(row, row["column_no"]),
            "raw_value": row["raw_text"] or row["name_text"],
            "rule_code": "NAM01",
            "severity": SUSPECT,
            "message": f"代码 {row['reporter_code']} 与名称“{row['name_text']}”不是同一个单位，"
            f"该名称在名录中是 {row['other_code']}；已按代码接收",
            "fix": "请核对代码和名称，改正写错的一个",
            "period_start_date": row["period_start_date"],
            "element_code": "school_name",
            "cause_key": f"{row['form_code']}/NAM01/school_name",
            "blocks": False,
        }
        for row in about.unique(["file_id", "sheet_no", "reporter_code"], maintain_order=True).iter_rows(named=True)
    )


def from_totals(
    typed: pl.DataFrame, totals: pl.DataFrame, sheets: pl.DataFrame, rates: pl.DataFrame | None = None
) -> pl.DataFrame:
    """可疑 findings where a 合计 is not the sum of the rows of data, or a 小计 of those since the last row of sums.

    Of `rates` (form_code, element_code) and of columns with figures a form's marks withhold no sum can be checked.
    """
    number = ["integer", "decimal"]
    column = ["file_id", "sheet_no", "column_no"]
    sums = totals.filter(pl.col("data_type").is_in(number) & pl.col("value_number").is_not_null())
    if rates is not None:
        sums = sums.join(rates, on=["form_code", "element_code"], how="anti", maintain_order="left")
    withheld = typed.filter(pl.col("is_withheld")).select(column).unique()
    sums = sums.join(withheld, on=column, how="anti", maintain_order="left")
    sums = sums.with_row_index("sum_no")
    parts = typed.join(sums.select(column).unique(), on=column, how="semi").select(
        *column, pl.col("row_no").alias("part_row_no"), pl.col("value_number").alias("part")
    )
    within = (pl.col("summed_from") == 0) | pl.col("part_row_no").is_between("summed_from", "row_no")
    added = (
        sums.join(parts, on=column)
        .filter(within)
        .group_by("sum_no")
        .agg(pl.col("part").sum().alias("sum"), pl.len().alias("part_count"))
    )
    wrong = (
        sums.join(added, on="sum_no", maintain_order="left")
        .filter(pl.col("sum") != pl.col("value_number"))
        .join(
            sheets.select(*_ABOUT_SHEET),
            on=["file_id", "sheet_no"],
            maintain_order="left",
        )
    )
    return _table(_total_row(row) for row in wrong.iter_rows(named=True))


def _total_row(row: dict[str, Any]) -> dict[str, Any]:
    cell = _address(row, row["column_no"])
    what = "小计" if row["summed_from"] else "合计"
    return {
        "identity": _sheet_identity(row, "TOT01"),
        **{name: row[name] for name in _OF_SHEET},
        "cell": cell,
        "raw_value": row["raw_text"],
        "rule_code": "TOT01",
        "severity": SUSPECT,
        "message": f"{what} {row['value_number'].normalize():f} 与各行之和 {row['sum'].normalize():f} 不符",
        "fix": f"请核对{what}行和各行数据；系统以各行为准",
        "period_start_date": row["period_start_date"],
        "cause_key": f"{row['form_code']}/TOT01/{row['element_code']}",
        "blocks": False,
    }


def from_fractions(fractions: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """One 可疑 finding for each column of a percentage that was written as a fraction: 0.953 is taken as 95.3."""
    column = ["file_id", "sheet_no", "column_no"]
    first = fractions.sort(*column, "row_no").unique(column, keep="first", maintain_order=True)
    placed = first.join(sheets.select(*_ABOUT_SHEET), on=["file_id", "sheet_no"])
    return _table(
        {
            "identity": _sheet_identity(row, "PCT01"),
            **{name: row[name] for name in _OF_SHEET},
            "cell": _address(row, row["column_no"]),
            "raw_value": row["raw_text"],
            "rule_code": "PCT01",
            "severity": SUSPECT,
            "message": f"百分比写成了小数：{row['raw_text']} 已记为 {row['value_number'].normalize():f}%",
            "fix": "请核对；百分比请填 95.3 或 95.3%",
            "period_start_date": row["period_start_date"],
            "cause_key": f"{row['form_code']}/PCT01/{row['element_code']}",
            "blocks": False,
        }
        for row in placed.filter(pl.col("value_number").is_not_null()).iter_rows(named=True)
    )


def no_findings() -> pl.DataFrame:
    return _table([])


def _sheet_identity(row: dict[str, Any], rule_code: str) -> tuple[Any, ...]:
    who = row["reporter_code"] or row["code_text"] or row["name_text"]
    return row["form_code"], who, row["period_start_date"], rule_code, row["element_code"]


def _table(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """`identity` becomes the id; equal ones within a file are told apart by their order."""
    schema = INTAKE[TABLE] | {"sheet_no": pl.Int32, "row_no": pl.Int32, "blocks": pl.Boolean}
    seen: Counter[tuple[int, str]] = Counter()
    named = []
    for row in rows:
        identity = row.pop("identity")
        key = (row["file_id"], finding_id(*identity))
        named.append(dict.fromkeys(schema) | row | {
            "finding_id": finding_id(*identity, seen[key]) if seen[key] else key[1]
        })  # fmt: skip
        seen[key] += 1
    return pl.DataFrame(named, schema=schema)
