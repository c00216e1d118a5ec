"""PDF plans that carry text: lines put together to paragraphs, running heads dropped, tables as rows across pages.

pdfplumber finds characters, lines and ruled tables; what joins to a paragraph, and what is only page furniture, is
decided here from positions. Scans are refused: they need OCR first.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from ingestion.plans.document import Document, TextBuilder, UnreadablePlan
from ingestion.plans.document_text import HAN, plausibility, title_of

MAX_PAGES = 500
PAGE_NUMBER = re.compile(r"[-—–―·\s第/共Pp]*\d{1,4}[-—–―·\s页/共0-9]*")
# what opens a new paragraph whatever stands before it: 一、 （二） 3. 4） 一是 附件
OPENING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)]|\d{1,2}[.．、)）]\D|附件|第[一二三四五六七八九十]+[章节条]"
)
SENTENCE_END = ("。", "；", "：", "！", "？", ";", "”", "）")


@dataclass(frozen=True)
class Line:
    page_no: int
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    column: int = 0


@dataclass(frozen=True)
class Row:
    page_no: int
    cells: tuple[str, ...]
    top: float
    table_key: int  # tells tables of one page apart


def read_pdf(data: bytes, file_name: str) -> Document:
    """Read a pdf with text. Raises UnreadablePlan for scans, encrypted and broken files."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise UnreadablePlan(f"pdf 有 {len(pdf.pages)} 页，不像一份计划：请只提交计划正文")
            pages = [_page(page, number) for number, page in enumerate(pdf.pages, 1)]
    except UnreadablePlan:
        raise
    except Exception as error:
        # pdfminer raises nearly anything on broken files: TypeError, struct.error, RecursionError, …
        causes = (error, *error.args, error.__cause__)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise UnreadablePlan("pdf 有打开密码：请去掉密码后再提交") from error
        known = isinstance(error, (PdfminerException, PDFSyntaxError))
        detail = "结构不完整" if known else "内容无法解析"
        raise UnreadablePlan(f"pdf 损坏，打不开（{detail}）：请重新导出后再提交") from error
    lines = [line for page in pages for line in page[0]]
    _refuse_without_text(lines, pages)
    builder = TextBuilder()
    _write(builder, _without_running_heads(pages))
    return Document(file_name, "pdf", "", title_of(builder.pieces), builder.text, tuple(builder.paragraphs))


def _refuse_without_text(lines: list[Line], pages: list[tuple[list[Line], list[Row], float, bool]]) -> None:
    text = "".join(line.text for line in lines) + "".join(
        cell for page in pages for row in page[1] for cell in row.cells
    )
    scanned = [number for number, page in enumerate(pages, 1) if page[3] and not page[0] and not page[1]]
    if len(text) < 10 * len(pages) and scanned:
        raise UnreadablePlan("扫描件 pdf，没有可读的文字，需OCR：请提交文字版，或识别成文字后再提交")
    if "(cid:" in text or text.count("\ufffd") > 3 or (len(HAN.findall(text)) > 50 and plausibility(text) < 0.7):
        raise UnreadablePlan("pdf 的字体没有文字编码，取出来是乱码，需OCR：请提交 docx，或识别成文字后再提交")


