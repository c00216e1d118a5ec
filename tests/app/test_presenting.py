"""Words made from one row, and text cut by offsets."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from app import charts
from app.documents import marked
from app.labels import plan_labels
from app.presenting import (
    actual_text,
    amount,
    cell_address,
    days_text,
    gap_text,
    judged_text,
    plain,
    target_text,
    why_text,
)
from app.rendering import html, link

COLUMNS = (
    "display_value actual_value target_value baseline_value stated_value stated_high_value number_text edge_note reason"
    " milestone stated_count project_count judged_operator operator unit stated_unit"
)
ROW: dict[str, Any] = dict.fromkeys(COLUMNS.split()) | {"kind": "metric", "is_met": False, "counted_count": 1}


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"stated_value": 60.0, "operator": ">=", "stated_unit": "%"}, "≥ 60%"),
        ({"stated_value": 1200.0, "operator": "increase", "stated_unit": "个"}, "增加 1,200 个"),
        ({"stated_value": 0.5, "operator": "decrease", "stated_unit": "百分点"}, "下降 0.5 个百分点"),
        ({"stated_value": 680000000.0, "operator": "==", "stated_unit": "元", "kind": "money"}, "6.8 亿元"),
        ({"stated_value": 3.0, "stated_high_value": 5.0, "operator": "range", "stated_unit": "条"}, "3–5 条"),
        ({"kind": "milestone", "milestone": "开工", "stated_count": 5, "project_count": 2}, "开工 5 所"),
        ({"kind": "deliverable"}, "办结"),
        ({}, "未写明"),
    ],
)
def test_targets_read_as_people_say_them(row: dict[str, Any], shown: str) -> None:
    assert target_text(ROW | row) == shown


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({}, "—"),
        ({"display_value": "94.96", "unit": "%"}, "94.96%"),
        ({"display_value": "1234.5", "unit": "人"}, "1,234.5 人"),
        ({"display_value": "-3.0", "unit": "%"}, "-3.0%"),
        ({"display_value": "4463448", "actual_value": 4463448.0, "unit": "元"}, "446.34 万元"),
        ({"display_value": "2", "kind": "milestone"}, "已达 2 所"),
        ({"display_value": "0", "kind": "deliverable"}, "未办结"),
    ],
)
def test_figures_keep_the_warehouse_rounding(row: dict[str, Any], shown: str) -> None:
    assert actual_text(ROW | row) == shown


def test_money_is_never_rounded_onto_a_target_it_misses() -> None:
    row = ROW | {"display_value": "679999999", "actual_value": 679999999.0, "target_value": 680000000.0, "unit": "元"}
    assert amount(679999999.0, "元") == amount(680000000.0, "元") == "6.8 亿元"
    assert actual_text(row) == "679,999,999 元"


def test_a_change_names_the_figure_it_is_judged_by() -> None:
    row = ROW | {"operator": "decrease", "stated_value": 1.0, "stated_unit": "百分点", "judged_operator": "<=",
                 "target_value": 54.744591, "baseline_value": 55.744591, "unit": "%"}  # fmt: skip
    assert judged_text(row) == "≤ 54.74%（基数 55.74%）"
    assert judged_text(ROW | {"stated_value": 60.0, "target_value": 60.0, "unit": "%", "stated_unit": "%"}) == ""


def test_gaps_and_reasons_are_said_once() -> None:
    assert gap_text(ROW | {"edge_note": "差70000000元"}) == "差 7,000 万元"
    assert gap_text(ROW | {"edge_note": "差0.04个百分点"}) == "差 0.04 个百分点"
    assert gap_text(ROW | {"edge_note": "差1项", "kind": "deliverable"}) == ""
    assert why_text(ROW | {"reason": "截止2019-12-31未完成；尚有1个单位未报"}) == "尚有1个单位未报"


@pytest.mark.parametrize(
    ("days", "is_met", "shown"),
    [(72, False, "剩 72 天"), (0, False, "今天到期"), (-3, False, "逾期 3 天"), (-3, True, "已完成")],
)
def test_days_are_counted_to_the_deadline(days: int, is_met: bool, shown: str) -> None:
    assert days_text(days, is_met=is_met) == shown


@pytest.mark.parametrize(
    ("row", "column", "cell"), [(4, 1, "A4"), (9, 26, "Z9"), (1, 27, "AA1"), (2, 703, "AAA2"), (None, 1, "")]
)
def test_cells_have_the_names_a_spreadsheet_gives_them(row: int | None, column: int, cell: str) -> None:
    assert cell_address(row, column) == cell


def test_plain_figures() -> None:
    assert [plain(v) for v in (1200.0, 0.5, 100.0, None)] == ["1,200", "0.5", "100", "—"]


def test_marks_follow_offsets_across_lines_and_surrogates() -> None:
    text = "\ufeff题目\r\n一、𠮷祥路小学达到95%以上。\n\n尾"
    start = text.index("𠮷祥路")
    number = text.index("95%以上")
    paragraphs = marked(text, start, number + 5, number, number + 5)
    assert ["".join(p.text for p in paragraph.pieces) for paragraph in paragraphs] == [
        "题目",
        "一、𠮷祥路小学达到95%以上。",
        "尾",
    ]
    assert [(p.text, p.mark) for p in paragraphs[1].pieces] == [
        ("一、", ""), ("𠮷祥路小学达到", "quote"), ("95%以上", "number"), ("。", ""),
    ]  # fmt: skip
    assert [paragraph.has_mark for paragraph in paragraphs] == [False, True, False]


def test_plans_that_read_alike_are_told_apart_by_their_file() -> None:
    frame = pl.DataFrame({
        "document_id": ["a", "b", "c"], "region_name": ["东湖区", "东湖区", None], "region_code": ["1", "1", None],
        "plan_year": [2020, 2020, None], "document_file": ["x.txt", "y.txt", "z.txt"],
    })  # fmt: skip
    assert plan_labels(frame) == {"a": "东湖区 2020（x.txt）", "b": "东湖区 2020（y.txt）", "c": "地区未知"}


def test_links_leave_out_what_is_empty() -> None:
    assert link("ledger", light=["红", "黄"], plan=None, q="") == "ledger?light=%E7%BA%A2&light=%E9%BB%84"
    assert link("ledger", page=2) == "ledger?page=2"
    assert link("") == "./"


def test_templates_escape_what_they_are_given() -> None:
    shown = html("panel_note.html", heading="<script>", text='"><img src=x>')
    assert "<script>" not in shown
    assert "<img" not in shown


def test_the_axis_of_money_is_in_the_unit_people_say() -> None:
    assert charts.axis_unit("元", [3e9, 0]) == ("亿元", 100_000_000)
    assert charts.axis_unit("元", [2_000_000.0]) == ("万元", 10_000)
    assert charts.axis_unit("%", [47.6]) == ("%", 1)


def test_a_chart_carries_its_target_and_no_address() -> None:
    points = pl.DataFrame({
        "period_start_date": [date(2019, 12, 1), date(2020, 1, 1)], "indicator_value": [45.0, 47.6],
        "numerator": [9.0, 10.0], "denominator": [20.0, 21.0], "counted_count": [1, 1], "expected_count": [2, 2],
    })  # fmt: skip
    shown = charts.Trend(
        points, 60.0, "≥ 60%", "47.6%",
        pace=[(date(2020, 1, 1), 0.0), (date(2020, 2, 1), 30.0), (date(2020, 3, 1), 60.0)],
        bounds=(date(2020, 1, 1), 40.0, 55.0), bounds_label="未报 1 家的影响", forecast=(date(2020, 4, 1), 58.0),
        forecast_label="预测 58%", revised={date(2019, 12, 1): 2},
    )  # fmt: skip
    spec = charts.trend(shown, "dark").to_json()
    for words in ("目标 ≥ 60%", "20年1月", "20年4月", "序时进度", "未报 1 家的影响", "预测 58%", "2 家更正"):
        assert words in spec
    assert "url" not in spec
