"""Where a table ends within its sheet: headers repeated on every printed page, and other tables that begin below it.

Here: rows that are headers again, where the next table begins with its title. Not here: reading either table
(sheets.py). Runs in a sandboxed child: no polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.workbooks.forms import normalise
from ingestion.workbooks.headers import IGNORED_HEADERS, Header, Recogniser, read_meta
from ingestion.workbooks.layouts import is_column_numbers
from ingestion.workbooks.missing_words import MISSING_WORDS
from ingestion.workbooks.row_kinds import row_kind

Rows = Sequence[Sequence[Any]]
_SAYS = ("period", "reporter", "reporter_code", "table_number", "manner")
_TITLES = ("表", "统计", "情况", "報表", "統計", "情形")


@dataclass
class Part:
    """`end`: index of the first row that is not this table's. `repeated`: its header and title again. `is_other`: what
    follows is a table of a known form; else, where `end` is not the last row, one that nobody knows."""

    end: int
    repeated: set[int] = field(default_factory=set)
    is_other: bool = False


def part_of(rows: Rows, index: int, header: Header, lead: tuple[int, int], recogniser: Recogniser) -> Part:
    """The extent of the table whose header ends at `index`; `lead` are the columns that say what a row is about."""
    part = Part(len(rows))
    own = [rows[i] for i in range(index - header.height + 1, index + 1)]
    numbers = [c - 1 for c, code, _ in header.columns if header.form.elements[code].data_type in {"integer", "decimal"}]
    said = read_meta(rows[: index - header.height + 1])
    key, name = lead
    r = index + 1
    while r < len(rows):
        row = rows[r]
        if row == own[0]:
            start = _heading_start(rows, r, index, recogniser)
            if _says_otherwise(read_meta(rows[start:r]), said):
                return Part(start, part.repeated, is_other=True)
            last = r + header.height
            last += last < len(rows) and is_column_numbers(rows[last])
            part.repeated |= set(range(start, last))
            r = last
            continue
        first = row[key] if row[key] != "" else row[name]
        if type(first) is str and not first[:1].isdigit() and row.count("") < len(row):
            kind = _other_header(row, first, numbers, recogniser, header)
            if kind:
                return Part(_heading_start(rows, r, index, recogniser), part.repeated, is_other=kind == "known")
        r += 1
    return part


def _other_header(row: Sequence[Any], first: str, numbers: list[int], recogniser: Recogniser, header: Header) -> str:
    """known: the header of some form; unknown: words where numbers belong, as only a header has them."""
    lead = first or next((v for v in row if v != ""), "")
    if type(lead) is str and (recogniser.knows(lead) or normalise(lead) in IGNORED_HEADERS):
        known = sum(type(v) is str and v != "" and recogniser.knows(v) for v in row)
        if known > 2:
            return "known" if recogniser.is_header(row) else "unknown"
    words = 0
    for column in numbers:
        value = row[column]
        if value == "":
            continue
        if (
            type(value) is not str
            or any(c.isdigit() for c in value)
            or len(value.strip()) < 2
            or _is_mark(value, header)
        ):
            return ""
        words += 1
    return "unknown" if words >= max(3, len(numbers) // 2 + 1) and not row_kind(lead) else ""


def _is_mark(value: str, header: Header) -> bool:
    text = value.strip()
    return text in header.form.marks or text.upper() in MISSING_WORDS


def _says_otherwise(meta: dict[str, str], said: dict[str, str]) -> bool:
    return any(meta.get(name) and meta[name] != said.get(name) for name in _SAYS)


def _heading_start(rows: Rows, header: int, above: int, recogniser: Recogniser) -> int:
    """The first of the rows above a header that are its title and its head."""
    start = header
    for r in range(header - 1, above, -1):
        filled = [v for v in rows[r] if v != ""]
        if not filled:
            continue
        if not _is_heading(filled, recogniser, follows_blank=not any(v != "" for v in rows[r - 1])):
            break
        start = r
    return start


def _is_heading(filled: list[Any], recogniser: Recogniser, *, follows_blank: bool) -> bool:
    """A title alone in its row, a line that says form, period or reporter, or a row of group labels."""
    if any(type(v) is not str for v in filled):
        return False
    if len(read_meta([filled])) > 1:
        return True
    if len(filled) == 1:
        text = normalise(filled[0])
        return not row_kind(filled[0]) and (follows_blank or text.endswith(_TITLES))
    return 2 * sum(recogniser.knows(v) for v in filled) >= len(filled)
