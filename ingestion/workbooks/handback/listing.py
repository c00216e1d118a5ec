"""The findings of a workbook as a workbook of their own, for files that cannot be marked.

Here: xls, ods, csv, files that do not open, tables that other schools stand in too, lists of persons. Not here: marks
on the original (marking.py).
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from ingestion.workbooks.handback.records import COLUMNS, LIST_SHEET, Mark

WIDTHS = (20, 14, 9, 16, 8, 9, 50, 44)


def listed(marks: Sequence[Mark], file_name: str, reason: str) -> bytes:
    """A workbook with one sheet 问题清单: which file, why it is only a list, the findings in the order of COLUMNS."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_numbers": False})
    sheet = book.add_worksheet(LIST_SHEET)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write(0, 0, f"原文件：{file_name}。{reason}，问题列在下面；请改正原文件后重新报送。")
    sheet.write_row(1, 0, COLUMNS, bold)
    for number, mark in enumerate(marks, start=2):
        for column, text in enumerate(mark.row):
            sheet.write_string(number, column, text, wrapped)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(2, 0)
    book.close()
    return stream.getvalue()
