"""Rows of a sheet that are no data: sums, notes, contact lines; and numbers of persons among the cells.

Here: what a row's words say. Not here: where it stands (sheets.py). Runs in a sandboxed child: no polars.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ingestion.workbooks.forms import normalise
from ingestion.workbooks.headers import CONTACT_HEADERS

# 合计, 龙湾区小计, 合计（12所）, 總計, State Total; a school is never called so
_TOTAL = re.compile(
    r"[^\d:]{0,12}(合[计計]|[总總][计計]|小[计計]|共[计計]|subtotals?|totals?)(?:\([^()]*\))?", re.IGNORECASE
)
# region, year, month, day and order of an ID number, alone among its neighbours
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-8]\d{5}(?:19\d|20[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
NOTE_PREFIXES = (
    "说明", "備註", "備注", "備考", "說明", "备注", "注:", "注1", "註:", "註1", "附注", "附註", "填表说明", "填表說明",
    "制表日期", "填报日期", "报出日期", "数据来源", "資料來源", "资料来源", "单位公章", "盖章",
    "note:", "notes:", "source:", "sources:", "datasource:", "footnote:", "footnotes:",
)  # fmt: skip
_LONG_NOTES = (
    "填", "联", "制", "注", "说", "备", "附", "備", "說", "資", "资", "数", "註", "note", "source", "data", "foot",
)  # fmt: skip


@lru_cache(maxsize=65_536)
def row_kind(lead: str) -> str:
    """Why a row that begins with this text is no row of data, or ''.

    >>> row_kind("合  计")
    '合计行'
    """
    if lead[:1].isdigit() or (len(lead) > 30 and not lead.lstrip().lower().startswith(_LONG_NOTES)):
        return ""
    text = normalise(lead)
    if len(text) <= 15 and (match := _TOTAL.fullmatch(text)):
        return "小计行" if match[1].startswith(("小", "sub", "Sub", "SUB")) else "合计行"
    if re.split(r"[:(]", text, maxsplit=1)[0] in CONTACT_HEADERS and (":" in text or text in CONTACT_HEADERS):
        return "联系信息"
    return "说明" if text.lower().startswith(NOTE_PREFIXES) else ""


@lru_cache(maxsize=4096)
def is_note(text: str) -> bool:
    """Whether a text that stands alone below a table reads as a note, not as the name of a school.

    >>> is_note("1.本表由各校填写，于次月10日前报送。"), is_note("甲第一小学")
    (True, False)
    """
    return len(text) > 40 or bool(
        re.match(r"\s*(?:[(（]?\d{1,2}[)）.、．]|[①-⑳※*#†‡]|[–—-]\s)", text) or re.search(r"[。；：:]", text)
    )


def holds_identity_numbers(rows: list[list[Any]]) -> bool:
    """Whether any cell is an 18-digit number of a person, as text or as a number (which keeps 15 of its digits)."""
    long = [
        v for row in rows for v in row if (type(v) is str and len(v) > 17) or (type(v) is float and 1.1e17 <= v < 9e17)
    ]
    return any(_IDENTITY.search(v if type(v) is str else f"{v:.0f}") for v in long)
