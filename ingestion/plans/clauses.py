"""Sentences and clauses of a paragraph, with quotes, titles and brackets kept whole.

Belongs here: where a clause begins and ends, what is nested. Does not: what it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PAIRS = {"“": "”", "《": "》", "（": "）", "(": ")", "‘": "’", "【": "】", "〔": "〕", "[": "]", "<": ">", "〈": "〉"}
_SENTENCE_END = "。！!？?"
_CLAUSE_END = "，,；;：:" + _SENTENCE_END


@dataclass
class Clause:
    """One clause [start, end) without its closing mark; `mark` is that mark; `sentence` numbers sentences from 0 in the text."""

    start: int
    end: int
    mark: str
    sentence: int
    paragraph: int
    past: bool = False
    text: str = field(default="", repr=False)


def depth_map(plain: str, start: int, end: int) -> list[int]:
    """Nesting depth of every character of [start, end): inside “”《》（）【】 it is above 0; unclosed marks nest nothing."""
    depth = [0] * (end - start)
    stack: list[tuple[str, int]] = []
    straight = -1
    for i in range(start, end):
        char = plain[i]
        if char in _PAIRS:
            stack.append((_PAIRS[char], i))
        elif char == '"':
            if straight >= 0:
                _fill(depth, straight - start, i - start)
                straight = -1
            else:
                straight = i
        elif any(close == char for close, _ in stack):
            while stack:
                close, at = stack.pop()
                if close == char:
                    _fill(depth, at - start, i - start)
                    break
    return depth


def _fill(depth: list[int], first: int, last: int) -> None:
    # a bracket that swallows half a page is a slip of the pen, not a bracket
    if last - first <= 400:
        for i in range(first, last + 1):
            depth[i] += 1


def _splits(plain: str, i: int, depth: int) -> bool:
    char = plain[i]
    if depth or char not in _CLAUSE_END:
        return False
    digits = plain[i - 1 : i].isdigit() and plain[i + 1 : i + 2].isdigit()
    # 16:30 and 12,000 hold together
    return not (digits and (char == ":" or (char == "," and re.match(r"\d{3}(?!\d)", plain[i + 1 : i + 5]))))


def split_clauses(plain: str, spans: list[tuple[int, int]]) -> list[Clause]:
    """Clauses of all paragraphs in reading order; blanks at their ends are trimmed, empty ones dropped."""
    clauses: list[Clause] = []
    sentence = 0
    for paragraph, (start, end) in enumerate(spans):
        depth = depth_map(plain, start, end)
        at = start
        for i in [
            *(i for i in range(start, end) if plain[i] in _CLAUSE_END and _splits(plain, i, depth[i - start])),
            end,
        ]:
            mark = plain[i] if i < end else "\n"
            first, last = at, i
            while first < last and plain[first] in " \t\ufeff":
                first += 1
            while last > first and plain[last - 1] in " \t\r":
                last -= 1
            if last > first:
                clauses.append(Clause(first, last, mark, sentence, paragraph, text=plain[first:last]))
            if mark in _SENTENCE_END or mark == "\n":
                sentence += 1
            at = i + 1
    return clauses
