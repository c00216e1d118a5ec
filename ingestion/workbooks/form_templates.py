"""The blank workbook of a form: what a school fills in, made so that it reads back without a finding.

Here: title, head, header, validation lists, protection, template id. Not here: which columns there are (forms.py).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from ingestion.workbooks.forms import Element, Form

DATA_ROWS = 200
FLAG_WORDS = ("是", "否")
_MINUS = -1_000_000_000
_CHECKS: dict[str, dict[str, Any]] = {
    "integer": {"validate": "integer", "criteria": ">=", "value": _MINUS,
                "error_message": "这里应填整数；没有数据请留空，不适用请填“不适用”"},
    "decimal": {"validate": "decimal", "criteria": ">=", "value": _MINUS,
                "error_message": "这里应填数值；没有数据请留空，不适用请填“不适用”"},
    "date": {"validate": "date", "criteria": ">=", "value": date(1990, 1, 1),
             "error_message": "请填日期，如 2020-09-01"},
}  # fmt: skip
PERIOD_EXAMPLES = {
    "月": "2020年9月", "季": "2020年第三季度", "学期": "2020年秋季学期", "学年": "2020-2021学年", "年": "2020年",
    "次": "2020年9月",
}  # fmt: skip


def write_template(form: Form, out: Path, *, period: str = "", reporter: str = "", code: str = "") -> None:
    """Write the newest template of the form. `reporter` and `code` fill in the head, and the first row of a school."""
    template = form.templates[-1]
    codes = list(template.headers)
    book = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_numbers": False})
    book.set_properties({"title": template.title, "subject": f"{form.code} {template.version}"})
    book.set_custom_property("duban_template", f"{template.table_number}/{template.version}")
    sheet = book.add_worksheet(form.name[:31])
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#DDEBF7"})
    sheet.merge_range(0, 0, 0, max(len(codes) - 1, 1), template.title, title)
    open_cell = book.add_format({"locked": False})
    sheet.write(1, 0, f"表号：{template.table_number}")
    sheet.write(1, 1, f"报告期：{period}", open_cell)
    sheet.write(1, 2, f"填报单位：{f'{reporter}（{code}）' if reporter and code else reporter}", open_cell)
    sheet.write_comment(1, 1, f"接在冒号后面填写，例如 报告期：{PERIOD_EXAMPLES[form.frequency]}")
    cells = {
        "text": book.add_format({"locked": False, "border": 1, "num_format": "@"}),
        "date": book.add_format({"locked": False, "border": 1, "num_format": "yyyy-mm-dd"}),
        "": book.add_format({"locked": False, "border": 1}),
    }
    for column, element in enumerate(form.elements[name] for name in codes):
        sheet.write(2, column, template.headers[element.code][0], head)
        style = cells.get(element.data_type, cells[""])
        sheet.set_column(column, column, 14 if element.is_number else 20)
        for row in range(3, 3 + DATA_ROWS):
            sheet.write_blank(row, column, None, style)
        _validate(sheet, column, element)
    own = {"school_code": code, "school_name": reporter} if form.reporter_type == "school" else {}
    for name in codes:
        if own.get(name):
            sheet.write_string(3, codes.index(name), own[name], cells["text"])
    sheet.freeze_panes(3, 0)
    sheet.protect("", {"format_columns": True, "sort": True, "autofilter": True})
    book.close()


def _validate(sheet: Any, column: int, element: Element) -> None:
    """Words from a list and nothing else; of numbers and dates a warning, for … and 不适用 may be meant."""
    words = FLAG_WORDS if element.data_type == "flag" else element.allowed
    if element.data_type in {"flag", "enum"} and words:
        rule: dict[str, Any] = {
            "validate": "list", "source": list(words), "error_title": "请从列表中选择",
            "error_message": f"只能填：{'、'.join(words)}"[:255],
        }  # fmt: skip
    elif element.data_type in _CHECKS:
        rule = _CHECKS[element.data_type] | {"error_type": "warning", "error_title": "请核对"}
    else:
        return
    sheet.data_validation(3, column, 2 + DATA_ROWS, column, rule)
