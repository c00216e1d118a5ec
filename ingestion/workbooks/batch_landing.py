"""One batch of readings from typed cells to the frames that are landed, and the identity that proves none was lost.

received = loaded + quarantined + ignored holds for every sheet, where `received` was counted by the reader before it
knew what any cell meant. A file for which it does not hold is quarantined whole: better held than half there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from ingestion.tables import FORMS, INTAKE, empty
from ingestion.workbooks.assembly import ROW, rows_with_reporters, sheets_with_context
from ingestion.workbooks.batches import Batch, element_frame, mark_frame, rate_frame, to_batch
from ingestion.workbooks.choices import choose
from ingestion.workbooks.findings import from_fractions, from_gates, from_names, from_problems, from_totals, no_findings
from ingestion.workbooks.forms import Form
from ingestion.workbooks.headers import Problem
from ingestion.workbooks.readings import FileReading
from ingestion.workbooks.reporters import match
from ingestion.workbooks.rereading import LOOKUPS, lookups
from ingestion.workbooks.submissions import EMPTY_FORM, QUARANTINED, head_submissions, submissions_of
from ingestion.workbooks.values import HELD, mark_fractions, type_cells

SHEET = ["file_id", "sheet_no"]
# Until here a row is a reporter; of a table that runs across, the sheet's own rows and columns are put back.
TURNED_BACK = (
    pl.when("is_across").then("column_no").otherwise("row_no").alias("row_no"),
    pl.when("is_across").then("row_no").otherwise("column_no").alias("column_no"),
)
HELD_CELLS = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "column_no": pl.Int32, "element_code": pl.String,
    "rule_code": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Registers:
    """What a batch is read against. `received` has file_id, received_at, file_name, sha256, size_bytes."""

    forms: dict[str, Form]
    reporters: pl.DataFrame
    received: pl.DataFrame


def land_batch(readings: list[FileReading], registers: Registers) -> dict[str, pl.DataFrame]:
    """Frames by table; forms__values carries region_code for its folder. Files that do not balance are held whole."""
    frames = frames_of(readings, registers)
    unbalanced = unbalanced_files(frames["forms__sheets"])
    if not unbalanced:
        return frames
    text = "读到的单元格数与入库、隔离、忽略之和不符，整份隔离"
    problem = Problem("SUM01", text, "这是程序问题，请把文件交给系统管理员")
    kept = [replace(r, sheets=[], refusal=problem) if r.file_id in unbalanced else r for r in readings]
    return frames_of(kept, registers)


def unbalanced_files(sheets: pl.DataFrame) -> set[int]:
    """Files with a sheet whose received cells are not loaded + quarantined + ignored."""
    accounted = pl.col("cells_loaded") + pl.col("cells_quarantined") + pl.col("cells_ignored")
    return set(sheets.filter(pl.col("cells_received") != accounted)["file_id"])


def frames_of(readings: list[FileReading], registers: Registers) -> dict[str, pl.DataFrame]:
    """The same, without judging the balance."""
    batch = choose(to_batch(readings), registers.forms)
    sheets = sheets_with_context(batch, registers.forms, registers.received.select("file_id", "received_at"))
    elements = element_frame(registers.forms)
    cells = type_cells(mark_fractions(batch.cells, elements), elements, mark_frame(registers.forms))
    typed, totals = cells.filter(~pl.col("is_total")), cells.filter("is_total")
    rows = rows_with_reporters(typed, sheets, registers.forms, registers.reporters)
    held, gate_findings = _check(registers.forms, typed, rows)
    heads = match(sheets, registers.reporters)
    names = dict(registers.received.select("file_id", "file_name").iter_rows())
    read_findings = from_problems(batch, heads, names)
    doubts = [
        from_names(rows, typed),
        from_totals(typed, totals, heads, rate_frame(registers.forms)),
        from_fractions(typed.filter("is_fraction"), heads),
    ]
    findings = pl.concat([read_findings, gate_findings, *doubts])
    values = _values(typed, rows, held)
    quarantined = _quarantined(batch, typed, held, read_findings, gate_findings)
    rowless = heads.filter(pl.col("form_code") != "").join(rows.select(SHEET), on=SHEET, how="anti")
    submissions = [
        submissions_of(rows, typed, held, registers.forms),
        head_submissions(rowless.filter("is_stopped"), registers.forms, QUARANTINED),
        head_submissions(rowless.filter(~pl.col("is_stopped")), registers.forms, EMPTY_FORM),
    ]
    landed = {
        "forms__values": values,
        "forms__quarantined_cells": quarantined,
        "forms__ignored_cells": batch.ignored,
        "forms__sheets": _sheet_counts(batch, values, quarantined),
        "forms__submissions": pl.concat(submissions),
        "intake__findings": findings.select(list(INTAKE["intake__findings"])),
    }
    files = _files(readings, registers.received, landed, batch)
    return landed | {"intake__files": files, LOOKUPS: lookups(heads, rows)}


def _check(forms: dict[str, Form], typed: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Held cells and findings. Great Expectations takes seconds to import: only when there is a row to check."""
    if rows.is_empty():
        return pl.DataFrame(schema=HELD_CELLS), no_findings()
    from ingestion.gates.quarantine import check, held_cells

    failed = check(forms, typed, rows)
    return held_cells(failed, typed), from_gates(failed, typed, rows)