def _page(page: Any, page_no: int) -> tuple[list[Line], list[Row], float, bool]:
    """(lines outside tables, table rows, page height, page shows pictures), both in reading order."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 or len(table.rows[0].cells) > 1]
    tables = [table for table in tables if _holds_text(table)]
    rows = [
        Row(page_no, tuple(_joined(cell) for cell in cells), geometry.bbox[1], key)
        for key, table in enumerate(tables)
        for geometry, cells in zip(table.rows, table.extract(), strict=True)
    ]
    outside = page
    for table in tables:
        outside = outside.outside_bbox(table.bbox, strict=False) if _inside(table.bbox, page.bbox) else outside
    found = outside.extract_text_lines(return_chars=True, strip=True, x_tolerance=2, y_tolerance=3)
    lines = [_line(page_no, text, line) for line in found if (text := line["text"].strip())]
    return _in_columns(page, outside, lines), rows, float(page.height), bool(page.images)


def _line(page_no: int, text: str, found: dict[str, Any]) -> Line:
    return Line(page_no, text, found["x0"], found["x1"], found["top"], found["bottom"], found["chars"][0]["size"])


def _holds_text(table: Any) -> bool:
    """A ruled box around running text is no table."""
    return any(len(row.cells) > 1 and sum(cell is not None for cell in row.cells) > 1 for row in table.rows)


def _inside(box: tuple[float, ...], page: tuple[float, ...]) -> bool:
    return box[0] >= page[0] - 1 and box[1] >= page[1] - 1 and box[2] <= page[2] + 1 and box[3] <= page[3] + 1


def _joined(cell: str | None) -> str:
    return re.sub(r"(?<=[A-Za-z])\s*\n\s*(?=[A-Za-z])", " ", cell or "").replace("\n", "").strip()


def _in_columns(page: Any, outside: Any, lines: list[Line]) -> list[Line]:
    """Lines in reading order: where a zone of the page has two columns, its left one first, then its right one."""
    zone = _column_zone(outside.chars, page.bbox)
    if zone is None:
        return lines
    top, bottom = max(zone[0] - 1, page.bbox[1]), min(zone[1] + 1, page.bbox[3])
    middle = (page.bbox[0] + page.bbox[2]) / 2
    halves: list[Line] = []
    for column, (left, right) in enumerate(((page.bbox[0], middle), (middle, page.bbox[2])), 1):
        half = outside.crop((left, top, right, bottom), strict=False)
        halves += [
            replace(_line(page.page_number, text, found), column=column)
            for found in half.extract_text_lines(return_chars=True, strip=True, x_tolerance=2)
            if (text := found["text"].strip())
        ]
    return [line for line in lines if line.bottom <= top] + halves + [line for line in lines if line.top >= bottom]


def _column_zone(chars: list[dict[str, Any]], box: tuple[float, float, float, float]) -> tuple[float, float] | None:
    """(top, bottom) of the part set in two columns: most rows fill both halves and leave the middle free."""
    middle, half = (box[0] + box[2]) / 2, (box[2] - box[0]) / 2
    rows: dict[int, list[dict[str, Any]]] = {}
    for char in chars:
        rows.setdefault(round((char["top"] + char["bottom"]) / 6), []).append(char)
    double, crossed = [], []
    for row in rows.values():
        if any(char["x0"] < middle + 4 and char["x1"] > middle - 4 for char in row):
            crossed.append(row)
        elif all(
            sum(char["width"] for char in row if (char["x0"] < middle) == is_left) > 0.45 * half
            for is_left in (True, False)
        ):
            double.append(row)
    if len(double) < 6:
        return None
    top = min(char["top"] for row in double for char in row)
    bottom = max(char["bottom"] for row in rows.values() if row not in crossed for char in row)
    inside = [row for row in crossed if top < row[0]["top"] < bottom]
    return (top, bottom) if len(inside) <= 0.1 * len(double) else None


def _without_running_heads(
    pages: list[tuple[list[Line], list[Row], float, bool]],
) -> list[tuple[list[Line], list[Row]]]:
    """Drop page numbers and lines that stand in the top or bottom margin of most pages."""
    counts: Counter[str] = Counter()
    for lines, _, height, _ in pages:
        counts.update({_mask(line.text) for line in lines if _in_margin(line, height)})
    often = {text for text, count in counts.items() if count >= max(2, 0.6 * len(pages))}

    def is_furniture(line: Line, height: float) -> bool:
        if not _in_margin(line, height):
            return False
        return PAGE_NUMBER.fullmatch(line.text) is not None or _mask(line.text) in often

    return [([line for line in lines if not is_furniture(line, height)], rows) for lines, rows, height, _ in pages]


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom < 0.1 * height or line.top > 0.9 * height


def _mask(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s", "", text))


def _write(builder: TextBuilder, pages: list[tuple[list[Line], list[Row]]]) -> None:
    joiner = _Joiner(builder)
    for lines, rows in pages:
        joiner.page(lines, rows)
    joiner.flush()


class _Joiner:
    """Joins lines to paragraphs and rows to tables, over page ends too."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.pending: list[Line] = []
        self.number_on_page: Counter[int] = Counter()
        self.table_no = self.row_no = 0
        self.header: tuple[str, ...] = ()
        self.last_row: Row | None = None

    def page(self, lines: list[Line], rows: list[Row]) -> None:
        right = {column: max((line.x1 for line in lines if line.column == column), default=0.0) for column in (0, 1, 2)}
        left = {column: min((line.x0 for line in lines if line.column == column), default=0.0) for column in (0, 1, 2)}
        waiting = list(rows)
        for line in lines:
            while waiting and line.column == 0 and waiting[0].top < line.top:
                self.row(waiting.pop(0))
            if self.pending and not self.continues(line, left[line.column]):
                self.flush()
            self.pending.append(line)
            # a line that stops well short of the right edge ends its paragraph
            if line.x1 < right[line.column] - 1.6 * line.size:
                self.flush()
        for row in waiting:
            self.row(row)

    def continues(self, line: Line, left: float) -> bool:
        before = self.pending[-1]
        if OPENING.match(line.text) and (before.text.endswith(SENTENCE_END) or line.x0 > left + 0.9 * line.size):
            return False
        if abs(before.size - line.size) > 1.2:
            return False
        if (
            before.page_no == line.page_no
            and before.column == line.column
            and line.top - before.bottom > 1.9 * line.size
        ):
            return False
        return line.x0 <= left + 0.9 * line.size  # an indent opens a paragraph

    def flush(self) -> None:
        if not self.pending:
            return
        page_no = self.pending[0].page_no
        text = ""
        for line in self.pending:
            gap = " " if text and text[-1].isascii() and text[-1].isalpha() and line.text[0].isascii() else ""
            text += gap + line.text
        self.pending = []
        self.last_row = None
        self.number_on_page[page_no] += 1
        self.builder.add(text, f"第{page_no}页第{self.number_on_page[page_no]}段")

    def row(self, row: Row) -> None:
        before = self.last_row
        self.flush()
        goes_on = before is not None and len(before.cells) == len(row.cells)
        same_table = (
            goes_on and before is not None and (before.page_no, before.table_key) == (row.page_no, row.table_key)
        )
        next_page = goes_on and before is not None and row.page_no == before.page_no + 1
        self.last_row = row
        if not same_table and not next_page:
            self.table_no, self.row_no, self.header = self.table_no + 1, 0, row.cells
        elif next_page and row.cells == self.header:
            return  # the header row, repeated on the new page
        self.row_no += 1
        self.builder.add("\t".join(row.cells), f"表{self.table_no}第{self.row_no}行", "表格行")
