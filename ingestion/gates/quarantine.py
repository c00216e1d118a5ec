"""What follows from a failed gate: findings with cell, message and fix, and the cells that are held back.

Here: nothing is decided but by the rows that Great Expectations returned. Not here: running it (runner.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ingestion.gates.runner import run
from ingestion.gates.suites import Gate, compile_form
from ingestion.workbooks.assembly import ROW, cell_batch, wide_batch
from ingestion.workbooks.forms import Form

BATCH_ROWS, BATCH_CELLS = 200_000, 1_000_000
FAILED = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "element_code": pl.String, "rule_code": pl.String,
    "severity": pl.String, "message": pl.String, "fix": pl.String, "form_code": pl.String, "blocks": pl.Boolean,
    "whole_row": pl.Boolean, "held_elements": pl.List(pl.String),
}  # fmt: skip


def check(
    forms: dict[str, Form], typed: pl.DataFrame, rows: pl.DataFrame, *, gates: dict[str, Sequence[Gate]] | None = None
) -> pl.DataFrame:
    """Every failed (row, rule, element) of the batch, with the columns of FAILED.

    Suites over whole batches of bounded rows: the fixed cost of a validation is paid by form, not by file or by month,
    and that of an expectation over cells by rule, not by element. `gates` replaces the compiled suites.
    """
    found = [pl.DataFrame(schema=FAILED)]
    for code in rows["form_code"].unique(maintain_order=True):
        form = forms[code]
        compiled = (gates or {}).get(code) or compile_form(form)
        found.append(_failed(form, compiled, typed, rows))
    return _causes_only(pl.concat(found))


def _failed(form: Form, gates: Sequence[Gate], typed: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """What failed of one form, in the order of the gates."""
    parts = []
    for of_cells, most in ((True, BATCH_CELLS), (False, BATCH_ROWS)):
        numbers = [number for number, gate in enumerate(gates) if gate.of_cells == of_cells]
        own = [gates[number] for number in numbers]
        if not own:
            continue
        read = set().union(*(gate.sources for gate in own))
        batch = cell_batch(form, typed) if of_cells else wide_batch(form, typed, rows, read)
        back = pl.DataFrame(
            {"gate_no": range(len(own)), "place": numbers}, schema={"gate_no": pl.Int32, "place": pl.Int32}
        )
        for part in _bounded(batch, most):
            parts.append(run(own, part).join(back, on="gate_no", maintain_order="left").drop("gate_no"))
    if not parts:
        return pl.DataFrame(schema=FAILED)
    failed = pl.concat(parts).rename({"place": "gate_no", "element_code": "failed_element"})
    failed = failed.sort("gate_no", maintain_order=True)
    described = failed.join(_describe(form.code, gates), on="gate_no", how="left", maintain_order="left")
    single = pl.col("failed_element").is_not_null()
    own_element = pl.concat_list("failed_element")
    return described.with_columns(
        pl.coalesce("failed_element", "element_code").alias("element_code"),
        pl.when(single).then(own_element).otherwise("held_elements").alias("held_elements"),
    ).select(list(FAILED))


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


def _bounded(batch: pl.DataFrame, most: int) -> list[pl.DataFrame]:
    """Slices of about `most` rows that never cut a file, whose rows must be seen together."""
    if len(batch) <= most:
        return [batch]
    first = pl.col("slice").min().over("file_id") // most
    numbered = batch.with_row_index("slice").with_columns(first)
    return numbered.partition_by("slice", include_key=False, maintain_order=True)
