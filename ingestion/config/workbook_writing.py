"""A configuration as one workbook that a clerk fills in: guide, sheets with lists and notes, the catalogue of forms.

Here: cells out. Not here: what the sheets are (sheets.py), cells in (workbook_reading.py).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ingestion.config.sheets import (
    BASE_VERSION,
    CATALOGUE,
    EXAMPLE,
    GUIDE,
    MARK_HEADER,
    Column,
    Sheet,
    Vocabulary,
    sheets,
)
from ingestion.durable import replace_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.workbooks.forms import Form

FREE_ROWS = 500  # blank rows below the filled ones that have lists and formats
CREATED = datetime(2020, 1, 1)  # noqa: DTZ001 (workbooks know no time zones; equal content gives equal bytes)
LIST_LIMIT = 250  # Excel takes 255 characters of a list typed into the rule
STEPS = (
    "一、先填“本单位”“区划”，再填“学校”“单位”，最后填其余各表；用不到的表留空。",
    "二、每一列填什么，把鼠标停在表头上看批注；表头加粗红字的列必填；有下拉列表的从列表中选。",
    "三、A 列“标记”写着“示例”的行不会载入，看懂以后可以删去。不要改表名和表头，列的先后可以调整。",
    "四、代码（区划、学校、单位）是文字，日期写成 2026-09-01，数值不要写成文字。",
    "五、填好后运行 duban config check 查错：逐条给出文件、表、单元格和改法；没有问题再运行"
    " duban config apply --by 姓名 --why 原因。有一处不对就全部不采用。",
    "六、采用后下一次刷新（duban refresh）起生效。旧版本都保留：duban config history 查看，duban config undo 撤回。",
)


def write_workbook(
    path: Path,
    frames: Mapping[str, pl.DataFrame],
    forms: Mapping[str, Form],
    *,
    version_no: int = 0,
    examples: bool = False,
) -> None:
    """Put a workbook at `path`, whole or not at all. `frames` by key of sheet; missing ones are written empty."""
    replace_bytes(path, workbook_bytes(frames, forms, version_no=version_no, examples=examples))


def workbook_bytes(
    frames: Mapping[str, pl.DataFrame], forms: Mapping[str, Form], *, version_no: int = 0, examples: bool = False
) -> bytes:
    """See write_workbook; `version_no` is the applied version the content was taken from, 0 none."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": "督办配置", "created": CREATED})
    styles = _styles(book)
    _write_guide(book.add_worksheet(GUIDE), styles, version_no)
    words = Vocabulary.of(forms)
    for sheet in sheets():
        _SheetWriter(book.add_worksheet(sheet.title), sheet, words, styles).write(frames.get(sheet.key), examples)
    _write_catalogue(book.add_worksheet(CATALOGUE), styles, forms)
    book.close()
    return buffer.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#DDEBF7"}
    example = {"italic": True, "font_color": "#808080", "bg_color": "#F2F2F2"}
    return {
        "head": book.add_format(head),
        "required": book.add_format(head | {"font_color": "#C00000"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "General"}),
        "example": book.add_format(example),
        "title": book.add_format({"bold": True, "font_size": 16}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


class _SheetWriter:
    """One sheet: header with notes, example rows, content, lists and formats below."""

    def __init__(self, out: Any, sheet: Sheet, words: Vocabulary, styles: Mapping[str, Any]) -> None:
        self.out, self.sheet, self.words, self.styles = out, sheet, words, styles

    def write(self, frame: pl.DataFrame | None, examples: bool) -> None:
        out, sheet = self.out, self.sheet
        out.write_string(0, 0, MARK_HEADER, self.styles["head"])
        out.write_comment(0, 0, f"写“{EXAMPLE}”的行不会载入。", {"x_scale": 1.5})
        out.set_column(0, 0, 6)
        for number, column in enumerate(sheet.columns, start=1):
            style = "required" if column.field in sheet.rules.required else "head"
            out.write_string(0, number, column.header, self.styles[style])
            if column.note:
                out.write_comment(0, number, column.note, {"x_scale": 2})
            out.set_column(number, number, max(12, min(40, len(column.header) * 2 + 4)), self._format(column))
        row = self._write_examples() if examples else 1
        for values in frame.iter_rows(named=True) if frame is not None else ():
            for number, column in enumerate(sheet.columns, start=1):
                self._write_cell(row, number, self._shown(column, values), self._format(column))
            row += 1
        for number, column in enumerate(sheet.columns, start=1):
            self._validate(number, column, row + FREE_ROWS)
        out.freeze_panes(1, 3)
        out.autofilter(0, 0, max(row - 1, 1), len(sheet.columns))

    def _write_examples(self) -> int:
        count = max((len(column.examples) for column in self.sheet.columns), default=0)
        style = self.styles["example"]
        for row in range(1, count + 1):
            self.out.set_row(row, None, style)
            self.out.write_string(row, 0, EXAMPLE, style)
            for number, column in enumerate(self.sheet.columns, start=1):
                value = column.examples[row - 1] if row <= len(column.examples) else None
                self._write_cell(row, number, value, style)
        return count + 1

    def _shown(self, column: Column, values: Mapping[str, Any]) -> Any:
        value = values[column.field]
        if value is None:
            return None
        if column.kind == "form":
            return self.words.form_names.get(value, value)
        if column.kind == "elements":
            return self.words.show_elements(values.get("source_form"), value)
        if column.is_list:
            return value.replace("|", "、")
        return column.choices.get(value, value) if isinstance(value, str) else value

    def _write_cell(self, row: int, number: int, value: Any, style: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self.out.write_string(row, number, "是" if value else "否", style)
        elif isinstance(value, date):
            self.out.write_datetime(row, number, datetime.combine(value, time()), style)
        elif isinstance(value, int | float | Decimal):
            self.out.write_number(row, number, float(value), style)
        else:
            self.out.write_string(row, number, str(value), style)

    def _format(self, column: Column) -> Any:
        dtype = self.sheet.schema[column.field]
        kind = "date" if dtype == pl.Date else "text" if dtype == pl.String else "number"
        return self.styles[kind]

    def _validate(self, number: int, column: Column, last: int) -> None:
        words = self.sheet.shown_words(column)
        strictness = "stop" if words else "warning"  # a code may be typed before it is registered
        source: Any = list(words) if words and sum(len(word) + 1 for word in words) < LIST_LIMIT else None
        if column.kind == "form":
            source = f"='{CATALOGUE}'!$H$2:$H$200"
        elif column.field in self.sheet.rules.references:
            source = self._referenced(*self.sheet.rules.references[column.field])
        if source is None:
            return
        rule = {
            "validate": "list", "source": source, "error_title": "请从列表中选择", "error_type": strictness,
            "error_message": f"“{column.header}”一般从列表中选；代码须已登记在相应的表中。",
        }  # fmt: skip
        self.out.data_validation(1, number, last, number, rule)

    def _referenced(self, key: str, column: str) -> str | None:
        target = next(sheet for sheet in sheets() if sheet.key == key)
        place = next(no for no, known in enumerate(target.columns, start=1) if known.field == column)
        letter = xl_col_to_name(place, col_abs=True)
        return f"='{target.title}'!{letter}$2:{letter}$5000"


def _write_guide(out: Any, styles: Mapping[str, Any], version_no: int) -> None:
    out.set_column(0, 0, 14)
    out.set_column(1, 1, 22)
    out.set_column(2, 2, 8)
    out.set_column(3, 3, 90, styles["wrap"])
    out.write_string(0, 0, "督办配置 填写说明", styles["title"])
    out.write_string(1, 0, f"{BASE_VERSION}：{version_no}")
    row = 3
    for step in STEPS:
        out.merge_range(row, 0, row, 3, step, styles["wrap"])
        out.set_row(row, 32)
        row += 1
    row += 1
    for number, header in enumerate(("表", "列", "必填", "填什么")):
        out.write_string(row, number, header, styles["head"])
    for sheet in sheets():
        row += 1
        out.write_string(row, 0, sheet.title, styles["head"])
        out.write_string(row, 3, sheet.about)
        for column in sheet.columns:
            row += 1
            out.write_string(row, 1, column.header)
            out.write_string(row, 2, "是" if column.field in sheet.rules.required else "")
            out.write_string(row, 3, column.note)


def _write_catalogue(out: Any, styles: Mapping[str, Any], forms: Mapping[str, Form]) -> None:
    """What numerators and denominators may name; column H repeats the forms for the lists of other sheets."""
    headers = ("报表", "报表代码", "频次", "指标项", "指标项代码", "单位", "", "报表")
    for number, header in enumerate(headers):
        out.write_string(0, number, header, styles["head"])
    names = Vocabulary.of(forms)
    row = 0
    for form in forms.values():
        shown = names.element_names[form.code]
        for element in form.elements.values():
            row += 1
            line = (form.name, form.code, form.frequency, shown[element.code], element.code, element.unit)
            for number, text in enumerate(line):
                out.write_string(row, number, text)
    for number, code in enumerate(forms, start=1):
        out.write_string(number, 7, names.form_names[code])
    out.set_column(0, 0, 30)
    out.set_column(3, 4, 30)
    out.freeze_panes(1, 0)
