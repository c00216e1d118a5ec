"""From positioned lines and rows of pdf pages to paragraphs: furniture dropped, lines joined, tables run on.

Where lines and rows come from is `document_pdf`; here is only what they mean by where they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ingestion.plans.document import TextBuilder

PAGE_NUMBER = re.compile(r"[-—–―·\s第/共Pp]*\d{1,4}[-—–―·\s页/共0-9]*")
# what opens a new paragraph whatever stands before it: 一、 （二） 3. 4） 一是 附件
OPENING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)]|\d{1,2}[.．、)）]\D|附件|第[一二三四五六七八九十]+[章节条]"
)
MOST_HEAD_ROWS = 3
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
    cells: tuple[tuple[float, float, str], ...] = ()  # left, right, text of what wide gaps part


@dataclass(frozen=True)
class Row:
    page_no: int
    cells: tuple[str, ...]
    top: float
    table_key: int  # tells tables of one page apart


Page = tuple[list[Line], list[Row], float, bool]  # lines, table rows, height, shows pictures


def without_running_heads(
    pages: list[Page],
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


def write(builder: TextBuilder, pages: list[tuple[list[Line], list[Row]]]) -> None:
    joiner = _Joiner(builder)
    for lines, rows in pages:
        joiner.page(lines, rows)
    joiner.flush()
    joiner.release()


class _Joiner:
    """Joins lines to paragraphs and rows to tables, over page ends too."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.pending: list[Line] = []
        self.number_on_page: Counter[int] = Counter()
        self.table_no = self.row_no = 0
        self.opening: list[tuple[str, ...]] = []  # the first rows of the table, where its head stands
        self.repeated = 0  # rows of the head that the page has repeated so far
        self.at_top = False  # no row of the page but its head has come yet
        self.last_row: Row | None = None
        self.held: tuple[tuple[str, ...], str] | None = None  # a row that may go on on the next page

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
        self.release()
        page_no = self.pending[0].page_no
        text = ""
        for line in self.pending:
            gap = " " if text and text[-1].isascii() and text[-1].isalpha() and line.text[0].isascii() else ""
            text += gap + line.text
        self.pending = []
        self.last_row = None
        self.number_on_page[page_no] += 1
        self.builder.add(text, f"第{page_no}页第{self.number_on_page[page_no]}段")

    def release(self) -> None:
        if self.held is not None:
            self.builder.add("\t".join(self.held[0]), self.held[1], "表格行")
            self.held = None

    def row(self, row: Row) -> None:
        before = self.last_row
        self.flush()
        goes_on = before is not None and len(before.cells) == len(row.cells)
        same_table = before is not None and (before.page_no, before.table_key) == (row.page_no, row.table_key)
        next_page = before is not None and row.page_no == before.page_no + 1
        self.last_row = row
        if not goes_on or not (same_table or next_page):
            self.table_no, self.row_no, self.opening = self.table_no + 1, 0, []
            self.repeated = MOST_HEAD_ROWS
        elif next_page:
            self.repeated, self.at_top = 0, True
        if self.repeated < len(self.opening) and row.cells == self.opening[self.repeated]:
            self.repeated += 1
            return  # the head of the table, repeated on the new page
        at_top, self.at_top = self.at_top and goes_on, False
        if at_top and self.held is not None and _is_rest(row.cells, self.held[0]):
            self.held = tuple(a + b for a, b in zip(self.held[0], row.cells, strict=True)), self.held[1]
            return
        self.release()
        self.repeated = MOST_HEAD_ROWS
        if len(self.opening) < MOST_HEAD_ROWS:
            self.opening.append(row.cells)
        self.row_no += 1
        self.held = row.cells, f"第{row.page_no}页表{self.table_no}第{self.row_no}行"


def _is_rest(cells: tuple[str, ...], before: tuple[str, ...]) -> bool:
    """Whether cells at the top of a page are the rest of the row before: few of them, each going on mid-sentence."""
    filled = [(own, above) for own, above in zip(cells, before, strict=True) if own]
    return (
        not cells[0]
        and 2 * len(filled) <= len(cells)
        and all(len(above) >= 8 and not above.endswith(SENTENCE_END) for _, above in filled)
    )
