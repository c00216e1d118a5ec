"""The one runner of suites: a batch in, the rows or cells that failed each gate out.

Here: Great Expectations' context, batches and results. Not here: rules (suites.py) and consequences (quarantine.py). An
exception inside a result is a GateError: a check that could not run has not passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import great_expectations
import polars as pl

from ingestion.gates.suites import Gate

gx: Any = great_expectations  # the package does not declare what it exports
KEY = ["file_id", "sheet_no", "row_no"]
CELL_KEY = [*KEY, "element_code"]
RESULT_FORMAT = {"result_format": "COMPLETE", "exclude_unexpected_values": True, "partial_unexpected_count": 0}
FAILED_SCHEMA = {
    "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "element_code": pl.String, "gate_no": pl.Int32,
}  # fmt: skip


class GateError(Exception):
    """An expectation could not be evaluated."""


def run(gates: Sequence[Gate], batch: pl.DataFrame) -> pl.DataFrame:
    """What failed, as FAILED_SCHEMA: gate_no is the index into `gates`, element_code null but for gates of cells.

    The gates are all of cells or all of rows; `batch` is described in suites.py.
    """
    if not gates or batch.is_empty():
        return pl.DataFrame(schema=FAILED_SCHEMA)
    key = CELL_KEY if gates[0].of_cells else KEY
    numbered = [gate.expectation.copy(update={"meta": {"gate_no": number}}) for number, gate in enumerate(gates)]
    suite = gx.ExpectationSuite(name="form", expectations=numbered)
    frame = _narrow(gates, batch, key)
    given = _batch_definition().get_batch({"dataframe": frame.to_pandas()})
    result = given.validate(suite, result_format=RESULT_FORMAT | {"unexpected_index_column_names": key})
    if len(result.results) != len(gates):
        raise GateError(f"校验应有 {len(gates)} 项结果，实有 {len(result.results)} 项")
    failed = [frame for outcome in result.results if (frame := _failed_rows(outcome, key)) is not None]
    return pl.concat(failed) if failed else pl.DataFrame(schema=FAILED_SCHEMA)


def _narrow(gates: Sequence[Gate], batch: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Only what the gates look at: the library copies the whole frame several times for each of them."""
    helpers = {name: expression for gate in gates for name, expression in gate.helpers.items()}
    frame = batch.with_columns(**helpers) if helpers else batch
    wanted = set().union(*(gate.columns for gate in gates))
    return frame.select(*key, *(name for name in frame.columns if name in wanted and name not in key))


def _failed_rows(outcome: Any, key: list[str]) -> pl.DataFrame | None:
    config = outcome.expectation_config
    _raise_if_broken(config.type, outcome.exception_info or {})
    if outcome.success:
        return None
    rows = outcome.result.get("unexpected_index_list")
    if not rows:
        raise GateError(f"校验 {config.type} 未通过，但没有给出行号")
    keys = {name: _flat([row[name] for row in rows]) for name in key}
    if len(keys[KEY[0]]) != outcome.result["unexpected_count"]:
        raise GateError(f"校验 {config.type} 有 {outcome.result['unexpected_count']} 行未通过，行号却不足")
    element = pl.col("element_code") if "element_code" in key else pl.lit(None, dtype=pl.String).alias("element_code")
    frame = pl.DataFrame(keys, schema={name: FAILED_SCHEMA[name] for name in key})
    return frame.with_columns(element, pl.lit(config.meta["gate_no"], dtype=pl.Int32).alias("gate_no")).select(
        list(FAILED_SCHEMA)
    )


def _flat(values: list[Any]) -> list[Any]:
    """Without the unexpected values, an index column comes as one list instead of a value a row."""
    return [v for value in values for v in (value if isinstance(value, list) else [value])]


def _raise_if_broken(name: str, info: dict[str, Any]) -> None:
    """`info` is one exception record, or records by metric."""
    records = [info] if "raised_exception" in info else list(info.values())
    for record in records:
        if record.get("raised_exception"):
            raise GateError(f"校验 {name} 无法执行：{record.get('exception_message')}")


@lru_cache(maxsize=1)
def _batch_definition() -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return (
        context.data_sources.add_pandas("wide").add_dataframe_asset("batch").add_batch_definition_whole_dataframe("all")
    )
