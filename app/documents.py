"""A plan's text with one commitment marked: paragraphs cut into plain and marked pieces, by offsets alone.

Here: cutting. Not here: HTML; the pieces are escaped where they are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True)
class Piece:
    """A run of characters; `mark` is '' or 'quote' or 'number' (the figure inside the quote)."""

    text: str
    mark: str


@dataclass(frozen=True)
class MarkedParagraph:
    """One non-empty line in pieces; `has_mark` when the commitment touches it."""

    pieces: list[Piece] = field(default_factory=list)
    has_mark: bool = False


def marked(
    text: str, start: int, end: int, number_start: int | None = None, number_end: int | None = None
) -> list[MarkedParagraph]:
    """Paragraphs of `text` with [start, end) marked, and within it [number_start, number_end)."""
    cuts = sorted({start, end, *(c for c in (number_start, number_end) if c is not None)})
    paragraphs = []
    for line in _LINE.finditer(text):
        if not line.group().strip():
            continue
        edges = [line.start(), *(c for c in cuts if line.start() < c < line.end()), line.end()]
        pieces = []
        for left, right in pairwise(edges):
            is_number = number_start is not None and number_end is not None and number_start <= left < number_end
            mark = "" if not start <= left < end else "number" if is_number else "quote"
            pieces.append(Piece(text[left:right].lstrip("\ufeff"), mark))
        paragraphs.append(MarkedParagraph(pieces, any(piece.mark for piece in pieces)))
    return paragraphs
