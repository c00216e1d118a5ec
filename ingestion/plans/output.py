"""Records of `duban extract` as jsonl, csv, xlsx or a table on the terminal. What the records say is decided elsewhere.

A text cell that a spreadsheet would run as a formula is written with an apostrophe before it (csv) or as text (xlsx).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any

FORMATS = ("table", "jsonl", "csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "\uff20")
# what of a commitment fits a terminal, with its heading; other records show all their keys
TABLE_COLUMNS = {
    "kind": "类型",
    "indicator": "指标或事项",
    "target": "目标",
    "deadline": "期限",
    "responsible_unit": "责任单位",
    "item_path": "条目",
    "locator": "位置",
    "quote": "原文",
}
# what every key is called in a workbook and on a terminal
HEADINGS = {
    "id": "编号", "kind": "类型", "quote": "原文", "start": "起", "end": "止", "number_text": "数字",
    "number_start": "数字起", "number_end": "数字止", "indicator": "指标或事项", "indicator_code": "指标代码",
    "operator": "比较", "value": "目标值", "value_high": "目标上限", "unit": "单位", "baseline": "基数",
    "deadline": "期限", "strength": "力度", "confidence": "把握", "responsible_unit": "责任单位",
    "per": "每", "recurrence": "频次", "item_path": "条目",
    "locator": "位置", "milestone": "节点", "work_type": "工程性质", "projects": "项目",
    "stated_count": "写明个数", "output": "成果", "restates": "重复于", "part_of": "属于", "note": "备注",
    "label": "归类", "commitment_id": "承诺编号",
}  # fmt: skip
KINDS = {"metric": "指标", "count": "数量", "money": "资金", "milestone": "工程节点", "deliverable": "成果"}
OPERATORS = {">=": "≥", "<=": "≤", "==": "", "range": "", "increase": "增加", "decrease": "下降"}


def render(records: Iterable[dict[str, Any]], fmt: str, stream: IO[Any], *, title: str = "承诺") -> None:
    """Write `records` to `stream`: text for table, jsonl, csv; bytes for xlsx. Raises ValueError for others."""
    if fmt not in FORMATS:
        raise ValueError(f"没有 {fmt} 这种输出格式：请用 {'、'.join(FORMATS)}")
    rows = list(records)
    {"table": _table, "jsonl": _jsonl, "csv": _csv, "xlsx": _xlsx}[fmt](rows, stream, title)


def _jsonl(rows: Sequence[dict[str, Any]], stream: IO[str], _: str) -> None:
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _csv(rows: Sequence[dict[str, Any]], stream: IO[str], _: str) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    columns = _columns(rows)
    if columns:
        writer.writerow(columns)
    writer.writerows([_escaped(_flat(row.get(column))) for column in columns] for row in rows)


def _xlsx(rows: Sequence[dict[str, Any]], stream: IO[bytes], title: str) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        columns = _columns(rows)
        for column_no, column in enumerate(columns):
            sheet.write_string(0, column_no, HEADINGS.get(column, column), bold)
            sheet.set_column(column_no, column_no, 40 if column == "quote" else 14)
        for row_no, row in enumerate(rows, 1):
            for column_no, column in enumerate(columns):
                value = _flat(KINDS.get(row[column], row[column]) if column == "kind" else row.get(column))
                if isinstance(value, int | float):
                    sheet.write_number(row_no, column_no, value)
                elif value is not None:
                    sheet.write_string(row_no, column_no, value[:32_767])
        sheet.freeze_panes(1, 0)


def _table(rows: Sequence[dict[str, Any]], stream: IO[str], title: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    commitments = bool(rows) and "quote" in rows[0]
    # a column in which nothing stands only takes room
    filled = {key for row in rows for key, value in row.items() if value not in (None, "")}
    known = {key: heading for key, heading in TABLE_COLUMNS.items() if key in filled or key == "target"}
    headings = known if commitments else {column: HEADINGS.get(column, column) for column in _columns(rows)}
    table = Table(title=f"{title}（{len(rows)} 条）", show_lines=False)
    for key, heading in headings.items():
        table.add_column(heading, overflow="fold", min_width={"quote": 24, "indicator": 12}.get(key))
    for row in rows:
        shown = _shown(row) if commitments else row
        # Text, not str: rich would read [red] in a plan as its own markup
        table.add_row(*(Text(_in_a_line(shown.get(key))) for key in headings))
    width = None if stream.isatty() else 160
    Console(file=stream, width=width, soft_wrap=False).print(table)


def _in_a_line(value: Any) -> str:
    """A cell's text in one line: a row's tabs and a text's line ends are shown as bars."""
    return "" if value is None else re.sub(r"[ ]*[\t\r\n]+[ ]*", " ｜ ", str(value)).strip(" ｜")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    subject = row.get("indicator") or row.get("output") or "、".join(row.get("projects") or ())
    return row | {"kind": KINDS.get(row["kind"], row["kind"]), "indicator": subject, "target": _target(row)}


def _target(row: dict[str, Any]) -> str:
    if row["kind"] == "milestone":
        return f"{row.get('milestone') or ''}" + (f"（共{row['stated_count']}）" if row.get("stated_count") else "")
    if row.get("value") is None:
        return ""
    number = (
        f"{_plain(row['value'])}—{_plain(row['value_high'])}"
        if row.get("value_high") is not None
        else _plain(row["value"])
    )
    return f"{OPERATORS.get(row.get('operator') or '', '')}{number}{row.get('unit') or ''}"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.10g}"


def _columns(rows: Sequence[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))


def _flat(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    if isinstance(value, bool) or value is None or isinstance(value, int | float):
        return value
    return str(value)


def _escaped(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
