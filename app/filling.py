"""Filling a Word template: {{名称}} becomes text, a table row that holds {{逐行:表名}} is repeated for every record, a
paragraph {{图:图名}} becomes a picture.

Here: the mechanism alone, paragraphs and table rows wherever they stand (headers, footers, text boxes). Not here: what
a paper says. A value is text and nothing else: it is never read for placeholders again and never becomes markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from docx.document import Document

PLACE = re.compile(r"\{\{([^{}]*)\}\}")
HALF = re.compile(r"\{\{|\}\}")
ROW, PICTURE = "逐行:", "图:"
NOTHING = "无"
# what XML cannot hold; a tab or a line break in a file name or sentence is a blank
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class TemplateError(Exception):
    """What is wrong with a template, in Chinese, and what to do."""


def fill(
    template: Path,
    values: Mapping[str, str],
    tables: Mapping[str, pl.DataFrame],
    pictures: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """The template as a docx with its placeholders replaced; a picture is a PNG, or why there is none.

    A column of a table is a placeholder of its repeated row; a table without rows keeps one row that says 无.
    Raises TemplateError for a file that is no docx and for a placeholder that is unknown or half written.
    """
    document = _open(template)
    _place_pictures(document, pictures or {}, template)
    roots = [document.element.body, *_borders(document)]
    rows = [row for root in roots for row in root.iter(_tag("tr")) if _table_of(row)]
    repeated = {paragraph for row in rows for paragraph in row.iter(_tag("p"))}
    for root in roots:
        for paragraph in list(root.iter(_tag("p"))):
            if paragraph not in repeated:
                _fill_paragraph(paragraph, values, template)
    for row in rows:
        name = _table_of(row)
        if name not in tables:
            raise TemplateError(f"{template.name}：没有名为“{name}”的表；可用：{'、'.join(tables)}")
        _repeat(row, values, tables[name], template)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _open(template: Path) -> Document:
    from zipfile import BadZipFile

    from docx import Document as read
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return read(str(template))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError) as error:
        raise TemplateError(
            f"模板 {template} 读不出来：请用 Word 或 WPS 另存为 docx，或删去它以使用自带模板"
        ) from error


def _place_pictures(document: Document, pictures: Mapping[str, bytes | str], template: Path) -> None:
    """Pictures as wide as the text, each in the paragraph that asks for it by name."""
    from docx.shared import Length

    section = document.sections[0]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    for paragraph in document.paragraphs:
        found = PLACE.fullmatch(paragraph.text.strip())
        if found is None or not found[1].strip().startswith(PICTURE):
            continue
        name = found[1].strip().removeprefix(PICTURE).strip()
        if name not in pictures:
            raise TemplateError(f"{template.name}：没有名为“{name}”的图；可用：{'、'.join(pictures) or '无'}")
        picture = pictures[name]
        paragraph.clear()
        if isinstance(picture, str):
            paragraph.add_run(f"（{picture}）")
        else:
            paragraph.paragraph_format.line_spacing = 1.0
            paragraph.paragraph_format.first_line_indent = 0
            paragraph.add_run().add_picture(io.BytesIO(picture), width=Length(width))


def _borders(document: Document) -> Iterator[Any]:
    """Headers and footers that the template really has."""
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            if not part.is_linked_to_previous:
                yield part._element


def _repeat(row: Any, values: Mapping[str, str], table: pl.DataFrame, template: Path) -> None:
    records = table.to_dicts()
    for record in records or [dict.fromkeys(table.columns, "")]:
        copy = deepcopy(row)
        row.addprevious(copy)
        known = {**values, **record, f"{ROW}{_table_of(row)}": ""}
        for paragraph in list(copy.iter(_tag("p"))):
            _fill_paragraph(paragraph, known, template)
        if not records:
            for place, text in enumerate(copy.iter(_tag("t"))):
                text.text = "" if place else NOTHING
    row.getparent().remove(row)


def _fill_paragraph(paragraph: Any, values: Mapping[str, str], template: Path) -> None:
    """Replace what stands in the paragraph, also where Word cut a placeholder into several runs.

    A paragraph of placeholders that all came out empty is taken away, except where a cell needs one.
    """
    texts = list(paragraph.iter(_tag("t")))
    whole = "".join(text.text or "" for text in texts)
    found = list(PLACE.finditer(whole))
    if HALF.search(PLACE.sub("", whole)):
        raise TemplateError(f"{template.name}：占位符没有写完整：“{whole.strip()[:40]}”；应成对写成 {{{{名称}}}}")
    for place in reversed(found):
        name = place[1].strip()
        if name not in values:
            raise TemplateError(f"{template.name}：没有占位符 {{{{{name}}}}}；这里可用：{'、'.join(values)}")
        _replace(texts, *place.span(), UNWRITABLE.sub(" ", values[name]))
    is_empty = bool(found) and not "".join(text.text or "" for text in texts).strip()
    if is_empty and paragraph.getparent().tag != _tag("tc") and not list(paragraph.iter(_tag("sectPr"))):
        paragraph.getparent().remove(paragraph)


def _replace(texts: list[Any], start: int, end: int, value: str) -> None:
    """Put `value` where characters start to end of the joined texts stand, in the look of the first of them."""
    at = 0
    for text in texts:
        own = text.text or ""
        left, right = max(start - at, 0), min(end - at, len(own))
        if left < right:
            text.text = own[:left] + value + own[right:]
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            value = ""
        at += len(own)


def _table_of(row: Any) -> str:
    """The table that a row is repeated for, '' for an ordinary row."""
    whole = "".join(text.text or "" for text in row.iter(_tag("t")))
    named = (place[1].strip() for place in PLACE.finditer(whole))
    return next((name.removeprefix(ROW).strip() for name in named if name.startswith(ROW)), "")


def _tag(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")
