"""Workbooks as plans: rows with their sheet and cells, formats of numbers, merged and hidden cells, bad files."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from ingestion.plans.document import UnreadablePlan, read_document
from ingestion.plans.reading import read_plan


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def indicators(book: Any) -> None:
    sheet = book.active
    sheet.title = "指标"
    sheet.append(["甲市教育事业发展主要指标（2025年）"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "指标", "单位", "2024年", "2025年目标"])
    sheet.append([1, "学前三年毛入园率", "%", 95.1, 96])
    sheet.append([2, "九年义务教育巩固率", "", 0.985, 0.99])
    sheet["D4"].number_format = sheet["E4"].number_format = "0.0%"
    sheet.append([3, "新增公办学位", "个", 1200, 3000])


def tasks(book: Any) -> None:
    sheet = book.create_sheet("任务")
    sheet.append(["序号", "工作任务", "责任单位", "完成时限"])
    sheet.append([1, "新建公办幼儿园5所", "基教科", "2025年8月底"])
    sheet.append([2, "制定《校园安全管理办法》", "安管科", date(2025, 6, 30)])
    sheet.append([3, "城西小学迁建工程", "计财科", "2025年10月开工"])
    sheet.append([None, "东湖幼儿园", None, "9月投入使用"])
    sheet.merge_cells("C4:C5")


def both(book: Any) -> None:
    indicators(book)
    tasks(book)


def test_an_indicator_table_has_units_and_baselines():
    reading = read_plan(workbook(indicators), "指标.xlsx")
    assert reading.document.format == "xlsx"
    assert reading.document.title == "甲市教育事业发展主要指标（2025年）"
    assert [(c.indicator, c.value, c.unit, c.baseline, c.deadline, c.locator) for c in reading.commitments] == [
        ("学前三年毛入园率", 96, "%", 95.1, date(2025, 12, 31), "指标!A3:E3"),
        ("九年义务教育巩固率", 99, "%", 98.5, date(2025, 12, 31), "指标!A4:E4"),
        ("新增公办学位", 3000, "个", 1200, date(2025, 12, 31), "指标!A5:E5"),
    ]


def test_a_task_table_has_units_in_charge_and_days():
    reading = read_plan(workbook(both), "任务.xlsx")
    found = {c.locator: c for c in reading.commitments if c.locator.startswith("任务!")}
    assert found["任务!A2:D2"].responsible_unit == "基教科"
    assert found["任务!A2:D2"].deadline == date(2025, 8, 31)
    assert found["任务!A3:D3"].output == "校园安全管理办法"
    assert (found["任务!A4:D4"].milestone, found["任务!A4:D4"].projects) == ("开工", ("城西小学",))
    # a cell merged downwards stands in each of its rows
    assert found["任务!B5:D5"].responsible_unit == "计财科"
    assert found["任务!B5:D5"].milestone == "投用"


def test_offsets_point_into_the_printed_text():
    reading = read_plan(workbook(both), "任务.xlsx")
    text = reading.document.text
    assert all(text[c.start : c.end] == c.quote for c in reading.commitments)
    assert all(p.kind == "表格行" for p in reading.document.paragraphs if "\t" in text[p.start : p.end])


def test_hidden_sheets_and_rows_are_not_read():
    def fill(book: Any) -> None:
        indicators(book)
        book.active.row_dimensions[5].hidden = True
        book.create_sheet("旧").append(["新建学校9所"])
        book["旧"].sheet_state = "hidden"

    document = read_document(workbook(fill), "a.xlsx")
    assert "毛入园率" in document.text
    assert "新增公办学位" not in document.text
    assert "9所" not in document.text


def test_a_far_away_cell_is_told():
    def fill(book: Any) -> None:
        indicators(book)
        book.active["XFD1048576"] = " "

    with pytest.raises(UnreadablePlan) as refusal:
        read_document(workbook(fill), "a.xlsx")
    assert "远处" in refusal.value.reason


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_cut_off_workbook_is_refused(share):
    whole = workbook(both)
    with pytest.raises(UnreadablePlan) as refusal:
        read_document(whole[: int(len(whole) * share)], "a.xlsx")
    assert "损坏" in refusal.value.reason
