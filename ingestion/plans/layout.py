"""The flow of a text: hard-wrapped lines joined, blanks around numbers dropped, every character traced to its
source offset.

Belongs here: what the eye undoes while reading. Does not: meaning; paragraphs of documents (document.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.plans.outline import spans_of, starts_item
from ingestion.plans.rules import pattern
from ingestion.plans.script import plain_view

if TYPE_CHECKING:
    from ingestion.plans.document import Paragraph

# 新建 5 所 · 达到 95 %: blanks that typesetting put between a numeral and its words
_BLANK = re.compile(r"(?<=[一-鿿，。、；：（）《》“”])[ ]{1,2}(?=\d)|(?<=[\d%])[ ]{1,2}(?=[一-鿿%，。、；）])")
_ENDS = "。！？；：!?;:…”」』】》）)"


@dataclass(frozen=True)
class Flow:
    """`text` is the plain view as one reads it, paragraphs at `spans` parted by \\n; `index[i]` is the source
    offset of text[i]."""

    text: str
    spans: list[tuple[int, int]]
    index: list[int]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of [start, end) of the flow."""
        return self.index[start], self.index[end - 1] + 1


def _width(line: str) -> int:
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


_FIGURE = re.compile(r"[≥≤><=约]?[\[(（]?\d[\d.,]*[%％]?(?:以上|以内|左右|年)?[\])）]?|[-—–－]+")
_ROW_HEAD = re.compile("序号|指标|单位|属性|目标|现状|基期|备注|类别|20\\d\\d年")


def is_spaced_row(line: str) -> bool:
    """A row of a table whose cells single blanks part: 1 毛入园率 % 89.2 95 预期性, or its head."""
    cells = line.split()
    if not 4 <= len(cells) <= 14 or len(line) > 80 or re.search("[，。；：、]", line):
        return False
    figures = sum(_FIGURE.fullmatch(cell) is not None for cell in cells)
    heads = sum(_ROW_HEAD.search(cell) is not None for cell in cells)
    return (figures >= 2 and figures < len(cells)) or heads >= 3


def _is_row(line: str) -> bool:
    if "\t" in line or "|" in line:
        return True
    return " " in line and (len(re.findall(r"\S {2,}(?=\S)", line)) >= 2 or is_spaced_row(line))


def _wrap_width(lines: Sequence[str]) -> int | None:
    """The width at which a document's lines were cut, None where its paragraphs stand on one line each."""
    open_ended = [line for line in lines if line.rstrip()[-1:] not in _ENDS]
    cut = [width for line in open_ended if (width := _width(line)) >= 36 and not _is_row(line)]
    if len(cut) < 3:
        return None
    common, _ = Counter(w // 4 for w in cut).most_common(1)[0]
    near = [w for w in cut if abs(w // 4 - common) <= 1]
    return max(near) if len(near) >= 0.6 * len(cut) and max(near) <= 130 else None


_NUMBER_END = re.compile(r"[\d,.万亿千百]$")


def _is_cut_number(line: str, rest: str) -> bool:
    """改造校舍2.6万 / 平方米: a line that ends between a number and its unit."""
    return (
        len(line) >= 16
        and _NUMBER_END.search(line, len(line) - 1) is not None
        and not _is_row(line)
        and re.search(r"[一-鿿]约?\d[\d,.]*[万亿千百]?$", line) is not None
        and pattern("{unit_count|unit_money|unit_percent|unit_points}(?![一-鿿]?[、.．]|[：:])").match(rest) is not None
        and (len(rest.strip()) > 6 or re.search("[，。；]", rest) is not None)
    )


def _joins(plain: str, first: tuple[int, int], second: tuple[int, int], width: int | None) -> bool:
    """Whether the second line goes on where the first was cut."""
    if _is_cut_number(plain[first[0] : first[1]].rstrip(" \r"), plain[second[0] : second[1]]) and (
        plain.count("\n", first[1], second[0] + 1) == 1
    ):
        return True
    if width is None:
        return False
    line, rest = plain[first[0] : first[1]].rstrip(), plain[second[0] : second[1]]
    if (
        plain.count("\n", first[1], second[0] + 1) > 1
        or _is_row(line)
        or _is_row(rest)
        or abs(_width(line) - width) > 8
    ):
        return False
    return line[-1:] not in _ENDS and not re.match(r"[ \t]{2,}|[—\-•●▪]", rest) and not starts_item(rest)


def flow_of(text: str, paragraphs: Sequence[Paragraph] | None = None) -> Flow:
    """The flow of a source text, over the given paragraphs or its own lines."""
    plain = plain_view(text)
    spans = spans_of(text, paragraphs)
    width = _wrap_width([plain[a:b] for a, b in spans])
    # bars part cells as tabs do
    plain = re.sub(r"[|│┃]", "\t", plain)
    pieces: list[str] = []
    index: list[int] = []
    found: list[tuple[int, int]] = []
    at = 0
    for i, (start, end) in enumerate(spans):
        joined = i > 0 and _joins(plain, spans[i - 1], (start, end), width)
        if not joined and i:
            pieces.append("\n")
            index.append(spans[i - 1][1])
            at += 1
        begin = found.pop()[0] if joined else at
        line = plain[start:end].rstrip() if width else plain[start:end]
        for a, b in _kept(line):
            pieces.append(line[a:b])
            index.extend(range(start + a, start + b))
            at += b - a
        found.append((begin, at))
    return Flow("".join(pieces), [span for span in found if span[1] > span[0]], index)


def _kept(line: str) -> list[tuple[int, int]]:
    """The runs of a line that stay once blanks around numerals are dropped."""
    if " " not in line or _is_row(line):
        return [(0, len(line))] if line else []
    runs: list[tuple[int, int]] = []
    at = 0
    for m in _BLANK.finditer(line):
        runs.append((at, m.start()))
        at = m.end()
    runs.append((at, len(line)))
    return [run for run in runs if run[1] > run[0]]
