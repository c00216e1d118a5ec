"""Workbooks and registers made for tests: the shipped templates filled with given rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from ingestion.arrivals import Arrival, Arrivals
from ingestion.landing import Landing
from ingestion.settings import Settings
from ingestion.workbooks.forms import load_forms
from ingestion.workbooks.intake import IntakeSummary, take_in

FORMS = load_forms()
KINDERGARTEN = ["2130000001", "甲一幼儿园", 90, 3, 12, 10, 4, 15, 1200]
SECOND = ["2130000002", "甲二幼儿园", 60, 2, 8, 8, 2, 10, 800]


def reporters(*extra: tuple[Any, ...]) -> pl.DataFrame:
    rows = [
        ("2130000001", "甲一幼儿园", "一幼", "330303", "school", date(2000, 1, 1), None),
        ("2130000002", "甲二幼儿园", None, "330303", "school", None, None),
        ("2130000003", "乙三幼儿园", None, "120110", "school", None, date(2020, 6, 30)),
        ("2130000004", "实验幼儿园", None, "330303", "school", None, None),
        ("2130000005", "实验幼儿园", None, "120110", "school", None, None),
        ("3130000001", "甲第一小学", None, "330303", "school", None, None),
        ("4130000001", "甲职业学校", None, "330303", "school", None, None),
        ("U001", "建设科", "基建办", "330303", "unit", None, None),
        *extra,
    ]
    schema = {
        "code": pl.String, "name": pl.String, "aliases": pl.String, "region_code": pl.String, "type": pl.String,
        "opened_date": pl.Date, "closed_date": pl.Date,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def template_rows(
    form: str = "kindergarten",
    *data: Sequence[Any],
    period: str = "2020年9月",
    unit: str = "甲一幼儿园",
    version: int = -1,
    header: Sequence[Any] | None = None,
    footer: bool = True,
) -> list[list[Any]]:
    template = FORMS[form].templates[version]
    names = list(header) if header is not None else [h[0] for h in template.headers.values()]
    rows = [
        [template.title],
        [f"表号：{template.table_number}", "", f"报告期：{period}", "", f"填报单位：{unit}"],
        names,
        *[list(row) for row in data],
    ]
    if footer:
        rows.append(["填报人：某人", "", "联系电话：12345", "", "制表日期：2020-10-08"])
    return rows


def xlsx(*sheets: list[list[Any]], names: Sequence[str] = (), hidden: Sequence[int] = ()) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_numbers": False})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for number, rows in enumerate(sheets):
        sheet = workbook.add_worksheet(names[number] if names else f"表{number + 1}")
        if number in hidden:
            sheet.hide()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(
                        r, c, datetime(value.year, value.month, value.day, tzinfo=UTC).replace(tzinfo=None), day
                    )
                elif isinstance(value, tuple):
                    sheet.write_formula(r, c, value[0], None, value[1])
                elif value != "":
                    sheet.write(r, c, value)
    workbook.close()
    return buffer.getvalue()


def text(rows: list[list[Any]], delimiter: str = ",", newline: str = "\r\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return stream.getvalue()


class Home:
    """A bureau in a temporary folder: put files in, take them in, look at landing."""

    def __init__(self, folder: Path) -> None:
        self.inbox = folder / "inbox"
        self.inbox.mkdir(parents=True)
        self.settings = Settings(home=folder, parser_workers=1)
        self.arrivals = Arrivals(self.settings.paths.arrivals, look_seconds=0)
        self.landing = Landing(self.settings.paths.landing)
        self.register = reporters()
        self._receipts: list[tuple[str, str]] = []

    def put(self, name: str, data: bytes, received_at: str = "2020-10-08 08:00:00") -> None:
        (self.inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (self.inbox / name).write_bytes(data)
        self._receipts.append((name, received_at))
        lines = "".join(f"{file},{at}\n" for file, at in self._receipts)
        (self.inbox / "receipts.csv").write_text("file,received_at\n" + lines, encoding="utf-8")

    def collect(self) -> list[Arrival]:
        return self.arrivals.collect(self.inbox, "workbook")

    def take_in(self) -> IntakeSummary:
        return take_in(self.collect(), self.landing, self.settings, self.register)

    def values(self, element: str) -> dict[str, Any]:
        """Numbers, or the reason they are missing, by reporter, over current submissions."""
        current = self.landing.read("forms__submissions").filter("is_current").select("file_id", "reporter_code")
        cells = self.landing.read("forms__values").filter(pl.col("element_code") == element)
        cells = cells.join(current, on=["file_id", "reporter_code"], how="semi")
        rows = cells.select("reporter_code", "value_number", "value_text", "missing_reason").iter_rows()
        return {code: next((v for v in found if v is not None), None) for code, *found in rows}

    def findings(self) -> list[tuple[str, str]]:
        """(rule, cell) of every finding."""
        return sorted(self.landing.read("intake__findings").select("rule_code", "cell").iter_rows())
