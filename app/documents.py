"""A plan's text with one commitment or all of them marked: lines cut into plain and marked pieces, by offsets alone.

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


@dataclass(frozen=True)
class Span:
    """A stretch of the text with a meaning: `key` names it, `start` and `end` are str offsets."""

    start: int
    end: int
    key: str


@dataclass(frozen=True)
class Stretch:
    """A run of characters under one commitment ('' where under none) and one numeral of the ledger ('' likewise)."""

    text: str
    commitment: str
    number: str


def coloured(text: str, commitments: list[Span], numbers: list[Span]) -> list[list[Stretch]]:
    """Non-empty lines of `text` in stretches; where commitments overlap, the shortest shows.

    Offsets outside the text are cut to it.
    """
    under = [""] * len(text)
    for span in sorted(commitments, key=lambda span: span.start - span.end):
        start, end = max(span.start, 0), min(span.end, len(text))
        under[start:end] = [span.key] * max(end - start, 0)
    numeral = [""] * len(text)
    for span in numbers:
        start, end = max(span.start, 0), min(span.end, len(text))
        numeral[start:end] = [span.key] * max(end - start, 0)
    lines = []
    for line in _LINE.finditer(text):
        if not line.group().strip():
            continue
        first, last = line.span()
        marks = list(zip(under[first:last], numeral[first:last], strict=True))
        edges = [0, *(i for i in range(1, len(marks)) if marks[i] != marks[i - 1]), len(marks)]
        lines.append([Stretch(text[first + a : first + b].lstrip("\ufeff"), *marks[a]) for a, b in pairwise(edges)])
    return lines
