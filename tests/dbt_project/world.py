"""A small world of raw rows, built into a warehouse by dbt in this process.

Here: rows by hand, defaults for what a test does not care about, one build. Not here: expectations, and no reading of
workbooks or plans; a row stands as the reader would have landed it.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from dbt.cli.main import dbtRunnerResult

from ingestion import tables
from ingestion.registry.landed import landed_events
from ingestion.settings import Paths
from ingestion.workbooks.forms import load_forms
from orchestration.dbt_runs import dbt, loaded_manifest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

LEDGER = {
    "release_seq": pl.Int32, "published_at": pl.Datetime("us"), "evaluation_date": pl.Date, "commitment_id": pl.String,
    "light": pl.String, "status": pl.String, "reason": pl.String, "attained_value": tables.NUMBER,
    "target_value": tables.NUMBER, "progress_pct": pl.Decimal(12, 4), "lag": pl.Decimal(12, 4),
}  # fmt: skip

CHANGES = {
    "release_seq": pl.Int32, "published_at": pl.Datetime("us"), "commitment_id": pl.String, "change_no": pl.Int32,
    "changed_date": pl.Date, "from_release_seq": pl.Int32, "from_evaluation_date": pl.Date, "from_light": pl.String,
    "to_light": pl.String, "from_status": pl.String, "to_status": pl.String, "from_value": tables.NUMBER,
    "to_value": tables.NUMBER, "cause": pl.String,
}  # fmt: skip

RELIT = {name: LEDGER[name] for name in (
    "evaluation_date", "commitment_id", "light", "status", "attained_value", "target_value",
)}  # fmt: skip

# the element of a form that names its records; its value is the record key and is not landed as a value of its own
RECORD_NAMES = {"projects": "project_name", "ledger": "matter_name"}


class World:
    """Rows of the raw tables. Every adder returns the key of what it added."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.ledger: list[dict[str, Any]] = []
        self.relit: list[dict[str, Any]] = []
        self.file_id = 0
        self.add("config__light_presets", preset_name="标准", yellow_from_lag=10, red_above_lag=30, is_default=True)

    def add(self, table: str, **row: Any) -> None:
        unknown = set(row) - set(tables.TABLES[table])
        assert not unknown, f"{table} has no {sorted(unknown)}"
        self.rows[table].append(row)

    # ---- configuration
    def region(self, code: str, parent: str | None = None, level: str = "区县") -> str:
        self.add(
            "config__regions", region_code=code, region_name=f"地区{code}", parent_region_code=parent,
            region_level=level,
        )  # fmt: skip
        return code

    def school(self, code: str, region: str, stage: str = "小学", **more: Any) -> str:
        row = {"sector": "公办", "is_rural": False, "pupils_registered": 100} | more
        self.add("config__schools", school_code=code, school_name=f"学校{code}", region_code=region, stage=stage, **row)
        return code

    def unit(self, code: str, region: str) -> str:
        self.add("config__units", unit_code=code, unit_name=f"科室{code}", unit_type="科室", region_code=region)
        return code

    def card(self, code: str, numerator: str, denominator: str = "", **more: Any) -> str:
        row = {
            "indicator_name": f"指标{code}", "aggregation": "ratio_of_sums", "source_form": "basic", "unit": "%",
            "direction": "higher", "definition_version": "1",
        } | more  # fmt: skip
        confirmed = row.pop("confirmed", True)
        self.add("config__indicators", indicator_code=code, numerator=numerator, denominator=denominator, **row)
        sides = {"numerator": numerator, "denominator": denominator, "weight": row.get("weight") or ""}
        for role, text in sides.items():
            for no, element in enumerate(filter(None, text.split("+")), start=1):
                self.add(
                    "config__indicator_terms", indicator_code=code, term_role=role, term_no=no, element_code=element,
                    definition_version=row["definition_version"],
                )  # fmt: skip
        if confirmed:
            self.event("indicator.confirmed", "indicator", code)
        return code

    def baseline(self, card: str, region: str, value: float, **more: Any) -> None:
        row = {
            "reference": "上年末", "period_start_date": date(2019, 12, 1), "definition_version": "1",
            "source_document": "统计公报", "approved_by": "甲",
        } | more  # fmt: skip
        self.add("config__baselines", indicator_code=card, region_code=region, value=value, **row)

    def event(self, event_type: str, subject_type: str, key: str, payload: dict | None = None, **more: Any) -> int:
        no = len(self.rows["registry__events"]) + 1
        self.add(
            "registry__events", event_no=no, event_type=event_type, subject_type=subject_type, subject_key=key,
            payload=json.dumps(payload or {}, ensure_ascii=False), actor="甲", reason="核对",
            occurred_at=at("2020-01-01"), **more,
        )  # fmt: skip
        return no

    # ---- plans
    def plan(self, document: str, region: str, year: int = 2020) -> str:
        self.file_id += 1
        self.add(
            "plans__documents", document_id=document, file_id=self.file_id, file_name=f"{document}.txt",
            document_format="txt", title=f"{year}年工作要点", region_code=region, plan_year=year, text="演示文本",
            text_sha256=document,
        )  # fmt: skip
        self.add("intake__files", file_id=self.file_id, sha256=document, file_name=f"{document}.txt",
                 file_kind="plan", size_bytes=1, received_at=at("2020-01-01"), file_state="loaded")  # fmt: skip
        return document

    def commitment(self, key: str, document: str, kind: str = "metric", card: str | None = None, **more: Any) -> str:
        row = {
            "operator": ">=", "unit": "%", "deadline": date(2020, 12, 31), "quote": f"承诺{key}", "start_offset": 0,
            "end_offset": 4, "item_path": "一", "confidence": 1.0,
        } | more  # fmt: skip
        confirmed, method = row.pop("confirmed", True), row.pop("method", "exact")
        projects = row.pop("projects", [])
        self.add("plans__commitments", commitment_id=key, document_id=document, kind=kind, **row)
        if card:
            self.add("plans__links", commitment_id=key, document_id=document, indicator_code=card, link_method=method,
                     link_score=1.0)  # fmt: skip
        for no, name in enumerate(projects, start=1):
            self.add("plans__commitment_projects", commitment_id=key, document_id=document, project_no=no,
                     project_name=name)  # fmt: skip
        if confirmed:
            self.event("commitment.confirmed", "commitment", key)
        return key

    # ---- reports
    def report(
        self, form: str, reporter: str, period: date, values: dict[str, Any], records: str = "", **more: Any
    ) -> int:
        """One submission of one reporter; `records` is the record key of its row. Values may be None (空)."""
        self.file_id += 1
        row = {
            "region_code": more.pop("region", None), "received_at": datetime.combine(period, datetime.min.time()),
            "attempt_no": 1, "submission_state": "已收", "is_current": True, "is_late": False,
        } | more  # fmt: skip
        self.add(
            "forms__submissions", file_id=self.file_id, form_code=form, template_version="2020",
            reporter_code=reporter, reporter_type="unit" if form in RECORD_NAMES else "school",
            period_start_date=period, **row,
        )  # fmt: skip
        for column, (element, value) in enumerate(values.items(), start=1):
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            self.add(
                "forms__values", file_id=self.file_id, sheet_no=1, row_no=4, column_no=column, form_code=form,
                reporter_code=reporter, period_start_date=period, record_key=records, element_code=element,
                value_number=value if is_number else None,
                value_text=None if is_number or value is None else str(value),
                missing_reason="空" if value is None else None, raw_text=str(value or ""),
            )  # fmt: skip
        self.add(
            "intake__files", file_id=self.file_id, sha256=f"{self.file_id:064d}", file_name=f"{self.file_id}.xlsx",
            file_kind="workbook", size_bytes=1, received_at=row["received_at"], file_state="loaded", form_code=form,
        )  # fmt: skip
        return self.file_id

    def published(self, commitment: str, **row: Any) -> None:
        defaults = {
            "release_seq": 1, "published_at": at("2020-06-01"), "evaluation_date": date(2020, 6, 1),
            "commitment_id": commitment, "light": "绿", "status": "推进中",
        }  # fmt: skip
        self.ledger.append(defaults | row)

    # ---- building
    def frames(self) -> dict[str, pl.DataFrame]:
        forms = form_frames()
        made = {name: self._frame(rows, tables.TABLES[name]) for name, rows in self.rows.items()}
        made |= landed_events(made.get("registry__events", tables.empty("registry__events")))
        return {name: made.get(name, forms.get(name, tables.empty(name))) for name in tables.TABLES}

    @staticmethod
    def _frame(rows: list[dict[str, Any]], schema: dict[str, Any]) -> pl.DataFrame:
        return pl.DataFrame(
            {c: pl.Series(c, [row.get(c) for row in rows], dtype=t, strict=False) for c, t in schema.items()}
        )

    def landed_periods(self) -> pl.DataFrame:
        """A digest a period, as the landing gives it."""
        values = self._frame(self.rows["forms__values"], tables.TABLES["forms__values"])
        hashed = values.with_columns(landed_digest=values.hash_rows())
        return hashed.group_by("period_start_date").agg(pl.col("landed_digest").sum().cast(pl.String))

    def land(self, warehouse: Path) -> None:
        """Write the raw schema of a build database."""
        with duckdb.connect(str(warehouse)) as con:
            con.execute("create schema if not exists raw")
            frames = self.frames() | {
                "ledger__attainments": self._frame(self.ledger, LEDGER),
                "ledger__light_changes": self._frame([], CHANGES),
                "run__relit_attainments": self._frame(self.relit, RELIT),
                "run__landed_periods": self.landed_periods(),
            }
            for name, frame in frames.items():
                con.register("frame", frame.to_arrow())
                con.execute(f"create or replace table raw.{name} as select * from frame")
                con.unregister("frame")

    def build(
        self, folder: Path, evaluation_date: date | str = "2020-10-20", *, tests: bool = False, only: str = ""
    ) -> Warehouse:
        """Land and run dbt; with `tests` also every data test and unit test. `only`: these and their parents."""
        warehouse = folder / "build.duckdb"
        self.land(warehouse)
        select = " ".join(f"+{model}" for model in only.split())
        return build(warehouse, str(evaluation_date), tests=tests, select=select)