def _values(typed: pl.DataFrame, rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Values of forms__values. A held cell of a known reporter stays as a place without content, reason 隔离."""
    about = rows.select(
        *ROW, "reporter_code", "region_code", "period_start_date", "record_key", "is_across", "is_partial"
    )
    marked = held.select(*ROW, "column_no", pl.lit(True).alias("is_held"))
    frame = typed.join(about, on=ROW, how="left", maintain_order="left").join(
        marked, on=[*ROW, "column_no"], how="left", maintain_order="left"
    )
    is_held = pl.col("is_held").fill_null(False)
    frame = frame.filter(~is_held | pl.col("reporter_code").is_not_null())
    # A partial correction says nothing with what it leaves blank, and what it gives wrongly corrects nothing.
    gives = pl.col("raw_text").is_not_null() & ~is_held
    frame = frame.filter(~pl.col("is_partial").fill_null(False) | gives)
    blank = [pl.when(~is_held).then(pl.col(name)).alias(name) for name in ("value_number", "value_text", "raw_text")]
    unread = ~pl.col("is_readable") & ~is_held
    reason = pl.when(is_held).then(pl.lit(HELD)).when(unread).then(pl.lit("无法识别")).otherwise("missing_reason")
    frame = frame.with_columns(*blank, reason.alias("missing_reason"), *TURNED_BACK)
    return frame.select(*FORMS["forms__values"], "region_code")


def _quarantined(
    batch: Batch, typed: pl.DataFrame, held: pl.DataFrame, read_findings: pl.DataFrame, gate_findings: pl.DataFrame
) -> pl.DataFrame:
    columns = list(FORMS["forms__quarantined_cells"])
    by_rule = gate_findings.filter("blocks").select(*ROW, "rule_code", "finding_id")
    by_rule = by_rule.unique([*ROW, "rule_code"], keep="first", maintain_order=True)
    across = batch.sheets.select(*SHEET, "is_across")
    cells = typed.filter(pl.col("raw_text").is_not_null()).select(*ROW, "column_no", "raw_text")
    from_gate = held.join(cells, on=[*ROW, "column_no"]).join(by_rule, on=[*ROW, "rule_code"], how="left")
    from_gate = from_gate.join(across, on=SHEET, how="left", maintain_order="left").with_columns(*TURNED_BACK)
    first = read_findings.filter(pl.col("severity") == "结构")
    by_sheet = first.unique(SHEET, keep="first", maintain_order=True).select(*SHEET, "finding_id")
    by_file = first.unique("file_id", keep="first", maintain_order=True).select("file_id", file_finding="finding_id")
    from_reader = (
        batch.held.join(by_sheet, on=SHEET, how="left")
        .join(by_file, on="file_id", how="left")
        .with_columns(pl.coalesce("finding_id", "file_finding").alias("finding_id"))
    )
    return pl.concat([from_gate.select(columns), from_reader.select(columns)]).sort(*ROW, "column_no")


def _sheet_counts(batch: Batch, values: pl.DataFrame, quarantined: pl.DataFrame) -> pl.DataFrame:
    """Each bucket counted from the very frames that are landed."""
    loaded = values.filter(pl.col("raw_text").is_not_null()).group_by(SHEET).agg(pl.len().alias("cells_loaded"))
    held = quarantined.group_by(SHEET).agg(pl.len().alias("cells_quarantined"))
    ignored = batch.ignored.group_by(SHEET).agg(pl.col("cell_count").sum().alias("cells_ignored"))
    frame = batch.sheets
    for counts in (loaded, held, ignored):
        frame = frame.join(counts, on=SHEET, how="left", maintain_order="left")
    buckets = ["cells_loaded", "cells_quarantined", "cells_ignored"]
    return frame.with_columns(pl.col(buckets).fill_null(0).cast(pl.Int64)).select(list(FORMS["forms__sheets"]))


def _files(
    readings: list[FileReading], received: pl.DataFrame, landed: dict[str, pl.DataFrame], batch: Batch
) -> pl.DataFrame:
    blocking: dict[int, str] = {}
    for file_id, _, _, _, _, problem in batch.problems:
        if problem.blocks:
            blocking.setdefault(file_id, f"{problem.message}；{problem.fix}")
    good = set(landed["forms__values"].filter(pl.col("raw_text").is_not_null())["file_id"])
    rowless = set(batch.sheets.filter(pl.col("form_code") != "")["file_id"]) - set(batch.cells["file_id"])
    form = dict(batch.sheets.filter(pl.col("form_code") != "").select("file_id", "form_code").iter_rows())
    rows = [(r.file_id, *_verdict(r.file_id, blocking, good, rowless), form.get(r.file_id)) for r in readings]
    schema: dict[str, Any] = {"file_id": pl.Int32, "file_state": pl.String, "reason": pl.String, "form_code": pl.String}
    states = pl.DataFrame(rows, schema=schema, orient="row")
    if states.is_empty():
        return empty("intake__files")
    return (
        received.join(states, on="file_id")
        .with_columns(pl.lit("workbook").alias("file_kind"))
        .select(list(INTAKE["intake__files"]))
    )


def _verdict(file_id: int, blocking: dict[int, str], good: set[int], rowless: set[int]) -> tuple[str, str | None]:
    if file_id in blocking:
        return "quarantined", blocking[file_id]
    if file_id in rowless:
        return "loaded", "空表：没有数据行"
    return ("loaded", None) if file_id in good else ("quarantined", "所有数据行都被隔离，详见问题清单")
