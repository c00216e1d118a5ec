"""`duban check`: one workbook through the same reader and gate as at reception, landing nothing.

Whether it was received before, is late or supersedes another is not known here: that is intake's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from ingestion.arrivals import Arrival
from ingestion.settings import Settings
from ingestion.workbooks.batch_landing import Registers, land_batch
from ingestion.workbooks.forms import Form, load_forms
from ingestion.workbooks.intake import OWN_FORMS, read_files
from ingestion.workbooks.reporters import UNKNOWN

REPORTER_SCHEMA = {
    "code": pl.String, "name": pl.String, "aliases": pl.String, "region_code": pl.String, "type": pl.String,
    "stage": pl.String, "opened_date": pl.Date, "closed_date": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What reception would say: findings as rows of intake__findings, cells counted by what would become of them;
    `subjects` are the (form, reporter, period) the file reports."""

    file_name: str
    file_state: str
    reason: str | None
    form_name: str | None
    findings: pl.DataFrame
    cells_received: int
    cells_loaded: int
    cells_quarantined: int
    cells_ignored: int
    knows_register: bool
    subjects: list[tuple[str, str, date]]


def check_file(path: Path, settings: Settings, reporters: pl.DataFrame | None) -> Checked:
    """Check one file. Without `reporters` (no configured home) whether a school is registered is not judged."""
    data = path.read_bytes()
    refusal = ""
    if len(data) > settings.max_file_mb * 2**20:
        refusal = f"文件超过 {settings.max_file_mb} MB；请拆分后重新报送"
    received_at = datetime.now(UTC).replace(tzinfo=None)  # checked now, as if handed in now
    sha256 = hashlib.sha256(data).hexdigest()
    arrival = Arrival(1, sha256, path.name, "workbook", len(data), received_at, path.resolve(), True, refusal)
    forms = load_forms(extra=settings.paths.home / OWN_FORMS)
    received = pl.DataFrame(
        [(1, sha256, path.name, len(data), received_at)],
        schema={
            "file_id": pl.Int32,
            "sha256": pl.String,
            "file_name": pl.String,
            "size_bytes": pl.Int64,
            "received_at": pl.Datetime("us"),
        },
        orient="row",
    )
    readings = [reading for chunk in read_files([arrival], settings, forms) for reading in chunk]
    frames = land_batch(readings, Registers(forms, _register(reporters), received))
    if reporters is None:
        named = _register_of_the_file(frames["intake__findings"], forms)
        frames = land_batch(readings, Registers(forms, named, received))
    findings = frames["intake__findings"]
    file = frames["intake__files"].row(0, named=True)
    cells = frames["forms__sheets"].select(pl.col("^cells_.*$").sum()).row(0, named=True)
    form = forms.get(file["form_code"] or "")
    return Checked(
        file_name=path.name,
        file_state=file["file_state"],
        reason=file["reason"],
        form_name=form.name if form else None,
        findings=findings,
        knows_register=reporters is not None,
        subjects=frames["forms__submissions"].select("form_code", "reporter_code", "period_start_date").rows(),
        **cells,
    )


def _register(reporters: pl.DataFrame | None) -> pl.DataFrame:
    return reporters if reporters is not None else pl.DataFrame(schema=REPORTER_SCHEMA)


def _register_of_the_file(findings: pl.DataFrame, forms: dict[str, Form]) -> pl.DataFrame:
    """Whoever the file names counts as registered: without a register there is nothing to hold against it."""
    unknown = findings.filter(pl.col("cause_key").fill_null("").str.contains(f"/{UNKNOWN}/", literal=True))
    rows = [
        {
            "code": row["raw_value"],
            "name": row["raw_value"],
            "region_code": "000000",
            "type": forms[row["form_code"]].reporter_type,
        }
        for row in unknown.iter_rows(named=True)
        if row["raw_value"]
    ]
    return pl.DataFrame([dict.fromkeys(REPORTER_SCHEMA) | row for row in rows], schema=REPORTER_SCHEMA)
