"""Word documents as a reader sees them: body in order, automatic numbers written out, tracked changes accepted.

python-docx opens the package; the walk is ours because its paragraphs leave out insertions, text boxes, content
controls and every automatic number. Numbering itself is in `document_numbering`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from ingestion.plans.document import Document, TextBuilder, UnreadablePlan, one_line, said_again
from ingestion.plans.document_numbering import Numbering
from ingestion.plans.document_text import title_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Deleted text, the old place of moved text, phonetic guides, the second copy of a shape for old programs, and
# what stands elsewhere (text boxes come after their paragraph).
SKIPPED = frozenset(
    (W + "del", W + "moveFrom", W + "rt", MC + "Fallback", W + "txbxContent", W + "instrText", W + "pPr")
)
BREAKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "softHyphen": ""}


def read_docx(data: bytes, file_name: str) -> Document:
    """Read a .docx; footnotes follow the body. Raises UnreadablePlan where Word itself could not open it."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        package = docx.Document(io.BytesIO(data))
        walker = _Walker(package)
        walker.body(package.element.body)
        walker.footnotes()
    except UnreadablePlan:
        raise
    except (PackageNotFoundError, LxmlError, KeyError, ValueError, AttributeError, OSError) as error:
        raise UnreadablePlan("Word 文档结构损坏，打不开：请用 WPS 或 Word 打开并另存为新的 docx 后再提交") from error
    builder = walker.builder
    title = walker.title or title_of(builder.pieces)
    return Document(file_name, "docx", "", title, builder.text, tuple(builder.paragraphs))


class _Walker:
    def __init__(self, package: Any) -> None:
        self.package = package
        self.builder = TextBuilder()
        self.numbering = Numbering(package)
        self.title = ""
        self.paragraph_no = 0
        self.table_no = 0
        self.carried = ""  # text of a paragraph whose mark was deleted: it runs on into the next

    def body(self, container: Any) -> None:
        for block in _blocks(container):
            if block.tag == W + "p":
                self.paragraph(block)
            else:
                self.table(block)
        if self.carried:
            self.add(self.carried, "正文")
            self.carried = ""

    def paragraph(self, block: Any) -> None:
        text = self.carried + self.numbering.prefix(block) + inner_text(block)
        self.carried = ""
        if block.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self.carried = text
        else:
            style = self.numbering.style_name(block)
            is_heading = style.startswith(("heading", "title", "标题"))
            if style in ("title", "标题") and not self.title:
                self.title = text.strip()
            self.add(text, "标题" if is_heading else "正文")
        for box in _text_boxes(block):
            for inner in _blocks(box):
                if inner.tag == W + "p":
                    self.add(self.numbering.prefix(inner) + inner_text(inner), "文本框")
                else:
                    self.table(inner)

    def add(self, text: str, kind: str) -> None:
        for line in re.split(r"\n+", text):
            if line.strip():
                self.paragraph_no += 1
                self.builder.add(line, f"第{self.paragraph_no}段", kind)

    def table(self, block: Any) -> None:
        self.table_no += 1
        table_no, row_no = self.table_no, 0
        merged: dict[int, str] = {}  # column → what the cell that is merged downwards there says
        for row in block.iter(W + "tr"):
            if _owner(row) is not block or row.find(f"{W}trPr/{W}del") is not None:
                continue
            row_no += 1
            self.builder.add("\t".join(self.cells(row, merged)), f"表{table_no}第{row_no}行", "表格行")

    def cells(self, row: Any, merged: dict[int, str]) -> list[str]:
        """The row's cells, each in its column of the grid; a nested table's cells stay in theirs."""
        texts = [""] * _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
        for cell in row.iter(W + "tc"):
            if next(cell.iterancestors(W + "tr")) is not row:
                continue
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            text = one_line(self.numbering.prefix(p) + inner_text(p) for p in cell.iter(W + "p"))
            if merge is not None and merge.get(W + "val") != "restart":
                text = text or merged.get(len(texts), "")
            else:
                merged[len(texts)] = said_again(text) if merge is not None else ""
            texts += [text, *[""] * (_number(cell.find(f"{W}tcPr/{W}gridSpan"), 1) - 1)]
        return texts

    def footnotes(self) -> None:
        from docx.oxml import parse_xml

        for relation in self.package.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
                continue
            root = parse_xml(relation.target_part.blob)
            notes = [note for note in root if note.get(W + "type") in (None, "normal")]
            for number, note in enumerate(notes, 1):
                self.builder.add("".join(inner_text(p) for p in note.iter(W + "p")), f"脚注{number}", "脚注")


def _blocks(container: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, looking into content controls, insertions and the like."""
    for child in container:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag not in SKIPPED and isinstance(child.tag, str):
            yield from _blocks(child)


def _owner(row: Any) -> Any:
    return next(row.iterancestors(W + "tbl"))


def _number(element: Any, default: int) -> int:
    """The w:val of an element that counts columns, within reason."""
    value = "" if element is None else element.get(W + "val", "")
    return min(int(value), 100) if value.isdecimal() else default


def _text_boxes(block: Any) -> Iterator[Any]:
    for box in block.iter(W + "txbxContent"):
        ancestors = [ancestor.tag for ancestor in box.iterancestors()]
        inside = ancestors[: ancestors.index(W + "p")]
        if MC + "Fallback" not in inside:
            yield box


def inner_text(element: Any) -> str:
    """The visible text of a paragraph with tracked changes accepted."""
    pieces: list[str] = []
    for child in element:
        if child.tag in SKIPPED or not isinstance(child.tag, str):
            continue
        if child.tag == W + "t":
            pieces.append(child.text or "")
        elif child.tag in BREAKS:
            # a page break inside a paragraph is no end of it
            pieces.append("" if child.get(W + "type") in ("page", "column") else BREAKS[child.tag])
        elif child.tag == W + "r" and _is_hidden(child):
            continue
        else:
            pieces.append(inner_text(child))
    return "".join(pieces)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(W + "val") not in ("0", "false")
