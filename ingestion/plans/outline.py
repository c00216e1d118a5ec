"""The outline of a plan: headings 一、（一）1.（1）第一章 and 一是 within a paragraph, with their extent.

Belongs here: item numbers, levels, paths, headings, offsets. Does not: what an item promises.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from ingestion.plans.script import plain_view

if TYPE_CHECKING:
    from ingestion.plans.document import Paragraph

_CN = "[一二三四五六七八九十百]{1,4}"
_JUNK = r"[ \t\ufeff]*(?:\[bookmark[^\]]*\][ \t]*)*"
# level, label pattern; examples: 第一章 总则 · 一、总体思路 · （二）主要任务 · 3.提升质量 · （4）试点 · ①
_LINE_MARKS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (level, re.compile(_JUNK + mark))
    for level, mark in (
        (1, rf"(第(?:{_CN}|\d+)[章部分篇编]+)[、 ：:]*"),
        (2, rf"(第(?:{_CN}|\d+)节)[、 ：:]*"),
        (2, rf"({_CN})[、.，]\s*(?!是)"),
        (3, rf"([（(]{_CN}[)）])[、.]?\s*"),
        (4, r"(\d{1,3})(?:[、]|\.(?!\d)|[)）])\s*(?!年|月|%)"),
        (5, r"([（(]\d{1,3}[)）])\s*"),
        (6, r"([①-⑳])\s*"),
    )
)
_BEGINS = re.compile(_JUNK + r"[第一二三四五六七八九十百（(\d①-⑳]")
_INLINE_WORD = re.compile("[一二三四五六七八九十百]是|首先|其次|再次")
_INLINE = re.compile(rf"(?:(?<=[。；;：:\n])|^)\s*({_CN}是)(?!否)|(?:(?<=[。；;：:])|^)\s*(首先|其次|再次)[，,]")


@dataclass(frozen=True)
class OutlineItem:
    """One item: numbers count from 1 in reading order; `item_path` joins the labels, 二/（三）/8; [start, end)
    is its extent."""

    item_no: int
    parent_item_no: int | None
    item_path: str
    level: int
    heading: str
    start: int
    end: int


@dataclass
class _Mark:
    start: int
    level: int
    label: str
    heading: str


def spans_of(text: str, paragraphs: Sequence[Paragraph] | None = None) -> list[tuple[int, int]]:
    """[start, end) of every paragraph: those given, else the lines of the text without blank ones."""
    if paragraphs is not None:
        return [(p.start, p.end) for p in paragraphs if p.end > p.start]
    return [m.span() for m in re.finditer(r"[^\r\n\f\v\x85\u2028\u2029]+", text) if m[0].strip()]


_HEADING_END = re.compile(r"[。；;：:！!\n]")


def _heading(text: str, at: int, end: int) -> str:
    stop = _HEADING_END.search(text, at, end)
    return text[at : stop.start() if stop else end].strip()[:60]


def _marks(plain: str, text: str, spans: Sequence[tuple[int, int]]) -> list[_Mark]:
    found: list[_Mark] = []
    for start, end in spans:
        line = plain[start:end]
        for level, mark in _LINE_MARKS if _BEGINS.match(line) else ():
            if m := mark.match(line):
                found.append(_Mark(start + m.start(1), level, m[1], _heading(text, start + m.end(), end)))
                break
        for m in _INLINE.finditer(line) if _INLINE_WORD.search(line) else ():
            label = m[1] or m[2]
            at = start + m.start(1 if m[1] else 2)
            if not found or found[-1].start != at:
                found.append(_Mark(at, 7, label, _heading(text, at + len(label), end)))
    return found


def starts_item(line: str) -> bool:
    """Whether a line of a plain view begins with a heading mark."""
    return _BEGINS.match(line) is not None and any(mark.match(line) for _, mark in _LINE_MARKS)


def outline(text: str, paragraphs: Sequence[Paragraph] | None = None) -> list[OutlineItem]:
    """The outline items of a document in reading order; [] for a text without numbered items."""
    return outline_of(plain_view(text), text, spans_of(text, paragraphs))


def outline_of(plain: str, text: str, spans: Sequence[tuple[int, int]]) -> list[OutlineItem]:
    """As `outline`, of a text whose plain view and paragraphs are known."""
    marks = _marks(plain, text, spans)
    last = spans[-1][1] if spans else len(text)
    items: list[OutlineItem] = []
    stack: list[tuple[int, int, str]] = []
    ends = _ends(marks, last)
    for i, mark in enumerate(marks):
        while stack and stack[-1][0] >= mark.level:
            stack.pop()
        path = "/".join([label for _, _, label in stack] + [mark.label])
        parent = stack[-1][1] if stack else None
        items.append(OutlineItem(i + 1, parent, path, mark.level, mark.heading, mark.start, ends[i]))
        stack.append((mark.level, i + 1, mark.label))
    return items


def _ends(marks: Sequence[_Mark], last: int) -> list[int]:
    """Where each item ends: at the next one of its level or above."""
    ends = [last] * len(marks)
    open_marks: list[int] = []
    for i, mark in enumerate(marks):
        while open_marks and marks[open_marks[-1]].level >= mark.level:
            ends[open_marks.pop()] = mark.start
        open_marks.append(i)
    return ends


def path_at(items: Sequence[OutlineItem], offset: int) -> str:
    """Path of the innermost item that holds `offset`, '' outside every item."""
    item = item_at(items, offset)
    return item.item_path if item is not None else ""


def item_at(items: Sequence[OutlineItem], offset: int) -> OutlineItem | None:
    """The innermost item that holds `offset`, None outside every item."""
    i = bisect_right(items, offset, key=attrgetter("start")) - 1
    while i >= 0 and offset >= items[i].end:
        parent = items[i].parent_item_no
        i = parent - 1 if parent is not None else -1
    return items[i] if i >= 0 else None
