"""Sentences and clauses of a paragraph, with quotes, titles and brackets kept whole.

Belongs here: where a clause begins and ends, what is nested. Does not: what it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

# longer clauses are slips of the pen, read in pieces
_LONGEST = 400
_PAIRS = {
    "“": "”",
    "《": "》",
    "（": "）",
    "(": ")",
    "‘": "’",
    "【": "】",
    "\u3014": "\u3015",
    "[": "]",
    "<": ">",
    "〈": "〉",
}
_SENTENCE_END = "。！!？?"
# a tab parts the cells of a row
_CLAUSE_END = "，,；;：:.\t" + _SENTENCE_END
_MARKS = re.compile("[" + re.escape(_CLAUSE_END) + "]")
_STOPPED = re.compile(r"[%”\"）)》]|(?![一二三四五六七八九十])[一-鿿]")


@dataclass
class Clause:
    """One clause [start, end) without its closing mark; `mark` is that mark; `sentence` numbers sentences from
    0 in the text.
    `past` and `due`, the date that stands over it, are filled in by its readers."""

    start: int
    end: int
    mark: str
    sentence: int
    paragraph: int
    past: bool = False
    due: date | None = None
    text: str = field(default="", repr=False)


def depth_map(plain: str, start: int, end: int, openers: str = "".join(_PAIRS)) -> list[int]:
    """Nesting depth of every character of [start, end): inside a pair of `openers` it is above 0; unclosed
    marks nest nothing."""
    depth = [0] * (end - start)
    stack: list[tuple[str, int]] = []
    straight = -1
    for m in _brackets(openers).finditer(plain, start, end):
        char, i = m[0], m.start()
        if char in openers:
            stack.append((_PAIRS[char], i))
        elif char == '"':
            if straight >= 0:
                _fill(depth, straight - start, i - start)
                straight = -1
            else:
                straight = i
        elif stack and (stack[-1][0] == char or any(close == char for close, _ in stack[-40:])):
            while stack:
                close, at = stack.pop()
                if close == char:
                    _fill(depth, at - start, i - start)
                    break
    return depth


@lru_cache(maxsize=4)
def _brackets(openers: str) -> re.Pattern[str]:
    return re.compile("[" + re.escape(openers + "".join(_PAIRS[c] for c in openers) + '"') + "]")


def _fill(depth: list[int], first: int, last: int) -> None:
    # a bracket that swallows half a page is a slip of the pen, not a bracket
    if last - first <= 400:
        for i in range(first, last + 1):
            depth[i] += 1


def _splits(plain: str, i: int, depth: int) -> bool:
    """Whether the mark at `i` ends a clause."""
    char = plain[i]
    if char == "\t":
        return True
    if depth:
        return False
    if char == ".":
        # 参训率100%.选派教师: a full stop of half width, no decimal, no 1. and no 三.
        before, after = plain[i - 1 : i], plain[i + 1 : i + 2]
        return bool(_STOPPED.match(before)) and (
            after in ("", " ", "\n") or not (after.isascii() and not after.isdigit())
        )
    if char not in ":,":
        return True
    digits = plain[i - 1 : i].isdigit() and plain[i + 1 : i + 2].isdigit()
    # 16:30 and 12,000 hold together
    return not (digits and (char == ":" or re.match(r"\d{3}(?!\d)", plain[i + 1 : i + 5])))


def _pieces(plain: str, first: int, last: int) -> list[tuple[int, int]]:
    """A clause as it is, or in pieces at 、 where it is longer than any clause people write."""
    pieces: list[tuple[int, int]] = []
    while last - first > _LONGEST:
        cut = plain.rfind("、", first + 1, first + _LONGEST)
        cut = cut if cut > first else first + _LONGEST
        pieces.append((first, cut))
        first = cut
    return [*pieces, (first, last)] if last > first else pieces


def split_clauses(plain: str, spans: list[tuple[int, int]]) -> list[Clause]:
    """Clauses of all paragraphs in reading order; blanks at their ends are trimmed, empty ones dropped."""
    clauses: list[Clause] = []
    sentence = 0
    for paragraph, (start, end) in enumerate(spans):
        depth = depth_map(plain, start, end)
        at = start
        ends = [m.start() for m in _MARKS.finditer(plain, start, end)]
        for i in [*(i for i in ends if _splits(plain, i, depth[i - start])), end]:
            mark = plain[i] if i < end else "\n"
            first, last = at, i
            while first < last and plain[first] in " \t\ufeff":
                first += 1
            while last > first and plain[last - 1] in " \t\r":
                last -= 1
            for a, b in _pieces(plain, first, last):
                clauses.append(Clause(a, b, mark if b == last else "、", sentence, paragraph, text=plain[a:b]))
            if mark in _SENTENCE_END or mark in ".\n\t":
                sentence += 1
            at = i + 1
    return clauses
