"""A school's workbook goes back with marks, comes back corrected, and closes its findings by id; all counts agree."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest

from ingestion.sandbox import Pool
from ingestion.workbooks.containers import Budget
from ingestion.workbooks.handback.marking import marked
from ingestion.workbooks.handback.records import LIST_SHEET, Mark
from tests.conftest import Ran
from tests.troubled import THEIRS, a_school, ask, bad_workbook

Run = Callable[..., Ran]


def a_list_instead(home: Path, run: Run, school: str, out: Path) -> None:
    """What a school gets that handed in a csv."""
    ran = run(home, "corrections", "--school", school, "--period", "2019-11", "--out", str(out))
    assert "原文件不是 .xlsx" in ran.out, ran.err
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [LIST_SHEET]
    assert book[LIST_SHEET].max_row == 3
    assert run(home, "corrections", "--school", "0000000000", "--out", str(out.with_name("无.xlsx"))).code == 2


def test_marks_and_list_agree_with_sql_and_close_by_id(troubled: tuple[Path, Ran], run: Run, tmp_path: Path) -> None:
    home = shutil.copytree(troubled[0], tmp_path / "home", symlinks=True)
    school = a_school(home)
    where = f"reporter_code = '{school[0]}' and period_start_date = date '2019-12-01'"
    in_sql = {row[0] for row in ask(home, f"select finding_id from fct_findings where is_open and {where}")}
    out = tmp_path / "退改.xlsx"
    ran = run(home, "corrections", "--school", school[0], "--period", "2019年12月", "--out", str(out))
    assert ran.code == 0, ran.err
    book = openpyxl.load_workbook(out)
    rows = list(book[LIST_SHEET].iter_rows(min_row=3, values_only=True))
    assert {row[0] for row in rows} == in_sql
    assert len(in_sql) == len(rows) == 2
    for finding_id, sheet_name, address, *_ in rows:
        cell = book[sheet_name][address]
        assert finding_id in cell.comment.text
        assert "改法" in cell.comment.text
        assert cell.fill.fill_type == "solid"
    a_list_instead(home, run, school[0], tmp_path / "清单.xlsx")
    on_screen = run(home, "check", str(home / "inbox" / "坏表.xlsx"))
    assert "共 2 个问题" in on_screen.out
    assert "已改 0 个，仍未改 2 个" in on_screen.out

    sheet = book.worksheets[0]
    sheet["C4"] = 90  # one of the two is put right, on the very workbook that was given back
    book.save(home / "inbox" / "坏表改.xlsx")
    checked = run(home, "check", str(home / "inbox" / "坏表改.xlsx"))
    assert "已改 1 个，仍未改 1 个" in checked.out
    assert "共 1 个问题" in checked.out
    assert run(home, "refresh", DUBAN_PLANS_DIR=str(home / THEIRS)).code == 1  # of the plans that cannot be read
    states = dict(
        ask(home, f"select finding_id, max_by(finding_state, file_id) from fct_findings where {where} group by 1")
    )
    assert set(states) == in_sql
    assert sorted(states.values()) == ["已改", "待改"]
    assert re.search(r"已改 1 个", checked.out)


def mark(cell: str = "C4", **more: str) -> Mark:
    row = {
        "sheet_name": "表1",
        "raw_value": "=1+1",
        "severity": "有效性",
        "rule_code": "KG002",
        "message": "不应为负数",
    }
    return Mark(**({"finding_id": "f" * 16, "cell": cell, "fix": "请核对"} | row | more))


def test_marking_twice_marks_once_and_keeps_what_the_school_wrote() -> None:
    data = bad_workbook(("2130000001", "甲一幼儿园"), pupils=-5)
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.worksheets[0]["C4"].comment = openpyxl.comments.Comment("园长说明", "园长")
    stream = io.BytesIO()
    book.save(stream)
    twice = marked(marked(stream.getvalue(), (mark(), mark("D4"))), (mark("D4"),))
    again = openpyxl.load_workbook(io.BytesIO(twice))
    sheet = again.worksheets[0]
    assert again.sheetnames == ["表1", LIST_SHEET]
    assert sheet["D4"].comment.text.count("问题编号") == 1
    assert sheet["C4"].fill.fill_type is None
    assert sheet["C4"].comment.text == "园长说明"
    assert [c.value for c in sheet[4]][:4] == ["2130000001", "甲一幼儿园", -5, 3]
    assert again[LIST_SHEET]["D3"].value == "=1+1"
    assert again[LIST_SHEET]["D3"].data_type == "s"


@pytest.mark.parametrize("cell", ["", "ZZZZ9", "A1"])
def test_odd_places_never_stop_a_return(cell: str) -> None:
    data = bad_workbook(("2130000001", "甲一幼儿园"))
    assert openpyxl.load_workbook(io.BytesIO(marked(data, (mark(cell, sheet_name="没有"), mark(cell)))))


def test_a_release_without_the_tables_says_what_to_do(tmp_path: Path, run: Run) -> None:
    (tmp_path / "releases").mkdir()
    with duckdb.connect(str(tmp_path / "releases" / "000001.duckdb")) as con:
        con.execute("create schema release; create table release.info as select '{}' as content")
    ran = run(tmp_path, "corrections", "--school", "1", "--out", str(tmp_path / "x.xlsx"))
    assert ran.code == 2
    assert "duban refresh" in ran.err


@pytest.mark.parametrize(("name", "data"), [("a.csv", b"a,b\n1,2\n"), ("a.xlsx", b"PK\x03\x04 broken")])
def test_why_a_workbook_cannot_be_marked_comes_over_in_words(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with Pool("ingestion.workbooks.handback.marking:handler", Budget(1 << 20, 1000), workers=1) as pool:
        ((_, reason),) = next(iter(pool.run(iter([[(str(tmp_path / name), name, (mark(),))]]))))
    assert isinstance(reason, str)
    assert reason
