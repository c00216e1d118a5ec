"""PDF plans that carry text: lines put together to paragraphs, running heads dropped, tables as rows across pages.

pdfplumber finds characters, lines and ruled tables; their reading order is decided here, what they join to in
`document_pdf_layout`. Scans are refused: they need OCR first.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ingestion.plans.document import Document, TextBuilder, UnreadablePlan
from ingestion.plans.document_pdf_grid import cells_of, ruled_rows, ruled_tables, spaced_rows
from ingestion.plans.document_pdf_layout import Line, Page, without_running_heads, write
from ingestion.plans.document_text import HAN, plausibility, title_of

MAX_PAGES = 500
# A gap below this share of the type size is spacing, not a blank: Word widens 新建3所 around the digit, and justified
# lines everywhere. Blanks that were typed are characters of their own.
GAP = 0.6
SPREAD = re.compile(r"(?:[\u3400-\u9fff\d] ){3,}[\u3400-\u9fff\d]")  # a title set wide: 工 作 要 点
# pdfminer's words where text was lost; other complaints (a font box, a colour) cost nothing
LOSSES = ("Data-loss", "Cannot render", "Could not set text", "Not adding object", "Cannot show", "Could not show")


def read_pdf(data: bytes, file_name: str) -> Document:
    """Read a pdf with text. Raises UnreadablePlan for scans, encrypted and broken files."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with _listening() as complaints, pdfplumber.open(io.BytesIO(data)) as pdf:
            if not pdf.pages:
                raise UnreadablePlan("pdf 里一页也没有：请重新导出后再提交")
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
    if any(complaint.startswith(LOSSES) for complaint in complaints):
        raise UnreadablePlan("pdf 损坏，有文字丢失：请重新导出后再提交")
    lines = [line for page in pages for line in page[0]]
    _refuse_without_text(lines, pages)
    builder = TextBuilder()
    write(builder, without_running_heads(pages))
    return Document(file_name, "pdf", "", title_of(builder.pieces), builder.text, tuple(builder.paragraphs))


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What pdfminer complains of. It reads on past damage and says so only in its log, with text of the file in it."""
    complaints: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            complaints.append(record.getMessage())

    logger, collector = logging.getLogger("pdfminer"), Collector(logging.WARNING)
    before = logger.propagate
    logger.addHandler(collector)
    logger.propagate = False
    try:
        yield complaints
    finally:
        logger.removeHandler(collector)
        logger.propagate = before


def _refuse_without_text(lines: list[Line], pages: list[Page]) -> None:
    text = "".join(line.text for line in lines) + "".join(
        cell for page in pages for row in page[1] for cell in row.cells
    )
    scanned = [number for number, page in enumerate(pages, 1) if page[3] and not page[0] and not page[1]]
    if not text or (len(text) < 10 * len(pages) and scanned):
        raise UnreadablePlan("扫描件 pdf，没有可读的文字，需OCR：请提交文字版，或识别成文字后再提交")
    if "(cid:" in text or text.count("\ufffd") > 3 or (len(HAN.findall(text)) > 50 and plausibility(text) < 0.7):
        raise UnreadablePlan("pdf 的字体没有文字编码，取出来是乱码，需OCR：请提交 docx，或识别成文字后再提交")


def _page(page: Any, page_no: int) -> Page:
    """(lines outside tables, table rows, page height, page shows pictures), both in reading order."""
    if not page.chars and any(_is_lost(stream) for stream in page.page_obj.contents):
        raise UnreadablePlan(f"pdf 损坏，第 {page_no} 页的内容解不开：请重新导出后再提交")
    tables = ruled_tables(page)
    rows = [row for key, table in enumerate(tables) for row in ruled_rows(page_no, key, table)]
    outside = page
    for table in tables:
        outside = outside.outside_bbox(table.bbox, strict=False) if _inside(table.bbox, page.bbox) else outside
    found = outside.extract_text_lines(return_chars=True, strip=True, x_tolerance_ratio=GAP, y_tolerance=3)
    lines = [_line(page_no, text, line) for line in found if (text := line["text"].strip())]
    ordered = _in_columns(page, outside, lines)
    if not any(line.column for line in ordered):
        ordered, spaced = spaced_rows(page_no, ordered, len(tables))
        rows = sorted([*rows, *spaced], key=lambda row: row.top)
    return ordered, rows, float(page.height), bool(page.images)


def _is_lost(reference: Any) -> bool:
    """A content stream that holds bytes and unpacks to nothing; pdfminer passes over it without a word."""
    from pdfminer.pdftypes import resolve1

    stream = resolve1(reference)
    return resolve1(stream.attrs.get("Length", 0)) > 30 and not stream.get_data()


def _line(page_no: int, text: str, found: dict[str, Any]) -> Line:
    if SPREAD.fullmatch(text):
        text = text.replace(" ", "")
    size = found["chars"][0]["size"]
    cells = cells_of(found["chars"], size)
    return Line(page_no, text, found["x0"], found["x1"], found["top"], found["bottom"], size, cells=cells)


def _inside(box: tuple[float, ...], page: tuple[float, ...]) -> bool:
    return box[0] >= page[0] - 1 and box[1] >= page[1] - 1 and box[2] <= page[2] + 1 and box[3] <= page[3] + 1


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
            for found in half.extract_text_lines(return_chars=True, strip=True, x_tolerance_ratio=GAP)
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
    bottom = _zone_end(sorted(rows.values(), key=lambda row: row[0]["top"]), double, crossed)
    inside = [row for row in crossed if top < row[0]["top"] < bottom]
    return (top, bottom) if len(inside) <= 0.1 * len(double) else None


def _zone_end(
    rows: list[list[dict[str, Any]]], double: list[list[dict[str, Any]]], crossed: list[list[dict[str, Any]]]
) -> float:
    """Below the last row that fills both columns one may go on alone, while its lines follow closely."""
    bottom = max(char["bottom"] for row in double for char in row)
    for row in rows:
        top, height = min(char["top"] for char in row), row[0]["bottom"] - row[0]["top"]
        if top < bottom:
            continue
        if row in crossed or top - bottom > 1.6 * height:
            break
        bottom = max(char["bottom"] for char in row)
    return bottom
