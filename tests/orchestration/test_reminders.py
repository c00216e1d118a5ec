"""Who is reminded of what: the list agrees with the release, on its day and on others; rules tried over history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl

from ingestion.releases import Releases, connect
from orchestration.reminders import owed_reports
from tests.conftest import Ran

Run = Callable[..., Ran]
OWING = "is_expected and submission_state in ('未报', '隔离', '空表', '待解锁')"


def scalar(home: Path, sql: str) -> int:
    with connect(Releases(home / "releases").resolve()) as con:
        con.execute("set schema = 'marts'")
        return con.execute(sql).fetchall()[0][0]


def test_the_list_agrees_with_the_release_in_every_form(refreshed_home: Path, run: Run, tmp_path: Path) -> None:
    owing = scalar(refreshed_home, f"select count(*) from fct_submissions where {OWING}")
    assert owing > 0
    listed = run(refreshed_home, "remind", "--format", "csv")
    assert listed.code == 1
    frame = pl.read_csv(listed.out.encode())
    assert len(frame) == owing
    assert f"欠 {owing} 份" in listed.err
    out = tmp_path / "催报.xlsx"
    run(refreshed_home, "remind", "--format", "xlsx", "--out", str(out))
    assert openpyxl.load_workbook(out).worksheets[0].max_row == owing + 2


def test_another_day_owes_what_came_later_and_forgives_what_was_not_due(refreshed_home: Path) -> None:
    release = Releases(refreshed_home / "releases").resolve()
    day = date(2020, 5, 20)
    owed = owed_reports(release, day, form="kindergarten")
    assert (owed["应报截止"] < day).all()
    late = scalar(
        refreshed_home,
        "select count(*) from fct_submissions where form_code = 'kindergarten' and is_expected and is_accepted and "
        "due_date < date '2020-05-20' and cast(received_at + interval 8 hour as date) > date '2020-05-20'",
    )
    assert (owed["状态"] == "未报").sum() >= late
    assert owed_reports(release, date(2019, 1, 1)).is_empty()
    one = owed_reports(release, day, region="330303")
    assert set(one["地区"]) == {"温州市龙湾区"}


def test_a_rule_is_tried_over_history_before_it_is_switched_on(refreshed_home: Path, run: Run) -> None:
    planted = run(refreshed_home, "rules", "backtest", "kindergarten", "--rule", "KG006")
    assert planted.code == 0, planted.err
    assert "合计：1 份、1 个单元格" in planted.out
    on_trial = scalar(refreshed_home, "select count(*) from fct_rule_breaches where rule_code = 'KG014'")
    across = run(refreshed_home, "rules", "backtest", "kindergarten", "--rule", "KG014")
    assert f"、{on_trial} 个单元格\n  例：" in across.out
    assert scalar(refreshed_home, "select count(*) from fct_findings where rule_code = 'KG014'") == 0
    assert run(refreshed_home, "rules", "backtest", "kindergarten", "--rule", "X").code == 2
