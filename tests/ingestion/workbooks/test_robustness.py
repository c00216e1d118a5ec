"""Any odd workbook is read or refused with a reason: no exception, no slow file, and not one cell unaccounted for.

A longer run: `python -m tests.ingestion.workbooks.test_robustness 3000`.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import datetime
from typing import Any

import polars as pl

from ingestion.tables import INTAKE
from ingestion.workbooks.batch_landing import Registers, frames_of, unbalanced_files
from ingestion.workbooks.containers import Budget
from ingestion.workbooks.headers import Recogniser
from ingestion.workbooks.reader import read_workbook
from ingestion.workbooks.readings import FileReading
from tests.ingestion.workbooks.building import FORMS, reporters
from tests.ingestion.workbooks.mutations import odd_file

SLOWEST_SECONDS = 5.0  # of processor time, for one small file


def read_all(seeds: range) -> tuple[list[FileReading], pl.DataFrame]:
    """Every reading, and what was received; raises for the first file that raises, naming its seed."""
    recogniser, budget = Recogniser(FORMS), Budget(64 << 20, 5_000_000)
    readings, received = [], []
    for seed in seeds:
        name, data = odd_file(seed)
        began = time.process_time()
        try:
            readings.append(read_workbook(data, name, recogniser, budget, file_id=seed))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}") from error
        assert time.process_time() - began < SLOWEST_SECONDS, f"seed {seed} is slow"
        received.append((seed, str(seed), name, len(data), datetime(2020, 10, 8)))  # noqa: DTZ001
    names = ["file_id", "sha256", "file_name", "size_bytes", "received_at"]
    schema: dict[str, Any] = {name: INTAKE["intake__files"][name] for name in names}
    return readings, pl.DataFrame(received, schema=schema, orient="row")


def landed(seeds: range) -> tuple[list[FileReading], dict[str, pl.DataFrame]]:
    readings, received = read_all(seeds)
    counted = {(r.file_id, s.sheet_no): s.received for r in readings if not r.refusal for s in r.sheets}
    frames = frames_of(readings, Registers(FORMS, reporters(), received))
    assert unbalanced_files(frames["forms__sheets"]) == set()
    sheets = frames["forms__sheets"].select("file_id", "sheet_no", "cells_received").rows()
    assert {(file_id, sheet_no): cells for file_id, sheet_no, cells in sheets} == counted
    return readings, frames


def test_odd_workbooks_neither_crash_nor_lose_a_cell() -> None:
    readings, frames = landed(range(1, 81))
    assert len(frames["intake__files"]) == len(readings)
    silent = frames["intake__files"].filter((pl.col("file_state") == "quarantined") & pl.col("reason").is_null())
    assert silent.is_empty()
    assert sum(sheet.form_code != "" for reading in readings for sheet in reading.sheets) > 15
    places = ["file_id", "sheet_no", "row_no", "column_no"]
    assert not frames["forms__values"].select(places).is_duplicated().any()
    assert not frames["forms__quarantined_cells"].select(places).is_duplicated().any()


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    for start in range(first, first + count, 100):
        readings, frames = landed(range(start, start + 100))
        codes = Counter(p.code for r in readings for s in r.sheets for p in s.problems)
        codes += Counter(r.refusal.code for r in readings if r.refusal)
        sys.stdout.write(
            f"{start}: {dict(codes.most_common(8))} loaded {frames['forms__sheets']['cells_loaded'].sum()}\n"
        )
