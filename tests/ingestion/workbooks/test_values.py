"""What a cell says, as a golden table: written form → stored number, text, or the reason that there is none."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ingestion.workbooks.containers import Budget
from ingestion.workbooks.headers import Recogniser
from ingestion.workbooks.reader import read_workbook
from ingestion.workbooks.values import type_cells
from tests.ingestion.workbooks.building import FORMS, KINDERGARTEN, template_rows

UNREADABLE = "!"
GOLDEN: list[tuple[str, str, float | str, int, Any]] = [
    ("integer", "人", "１２３", 1, Decimal(123)),
    ("integer", "人", "'1,234", 1, Decimal(1234)),
    ("integer", "人", "1,234,567", 1, Decimal(1234567)),
    ("integer", "人", "12,34", 1, UNREADABLE),
    ("integer", "人", "－5", 1, Decimal(-5)),
    ("integer", "人", "\u22125", 1, Decimal(-5)),
    ("integer", "人", "（5）", 1, Decimal(-5)),
    ("decimal", "元", "(1,234.5)", 1, Decimal("-1234.5")),
    ("integer", "人", "（五）", 1, UNREADABLE),
    ("integer", "人", "120人", 1, Decimal(120)),
    ("integer", "人", "120元", 1, UNREADABLE),
    ("integer", "人", "约120", 1, UNREADABLE),
    ("integer", "人", "#REF!", 1, UNREADABLE),
    ("integer", "人", 0.0, 1, Decimal(0)),
    ("integer", "人", "0", 1, Decimal(0)),
    ("integer", "人", "", 1, "空"),
    ("integer", "人", "  ", 1, "空"),
    ("integer", "人", "—", 1, "无数据"),
    ("integer", "人", "/", 1, "无数据"),
    ("integer", "人", "无", 1, "无数据"),
    ("integer", "人", "…", 1, "未填"),
    ("integer", "人", "n/a", 1, "不适用"),
    ("decimal", "%", " 95.3％", 1, Decimal("95.3")),
    ("decimal", "元", 12.5, 10_000, Decimal(125_000)),
    ("decimal", "元", "12.5万元", 10_000, Decimal(125_000)),
    ("decimal", "元", "8元", 10_000, Decimal(8)),
    ("decimal", "元", 0.1 + 0.2, 1, Decimal("0.3")),
    ("flag", "", "是", 1, Decimal(1)),
    ("flag", "", "否", 1, Decimal(0)),
    ("flag", "", "无", 1, Decimal(0)),
    ("flag", "", 1.0, 1, Decimal(1)),
    ("flag", "", "可能", 1, UNREADABLE),
    ("flag", "", "", 1, "空"),
    ("date", "", "2020年9月1日", 1, "2020-09-01"),
    ("date", "", "2020/9/1", 1, "2020-09-01"),
    ("date", "", 44075.0, 1, "2020-09-01"),
    ("date", "", 20200901.0, 1, "2020-09-01"),
    ("date", "", "2020.9.31", 1, UNREADABLE),
    ("date", "", "2020年9月", 1, UNREADABLE),
    ("enum", "", "进行中", 1, "进行中"),
    ("enum", "", "快了", 1, UNREADABLE),
    ("text", "", " 某小学 ", 1, "某小学"),
    ("text", "", 2130000001.0, 1, "2130000001"),
]


def test_golden_values() -> None:
    names = [f"e{n}" for n in range(len(GOLDEN))]
    cells = pl.DataFrame(
        {
            "form_code": "f",
            "element_code": names,
            "number": [raw if isinstance(raw, float) else None for _, _, raw, _, _ in GOLDEN],
            "text": [raw if isinstance(raw, str) else None for _, _, raw, _, _ in GOLDEN],
            "scale": [scale for *_, scale, _ in GOLDEN],
        },
        schema_overrides={"number": pl.Float64, "text": pl.String},
    )
    elements = pl.DataFrame(
        {
            "form_code": "f",
            "element_code": names,
            "data_type": [kind for kind, *_ in GOLDEN],
            "unit": [unit for _, unit, *_ in GOLDEN],
            "allowed": [["未启动", "进行中", "办结"]] * len(GOLDEN),
        }
    )
    typed = type_cells(cells, elements).select("value_number", "value_text", "missing_reason", "is_readable")
    got = [
        next((v for v in found if v is not None), None) if readable else UNREADABLE
        for *found, readable in typed.iter_rows()
    ]
    wrong = [(row, value) for row, value in zip(GOLDEN, got, strict=True) if row[4] != value]
    assert not wrong


def sheet_values(data: bytes, name: str) -> list[list[Any]]:
    reading = read_workbook(data, name, Recogniser(FORMS), Budget(1 << 28, 5_000_000))
    assert reading.refusal is None, reading.refusal
    return reading.sheets[0].values


@pytest.mark.parametrize("mac", [False, True])
def test_dates_of_both_excel_epochs(mac: bool) -> None:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    project = ["甲校", "新建", 100, 10, 5, None, datetime(2020, 3, 1), None, None, None, None]  # noqa: DTZ001
    for row in template_rows("projects", project, unit="建设科（U001）"):
        sheet.append([value if value != "" else None for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    assert sheet_values(buffer.getvalue(), "a.xlsx")[6] == ["2020-03-01"]


def test_an_ods_reads_like_an_xlsx() -> None:
    def cell(value: Any) -> str:
        if value == "":
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>"
        for row in template_rows("kindergarten", KINDERGARTEN)
    )
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    assert sheet_values(buffer.getvalue(), "a.ods")[2:] == [[float(value)] for value in KINDERGARTEN[2:]]
