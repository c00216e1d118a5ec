"""What follows from a failed gate: findings with cell, message and fix, and the cells that are held back.

Here: nothing is decided but by the rows that Great Expectations returned. Not here: running it (runner.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ingestion.gates.runner import run
from ingestion.gates.suites import Gate, compile_form
from ingestion.workbooks.assembly import ROW, wide_batch
from ingestion.workbooks.forms import Form

BATCH_ROWS = 200_000
FAILED = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "element_code": pl.String, "rule_code": pl.String,
    "severity": pl.String, "message": pl.String, "fix": pl.String, "form_code": pl.String, "blocks": pl.Boolean,
    "whole_row": pl.Boolean, "held_elements": pl.List(pl.String),
}  # fmt: skip


def check(
    forms: dict[str, Form], typed: pl.DataFrame, rows: pl.DataFrame, *, gates: dict[str, Sequence[Gate]] | None = None
) -> pl.DataFrame:
    """Every failed (row, rule, element) of the batch, with the columns of FAILED.

    One suite a form over whole wide batches of bounded rows: the fixed cost of a validation (half a second) is paid by
    form and not by file or by month. `gates` replaces the compiled suites.
    """
    found = [pl.DataFrame(schema=FAILED)]
    for code in rows["form_code"].unique(maintain_order=True):
        form = forms[code]
        compiled = (gates or {}).get(code) or compile_form(form)
        described = _describe(code, compiled)
        wide = wide_batch(form, typed, rows)
        for part in _bounded(wide):
            failed = run(compiled, part).join(described, on="gate_no", how="left", maintain_order="left")
            found.append(failed.drop("gate_no").select(list(FAILED)))
    return _causes_only(pl.concat(found))


def _causes_only(failed: pl.DataFrame) -> pl.DataFrame:
    """Without what merely follows: other failures of a row held whole, doubts about a cell that is held anyway."""
    whole = failed.filter(pl.col("blocks") & pl.col("whole_row")).select(ROW).unique()
    rest = failed.filter(~pl.col("whole_row")).join(whole, on=ROW, how="anti", maintain_order="left")
    held = rest.filter("blocks").select(*ROW, pl.col("held_elements").alias("element")).explode("element").unique()
    doubts = rest.filter(~pl.col("blocks")).with_row_index("doubt_no")
    touched = doubts.select("doubt_no", *ROW, pl.col("held_elements").alias("element")).explode("element")
    settled = touched.join(held, on=[*ROW, "element"], how="semi").select("doubt_no").unique()
    doubts = doubts.join(settled, on="doubt_no", how="anti", maintain_order="left").drop("doubt_no")
    return pl.concat([failed.filter("whole_row"), rest.filter("blocks"), doubts])


def held_cells(failed: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """(ROW, column_no, element_code, rule_code) of every cell a blocking gate holds back, once, by its first rule."""
    blocking = failed.filter("blocks")
    cells = typed.select(*ROW, "column_no", "element_code")
    whole = blocking.filter("whole_row").select(*ROW, "rule_code").join(cells, on=ROW)
    single = (
        blocking.filter(~pl.col("whole_row"))
        .select(*ROW, "rule_code", pl.col("held_elements").alias("element_code"))
        .explode("element_code")
        .join(cells, on=[*ROW, "element_code"])
    )
    columns = [*ROW, "column_no", "element_code", "rule_code"]
    both = pl.concat([whole.select(columns), single.select(columns)])
    return both.unique([*ROW, "column_no"], keep="first", maintain_order=True)


def _describe(form_code: str, gates: Sequence[Gate]) -> pl.DataFrame:
    rows = [
        (
            number, gate.elements[0], gate.rule.code, gate.rule.severity, gate.rule.message, gate.rule.fix, form_code,
            gate.blocks, gate.whole_row, list(gate.elements),
        )
        for number, gate in enumerate(gates)
    ]  # fmt: skip
    names = ["element_code", "rule_code", "severity", "message", "fix", "form_code", "blocks", "whole_row"]
    schema = {"gate_no": pl.Int32} | {name: FAILED[name] for name in names} | {"held_elements": pl.List(pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _bounded(wide: pl.DataFrame) -> list[pl.DataFrame]:
    """Slices of about BATCH_ROWS rows that never cut a file, whose rows must be seen together."""
    if len(wide) <= BATCH_ROWS:
        return [wide]
    first = pl.col("slice").min().over("file_id") // BATCH_ROWS
    numbered = wide.with_row_index("slice").with_columns(first)
    return numbered.partition_by("slice", include_key=False, maintain_order=True)
