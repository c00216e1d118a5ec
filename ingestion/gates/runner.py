"""The one runner of suites: a wide batch in, the rows that failed each gate out.

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
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": KEY,
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
}
FAILED_SCHEMA = {"file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "gate_no": pl.Int32}


class GateError(Exception):
    """An expectation could not be evaluated."""


def run(gates: Sequence[Gate], wide: pl.DataFrame) -> pl.DataFrame:
    """Rows that failed: file_id, sheet_no, row_no, gate_no (index into `gates`). `wide` is described in suites.py."""
    if not gates or wide.is_empty():
        return pl.DataFrame(schema=FAILED_SCHEMA)
    helpers = {name: expression for gate in gates for name, expression in gate.helpers.items()}
    frame = wide.with_columns(**helpers) if helpers else wide
    definition = _batch_definition()
    numbered = [gate.expectation.copy(update={"meta": {"gate_no": number}}) for number, gate in enumerate(gates)]
    suite = gx.ExpectationSuite(name="form", expectations=numbered)
    batch = definition.get_batch({"dataframe": frame.to_pandas()})
    result = batch.validate(suite, result_format=RESULT_FORMAT)
    if len(result.results) != len(gates):
        raise GateError(f"校验应有 {len(gates)} 项结果，实有 {len(result.results)} 项")
    failed = [frame for outcome in result.results if (frame := _failed_rows(outcome)) is not None]
    return pl.concat(failed) if failed else pl.DataFrame(schema=FAILED_SCHEMA)


def _failed_rows(outcome: Any) -> pl.DataFrame | None:
    config = outcome.expectation_config
    _raise_if_broken(config.type, outcome.exception_info or {})
    if outcome.success:
        return None
    rows = outcome.result.get("unexpected_index_list")
    if not rows:
        raise GateError(f"校验 {config.type} 未通过，但没有给出行号")
    keys = {name: _flat([row[name] for row in rows]) for name in KEY}
    if len(keys[KEY[0]]) != outcome.result["unexpected_count"]:
        raise GateError(f"校验 {config.type} 有 {outcome.result['unexpected_count']} 行未通过，行号却不足")
    return pl.DataFrame(keys, schema=dict.fromkeys(KEY, pl.Int32)).with_columns(
        pl.lit(config.meta["gate_no"], dtype=pl.Int32).alias("gate_no")
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
