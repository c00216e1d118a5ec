"""Tables whose cells came apart into lines, one cell a line: their heads, their rows, which line is which cell.

Belongs here: finding such tables and laying their lines out in rows. Does not: what a cell promises (tables.py),
dates of rows (deadlines.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_HEAD_WORD = re.compile(
    r"序号|编号|指标|单位|属性|20\d\d年|1\d\d年|目标|任务|事项|内容|项目|措施|举措|责任|牵头|领导|科室|部门|时限|时间|进度|"
    r"增速|增长|累计|备注|类别|评估方式|数据来源|现状|基期|基数|规划值|预期|权重|分值|名称|节点|地点|规模|投资"
)
CATEGORY = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])\S{1,18}$")
_VALUE = re.compile(r"^[≥≤><=约达]*\s*[\[(（]?\d[\d,.]*\s*\S{0,6}$|^[-—–/一－]+$|^无$")
_TIME_HEAD = re.compile("时限|时间|节点|进度")
_TIME = re.compile(r"\d+月|季度|年底|全年|长期|持续|上半年|下半年|常年|年内|20\d\d[.．/-]\d")
_LONGEST_HEAD = 14
# the rows of a table hold at most so many rows within one number
_MOST_PARTS = 6
_LONGEST_CELL = 300


@dataclass(frozen=True)
class LineTable:
    """`heads` are the head cells; a row holds a line number for each head, None where a cell is missing."""

    heads: list[str]
    rows: list[list[int | None]]

    def column(self, pattern: str) -> int | None:
        """The first column whose head matches, None where none does."""
        return next((i for i, head in enumerate(self.heads) if re.search(pattern, head)), None)


def line_tables(lines: Sequence[str]) -> list[LineTable]:
    """The tables among the lines of a text (stripped), in order."""
    found: list[LineTable] = []
    at = 0
    while at < len(lines):
        heads = _heads(lines, at)
        if len(heads) < 2:
            at += 1
            continue
        body = at + len(heads)
        merged = _merged(heads)
        rows = _rows(lines, body, merged)
        if len(rows) >= 2 or merged == heads:
            heads = merged
        else:
            rows = _rows(lines, body, heads)
        if len(rows) >= 2:
            found.append(LineTable(heads, rows))
            at = 1 + max(line for row in rows for line in row if line is not None)
        else:
            at = body
    return found


def _heads(lines: Sequence[str], at: int) -> list[str]:
    heads: list[str] = []
    for line in lines[at : at + 12]:
        if (
            len(line) > _LONGEST_HEAD
            or not _HEAD_WORD.search(line)
            or re.search(r"[。；，：:、\t]|^[（(]|^[一二三四五六七八九十]+、|^\d+[.．]|^第.{1,3}[章节]|^专栏|^表", line)
        ):
            break
        heads.append(re.sub(r"\s", "", line))
    return heads


def _merged(heads: list[str]) -> list[str]:
    """Heads over two lines made one: 2020年 / 现状值 / 2025年 / 目标值 → 2020年现状值, 2025年目标值."""
    found: list[str] = []
    for head in heads:
        if (
            found
            and re.fullmatch(r"20\d\d年", found[-1])
            and re.fullmatch("(?:现状|目标|实际|规划|完成|预期|基期)[值数]?", head)
        ):
            found[-1] += head
        else:
            found.append(head)
    return found


def _rows(lines: Sequence[str], at: int, heads: list[str]) -> list[list[int | None]]:
    """The rows below the heads: begun by serial numbers where the table has them, else of as many lines as heads."""
    width = len(heads)
    numbered = re.search("序号|编号", heads[0]) is not None
    if not numbered and width > 2 and _TIME_HEAD.search(heads[-1]):
        return _timed_rows(lines, at, width)
    rows: list[list[int | None]] = []
    number = 1
    while at < len(lines):
        while at < len(lines) and CATEGORY.match(lines[at]) and not _serial(lines, at, number, alone=numbered):
            at += 1
        if at >= len(lines) or not _fits(lines, at, number, heads, numbered=numbered):
            break
        end = _spanned_end(lines, at, number, heads) if numbered else None
        if end is not None:
            rows += _parts(range(at, end), lines, width)
        else:
            end = _row_end(lines, at, number, width, numbered=numbered)
            rows.append(_laid_out(list(range(at, end)), lines, heads))
        at, number = end, number + 1
    return rows


def _fits(lines: Sequence[str], at: int, number: int, heads: list[str], *, numbered: bool) -> bool:
    """Whether a row can begin at this line."""
    if _serial(lines, at, number, alone=numbered):
        return True
    if numbered or (number > 1 and _serial(lines, at - len(heads), number - 1, alone=False)):
        return False
    cells = lines[at : at + len(heads)]
    if len(cells) < len(heads) or _VALUE.match(cells[0]) or any(len(cell) > 60 for cell in cells):
        return False
    valued = [i for i, head in enumerate(heads) if re.search(r"20\d\d年|1\d\d年|目标值|指标值|规划值|预期值", head)]
    return bool(valued) and all(_VALUE.match(cells[i]) for i in valued)


def _serial(lines: Sequence[str], at: int, number: int, *, alone: bool) -> bool:
    """Whether the line is, or where `alone` is false begins with, the serial number."""
    line = lines[at]
    if line in (str(number), f"{number}.", f"{number}、", f"（{number}）"):
        return at + 1 < len(lines) and not _VALUE.match(lines[at + 1])
    return not alone and re.match(rf"{number}[.．、]\s*\D", line) is not None and len(line) <= 40


def _timed_rows(lines: Sequence[str], at: int, width: int) -> list[list[int | None]]:
    """Rows without numbers, each closed by its time; cells that span rows are missing at the left of later ones."""
    rows: list[list[int | None]] = []
    begin = at
    for i in range(at, len(lines)):
        if i - begin >= width:
            break
        if is_time(lines[i]) and i - begin >= 1:
            rows.append([*[None] * (width - (i + 1 - begin)), *range(begin, i + 1)])
            begin = i + 1
    return rows


def is_time(line: str) -> bool:
    """Whether a cell says by when: 9月底前, 第三季度, 2024.10, 持续推进."""
    return len(line) <= 20 and _TIME.search(line) is not None


def _spanned_end(lines: Sequence[str], at: int, number: int, heads: list[str]) -> int | None:
    """Where a numbered row that spans several rows ends, each of them closed by its time; None for a plain row."""
    if not _TIME_HEAD.search(heads[-1]):
        return None
    limit = min(len(lines), at + _MOST_PARTS * len(heads) + 1)
    after = [i for i in range(at + 2, limit) if _serial(lines, i, number + 1, alone=True)]
    end = after[0] if after else limit
    times = [i for i in range(at + 2, end) if is_time(lines[i])]
    if not after:
        # the last number of the table: its rows are as short as its parts
        end = times[-1] + 1 if len(times) > 1 and max(b - a for a, b in pairwise(times)) < len(heads) else at
    return end if len(times) > 1 and end - 1 == times[-1] else None


def _parts(row: range, lines: Sequence[str], width: int) -> list[list[int | None]]:
    """The rows that one number spans: what they do not repeat is missing at their left."""
    found: list[list[int | None]] = []
    cells: list[int | None] = []
    for i in row:
        cells.append(i)
        if is_time(lines[i]) and len(cells) > 1:
            kept = cells[-width:]
            found.append([*[None] * (width - len(kept)), *kept])
            cells = []
    return found


def _row_end(lines: Sequence[str], at: int, number: int, width: int, *, numbered: bool) -> int:
    """Where the row that begins at `at` ends: at the next serial number nearest to the table's width."""
    alone = lines[at] == str(number) or numbered
    for length in sorted(range(2, width + 3), key=lambda length: abs(length - width)):
        end = at + length
        skipped = end
        while skipped < len(lines) and CATEGORY.match(lines[skipped]):
            skipped += 1
        if skipped < len(lines) and _serial(lines, skipped, number + 1, alone=alone):
            return end
    end = min(at + width, len(lines))
    stop = next((i for i in range(at + 1, end) if len(lines[i]) > _LONGEST_CELL or lines[i].startswith("注：")), end)
    return stop


def _laid_out(row: list[int], lines: Sequence[str], heads: list[str]) -> list[int | None]:
    """One line for each head: of a row that is short the last head that names a time takes the last line."""
    width = len(heads)
    if len(row) >= width:
        # a formula over two lines: the value stands last
        last = row[-1] if _VALUE.match(lines[row[-1]]) and not _VALUE.match(lines[row[width - 1]]) else row[width - 1]
        return [*row[: width - 1], last]
    cells: list[int | None] = [*row, *[None] * (width - len(row))]
    if _TIME_HEAD.search(heads[-1]) and is_time(lines[row[-1]]):
        cells[len(row) - 1], cells[width - 1] = None, row[-1]
    return cells
