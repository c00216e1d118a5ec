"""Of two records of what a release was made from, exactly the part that was edited is said to differ, and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ingestion.fingerprint import DBT_PROJECT
from ingestion.landing import Landing
from ingestion.releases import Releases
from ingestion.tables import TABLES
from orchestration import inputs
from orchestration.inputs import compare, record

DAY = date(2020, 10, 20)
MOMENT = datetime(2020, 10, 1, 8, tzinfo=UTC).replace(tzinfo=None)
ATTAINMENTS = (
    "create schema marts; create table marts.fct_attainments as select 'a' as commitment_id,"
    " date '2020-10-20' as evaluation_date, '绿' as light, '推进中' as status, '' as reason, 1 as actual_value,"
    " 2 as target_value, 50 as progress_pct, 30 as lag"
)


def rows(table: str, *given: dict[str, Any]) -> pl.DataFrame:
    schema = TABLES[table]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in given], schema=schema)


def arrival(number: int) -> dict[str, Any]:
    return {"file_id": number, "sha256": str(number), "file_name": f"第{number}份.xlsx", "file_kind": "workbook"}


def act(number: int, kind: str) -> dict[str, Any]:
    return {
        "event_no": number, "event_type": kind, "subject_type": "commitment", "subject_key": "a", "payload": "{}",
        "actor": "甲", "reason": "核对", "occurred_at": MOMENT,
    }  # fmt: skip


class Home:
    """A landing with something in every part, two releases, a copy of the SQL; and its record as first published."""

    def __init__(self, folder: Path) -> None:
        self.landing, self.releases = Landing(folder / "landing"), Releases(folder / "releases")
        self.code = folder / "dbt_project"
        for path in ("macros/scoring.sql", "models/marts/fct_assessments.sql"):
            (self.code / path).parent.mkdir(parents=True, exist_ok=True)
            (self.code / path).write_bytes((DBT_PROJECT / path).read_bytes())
        versions = {"version_no": 1, "digest": "1", "is_current": True}
        cell = {
            "file_id": 1,
            "sheet_no": 1,
            "row_no": 4,
            "column_no": 2,
            "form_code": "basic",
            "element_code": "pupils",
        }
        self.cell = cell | {"reporter_code": "1", "period_start_date": date(2020, 9, 1), "value_number": Decimal(7)}
        for table, row in (
            ("config__versions", versions), ("config__baselines", {"indicator_code": "fit", "value": Decimal(62)}),
            ("intake__files", arrival(1)), ("forms__values", self.cell),
            ("registry__events", act(1, "commitment.confirmed")),
        ):  # fmt: skip
            self.landing.replace(table, rows(table, row))
        build = folder / "build.duckdb"
        with duckdb.connect(str(build)) as con:
            con.execute(ATTAINMENTS)
        self.releases.publish(build, {})
        self.releases.publish(build, {}, made_from=json.dumps(record(self.landing, self.releases, DAY)))

    def differing(self, day: date = DAY) -> dict[str, str]:
        now = record(self.landing, self.releases, day, before=2)
        parts = compare(json.loads(self.releases.made_from(2)), now, self.landing)
        assert len(parts) == 6
        return {part.name: "；".join(part.said) for part in parts if part.said}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(inputs.code_digests, "__defaults__", (tmp_path / "dbt_project",))
    return Home(tmp_path)


def change_code(home: Home) -> None:
    path = home.code / "macros/scoring.sql"
    path.write_text(path.read_text("utf-8").replace("}}20", "}}25") + "-- 25", "utf-8")
    (home.code / "models/marts/fct_new.sql").write_text("select 1", "utf-8")


def change_configuration(home: Home) -> None:
    home.landing.replace(
        "config__baselines", rows("config__baselines", {"indicator_code": "fit", "value": Decimal(63)})
    )
    versions = [{"version_no": no, "digest": str(no), "is_current": no == 2} for no in (1, 2)]
    home.landing.replace("config__versions", rows("config__versions", *versions))


def receive(home: Home) -> None:
    home.landing.write({
        "intake__files": rows("intake__files", arrival(2)),
        "forms__values": rows("forms__values", home.cell | {"file_id": 2, "value_number": Decimal(8)}),
    })  # fmt: skip


def confirm(home: Home) -> None:
    home.landing.write({"registry__events": rows("registry__events", act(2, "commitment.edited"))})


def rewrite_ledger(home: Home) -> None:
    (home.releases.folder / "000001.ledger.parquet").write_bytes(
        (home.releases.folder / "000002.ledger.parquet").read_bytes()
    )


@pytest.mark.parametrize(
    ("edit", "part", "words"),
    [
        (change_code, "代码", ("改动的规则文件：macros/scoring.sql", "新增的规则文件：models/marts/fct_new.sql")),
        (change_configuration, "配置", ("第 1 版 → 第 2 版", "改动的表：基数")),
        (receive, "收到的数据", ("报表数值", "2020-09", "新收的文件：第2份.xlsx（编号 2）")),
        (confirm, "登记事件", ("发布时 1 条，现在 2 条", "第2号（调整承诺）")),
        (rewrite_ledger, "已发布台账", ("改动的台账文件：000001.ledger.parquet",)),
    ],
)
def test_the_part_that_was_edited_is_named_alone(
    home: Home, edit: Callable[[Home], None], part: str, words: tuple[str, ...]
) -> None:
    assert home.differing() == {}
    edit(home)
    (told,) = home.differing().items()
    assert told[0] == part
    assert all(word in told[1] for word in words), told


def test_another_day_and_a_lost_file_are_named(home: Home) -> None:
    assert home.differing(date(2020, 11, 1)) == {"评价日期": "发布时 2020-10-20，现在 2020-11-01"}
    home.landing.replace("intake__files", rows("intake__files"))
    assert "发布时的 1 份文件现在有 0 份" in home.differing()["收到的数据"]


def test_a_release_that_recorded_nothing_says_nothing(home: Home) -> None:
    assert home.releases.made_from(1) == ""
    assert home.releases.made_from(99) == ""
