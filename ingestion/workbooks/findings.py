"""Findings as rows: where, what, and what to do, with ids that stay the same and causes that group them.

Here: the shape of intake__findings. Not here: the rules (forms/*/rules.csv) and the reader's own checks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import polars as pl

from ingestion.tables import INTAKE
from ingestion.workbooks.assembly import ROW
from ingestion.workbooks.batches import Batch
from ingestion.workbooks.reporters import REGISTERED

TABLE = "intake__findings"
STRUCTURE, SUSPECT = "结构", "可疑"


def a1(row_no: int | None, column_no: int | None) -> str:
    """The address of a cell; '' for a sheet as a whole.

    >>> a1(4, 28)
    'AB4'
    """
    if not row_no or not column_no:
        return ""
    letters = ""
    while column_no:
        column_no, rest = divmod(column_no - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row_no}"


def finding_id(*parts: Any) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


def from_problems(batch: Batch) -> pl.DataFrame:
    """Findings of the reader, with sheet_no and blocks besides the table's columns."""
    rows = [
        {
            "finding_id": finding_id(file_id, sheet_no, a1(p.row_no, p.column_no), p.code, p.message),
            "file_id": file_id,
            "sheet_no": sheet_no,
            "sheet_name": sheet_name,
            "cell": a1(p.row_no, p.column_no),
            "raw_value": p.raw,
            "rule_code": p.code,
            "severity": STRUCTURE if p.blocks or p.code == "STR06" else SUSPECT,
            "message": p.message,
            "fix": p.fix,
            "form_code": form_code,
            "period_start_date": period,
            "cause_key": f"{form_code}/{p.code}/{finding_id(p.message)}",
            "blocks": p.blocks,
        }
        for file_id, sheet_no, sheet_name, form_code, period, p in batch.problems
    ]
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
        "is_across",
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
        "finding_id": finding_id(
            row["file_id"], row["sheet_no"], cell or row["row_no"], row["rule_code"], row["element_code"]
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


def from_totals(typed: pl.DataFrame, totals: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """可疑 findings where a 合计 is not the sum of the rows of data, or a 小计 of those since the last row of sums."""
    number = ["integer", "decimal"]
    column = ["file_id", "sheet_no", "column_no"]
    sums = totals.filter(pl.col("data_type").is_in(number) & pl.col("value_number").is_not_null())
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
            sheets.select("file_id", "sheet_no", "sheet_name", "period_start_date", "is_across"),
            on=["file_id", "sheet_no"],
            maintain_order="left",
        )
    )
    return _table(_total_row(row) for row in wrong.iter_rows(named=True))


def _total_row(row: dict[str, Any]) -> dict[str, Any]:
    cell = _address(row, row["column_no"])
    what = "小计" if row["summed_from"] else "合计"
    return {
        "finding_id": finding_id(row["file_id"], row["sheet_no"], cell, "TOT01"),
        **{name: row[name] for name in ("file_id", "sheet_no", "sheet_name", "form_code", "element_code")},
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
    placed = first.join(
        sheets.select("file_id", "sheet_no", "sheet_name", "period_start_date", "is_across"), on=["file_id", "sheet_no"]
    )
    return _table(
        {
            "finding_id": finding_id(row["file_id"], row["sheet_no"], _address(row, row["column_no"]), "PCT01"),
            **{name: row[name] for name in ("file_id", "sheet_no", "sheet_name", "form_code", "element_code")},
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


def _table(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    schema = INTAKE[TABLE] | {"sheet_no": pl.Int32, "row_no": pl.Int32, "blocks": pl.Boolean}
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)
