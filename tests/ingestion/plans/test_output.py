"""What `duban extract` writes: complete in jsonl and csv, harmless in spreadsheets, readable in a terminal."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest

from ingestion.plans.output import render

RECORD = {
    "id": "a1", "kind": "metric", "quote": "=cmd()|覆盖率达95%以上", "indicator": "覆盖率", "operator": ">=",
    "value": 95, "value_high": None, "unit": "%", "deadline": "2031-12-31", "projects": ["青石小学", "白石中学"],
    "item_path": "一/（一）", "locator": "第3段", "output": None, "baseline": -3.5,
}  # fmt: skip


def text_of(fmt: str, *records: dict, **options: str) -> str:
    stream = io.StringIO()
    render(list(records), fmt, stream, **options)
    return stream.getvalue()


def test_jsonl_keeps_every_key_and_value() -> None:
    lines = text_of("jsonl", RECORD, RECORD).splitlines()
    assert [json.loads(line) for line in lines] == [RECORD, RECORD]
    assert "覆盖率" in lines[0]


def test_csv_escapes_what_a_spreadsheet_would_run_and_keeps_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(text_of("csv", RECORD))))
    assert rows[0]["quote"] == "'=cmd()|覆盖率达95%以上"
    assert (rows[0]["value"], rows[0]["baseline"], rows[0]["value_high"]) == ("95", "-3.5", "")
    assert rows[0]["projects"] == "青石小学、白石中学"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@a", "\tx", "＝1"])
def test_every_formula_sign_is_escaped(start: str) -> None:
    assert list(csv.reader(io.StringIO(text_of("csv", {"quote": start}))))[1] == ["'" + start]


def test_xlsx_holds_text_as_text_and_numbers_as_numbers() -> None:
    stream = io.BytesIO()
    render([RECORD], "xlsx", stream, title="承诺")
    sheet = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active
    assert sheet is not None
    header, row = (list(line) for line in sheet.iter_rows())
    cells = {str(name.value): cell for name, cell in zip(header, row, strict=True)}
    assert (cells["原文"].data_type, cells["原文"].value) == ("s", RECORD["quote"])
    assert (cells["目标值"].value, cells["基数"].value, cells["类型"].value) == (95, -3.5, "指标")


def test_the_table_shows_what_a_person_looks_for() -> None:
    shown = text_of("table", RECORD, title="承诺")
    for part in ("承诺（1 条）", "指标", "≥95%", "2031-12-31", "第3段"):
        assert part in shown


def test_markup_in_a_plan_is_only_text() -> None:
    assert "[red]覆盖[/red]" in text_of("table", RECORD | {"indicator": "[red]覆盖[/red]"})


def test_other_records_show_their_own_columns() -> None:
    shown = text_of("table", {"number_text": "95", "label": "目标"}, title="数字清单")
    assert "归类" in shown
    assert "目标" in shown


def test_a_row_of_a_table_stays_in_one_line_and_empty_columns_away() -> None:
    shown = text_of("table", RECORD | {"quote": "甲小学\t新建\t2031.8", "item_path": ""})
    assert "甲小学 ｜ 新建 ｜ 2031.8" in shown
    assert "条目" not in shown
    assert "责任单位" not in shown
    assert "基教科" in text_of("table", RECORD | {"responsible_unit": "基教科"})


@pytest.mark.parametrize("fmt", ["table", "jsonl", "csv"])
def test_nothing_found_is_no_error(fmt: str) -> None:
    text_of(fmt)


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ValueError, match="xml"):
        text_of("xml", RECORD)
