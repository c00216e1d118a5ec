"""Web pages: the article without navigation, share bars and footers, as paragraphs and table rows.

lxml alone: generic article extractors drop short list lines, and a short line (新建学校2所) is a commitment. Characters
come from `document_text`; the page's own charset is only a hint, because bureaus' pages often state a wrong one.
"""

from __future__ import annotations

import re
from typing import Any

from ingestion.plans.document import Document, TextBuilder, UnreadablePlan, one_line, said_again
from ingestion.plans.document_html_article import BLOCK, HEADINGS, SPACE, article, drop_surroundings, length
from ingestion.plans.document_text import decode, plausibility, title_of

CHARSET = re.compile(rb"<(?:meta[^>]*?charset|\?xml[^>]*?encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.I)
# lines of the page about itself, each a paragraph of its own: 当前位置：首页 > … · 分享到：… · 主办单位：… 备案
ABOUT_PAGE = re.compile(
    r"(?:您?(?:当前|现在|所在)的?(?:所在)?位置|分享(?:到|至|本文)|扫一扫|【?打印|【?关闭窗口|【?字[号体]|责任编辑[:：]|网站标识码|版权所有|Copyright|©|"
    r"主办(?:单位)?[:：].*(?:地址|电话|承办|备案)|技术支持[:：]|[\u4e00-\u9fff]?ICP备|(?:发布|更新|发文)(?:时间|日期)[:：].*(?:来源|浏览|点击|阅读|字[号体])|"
    r"(?:浏览|点击|阅读)(?:次数|量|数)?[:：]?\s*\d*次?$)"
)
# a source line broken inside Chinese text is no word space: 新建\n学校 → 新建学校
BROKEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\r?\n\s*(?=[\u3000-\u9fff\uff00-\uffef])")
LINE_END = "\u2028"


def read_html(data: bytes, file_name: str) -> Document:
    """Read a saved web page. Raises UnreadablePlan where there is no article in it."""
    from lxml import html
    from lxml.etree import LxmlError

    source, encoding = _decode(data)
    source = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", source)
    try:
        root = html.document_fromstring(source)
    except (ValueError, LxmlError) as error:
        raise UnreadablePlan("网页里没有正文：请打开原网页另存，或把正文复制到 txt、docx 后再提交") from error
    page_title = SPACE.sub(" ", root.findtext(".//title") or "").strip()
    drop_surroundings(root)
    builder = TextBuilder()
    _Blocks(builder).walk(article(root))
    if not builder.pieces:
        raise UnreadablePlan("网页里没有正文：请打开原网页另存，或把正文复制到 txt、docx 后再提交")
    heading = next((h.text_content().strip() for h in root.iter("h1") if h.text_content().strip()), "")
    title = heading or title_of(builder.pieces) or page_title
    return Document(file_name, "html", encoding, title, builder.text, tuple(builder.paragraphs))


def _decode(data: bytes) -> tuple[str, str]:
    stated = CHARSET.search(data[:4096])
    if stated and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = stated[1].decode("ascii").lower()
        codec = "gb18030" if name in ("gb2312", "gbk", "gb18030") else name
        if codec not in ("utf-8", "utf8"):
            try:
                text = data.decode(codec)
            except (UnicodeDecodeError, LookupError):
                text = ""
            if text and "\0" not in text and plausibility(text) > 0.7:
                return text, name.upper()
    return decode(data)


class _Blocks:
    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.line: list[str] = []
        self.table_no = 0

    def walk(self, element: Any) -> None:
        self._visit(element)
        self._end("正文")

    def _visit(self, element: Any) -> None:
        if element.tag == "table" and _is_data_table(element):
            self._end("正文")
            self._table(element)
        elif element.tag == "pre":
            for line in element.text_content().splitlines():
                self._end("正文")
                self.line.append(line)
            self._end("正文")
        else:
            is_block = BLOCK.fullmatch(element.tag) is not None
            kind = "标题" if element.tag in HEADINGS else "正文"
            if is_block:
                self._end("正文")
            self.line.append(element.text or "")
            for child in element:
                self._visit(child)
            if is_block:
                self._end(kind)
        self.line.append(element.tail or "")

    def _end(self, kind: str) -> None:
        text = _plain("".join(self.line))
        self.line = []
        if len(text) <= 200 and ABOUT_PAGE.match(text):
            return
        self.builder.add(text, f"第{len(self.builder.paragraphs) + 1}段", kind)

    def _table(self, table: Any) -> None:
        self.table_no += 1
        merged: dict[int, tuple[int, str]] = {}  # column → rows that its merged cell still covers, and what it says
        for number, row in enumerate(table.iter("tr"), 1):
            cells = _row(row, merged)
            self.builder.add("\t".join(cells), f"表{self.table_no}第{number}行", "表格行")


def _row(row: Any, merged: dict[int, tuple[int, str]]) -> list[str]:
    """The cells of a row in their columns: rowspan and colspan of this row and of those above laid out."""
    texts: list[str] = []

    def covered() -> None:
        while len(texts) in merged:
            left, said = merged.pop(len(texts))
            if left > 1:
                kept[len(texts)] = left - 1, said
            texts.append(said)

    kept: dict[int, tuple[int, str]] = {}
    for cell in row.iter("td", "th"):
        covered()
        text = one_line(_cell_lines(cell))
        wide, deep = _span(cell, "colspan"), _span(cell, "rowspan")
        for i in range(wide):
            if deep > 1:
                kept[len(texts)] = deep - 1, said_again(text) if i == 0 else ""
            texts.append(text if i == 0 else "")
    covered()
    merged.update(kept)
    return texts


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), 100) if value.isdecimal() else 1


def _cell_lines(cell: Any) -> list[str]:
    """The text of a cell, parted where its blocks and breaks part it."""
    for inner in cell.iter("br", "p", "div", "li"):
        if inner is not cell:
            inner.text = LINE_END + (inner.text or "")
            inner.tail = LINE_END + (inner.tail or "")
    return [_plain(line) for line in cell.text_content().split(LINE_END)]


def _plain(text: str) -> str:
    return SPACE.sub(" ", BROKEN.sub("", text)).strip()


def _is_data_table(table: Any) -> bool:
    """Old sites lay the whole page out in tables: those hold long texts, other tables, or one cell a row."""
    if table.find(".//table") is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    return sum(len(row) > 1 for row in rows) >= 2 and all(length(cell) < 400 for row in rows for cell in row)