class Warehouse:
    """A built warehouse; `rows` opens it read-only for one question."""

    def __init__(self, path: Path, result: dbtRunnerResult) -> None:
        self.path = path
        self.result = result

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with duckdb.connect(str(self.path), read_only=True) as con:
            return con.sql(sql).pl().to_dicts()

    def attainments(self) -> dict[str, dict[str, Any]]:
        return {row["commitment_id"]: row for row in self.rows("select * from marts.fct_attainments")}


def build(warehouse: Path, evaluation_date: str, *, tests: bool = False, select: str = "") -> Warehouse:
    """Run dbt in this process on a landed build database; raises AssertionError naming the nodes that failed."""
    with duckdb.connect(str(warehouse)) as con:
        day = date.fromisoformat(evaluation_date)
        con.execute(f"create or replace view raw.run__parameters as select date '{day}' as evaluation_date")
    paths = Paths(warehouse.parent, None)
    args = [
        "build" if tests else "run", "--log-level", "none", "--project-dir", str(PROJECT), "--profiles-dir",
        str(PROJECT), "--target-path", str(warehouse.parent / "target"), "--log-path", str(warehouse.parent / "logs"),
    ]  # fmt: skip
    with dbt(paths, loaded_manifest(paths)) as invoke:
        os.environ["DUBAN_WAREHOUSE"] = str(warehouse)
        result = invoke([*args, *(["--indirect-selection", "cautious", "--select", *select.split()] if select else [])])
    ran = getattr(result.result, "results", [])
    failures = [f"{r.node.name}: {r.message}" for r in ran if r.status in ("error", "fail", "runtime error")]
    assert result.success, failures or result.exception
    return Warehouse(warehouse, result)


def form_frames() -> dict[str, pl.DataFrame]:
    """The product's own forms, as they land."""
    forms = load_forms().values()
    elements = [
        (f.code, e.code, e.name, e.data_type, e.unit, e.behaviour, e.is_key) for f in forms for e in f.elements.values()
    ]
    rhythms = [
        (f.code, f.name, f.reporter_type, "|".join(f.stages), f.frequency, f.due_days, f.lock_days,
         f.is_counted_from_start)
        for f in forms
    ]  # fmt: skip
    return {
        "forms__elements": pl.DataFrame(elements, schema=tables.FORMS["forms__elements"], orient="row"),
        "forms__forms": pl.DataFrame(rhythms, schema=tables.FORMS["forms__forms"], orient="row"),
    }


def months(first: date, last: date) -> list[date]:
    """First days of the months from `first` to `last`, both included."""
    found = [first.replace(day=1)]
    while (after := (found[-1] + timedelta(days=32)).replace(day=1)) <= last:
        found.append(after)
    return found


def at(text: str) -> datetime:
    """UTC as the landing tables hold it: without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).replace(tzinfo=None)
