"""Who answers for a promise: （责任单位：基教科）, 牵头单位：…, a cell under 责任科室.

Belongs here: responsible units as written, by paragraph. Does not: matching them to the bureau's units.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from ingestion.plans.layout import Flow

# （责任单位：教育股、人事股） · 牵头科室：基教科；
_STATED = re.compile(
    r"(?:责任|牵头|主办|承办|实施|负责)(?:单位|部门|科室|处室|股室|领导|人)[：: ]\s*(?P<names>[^）)；;。\n\t]{2,60})"
)
_HEAD = re.compile(r"(?:责任|牵头|承办|负责|主办)(?:单位|部门|科室|处室|股室)")


class Duties:
    """Responsible units of a flow: each holds for the text of its paragraph since the statement before it."""

    def __init__(self, flow: Flow) -> None:
        self._ends: list[int] = []
        self._found: list[tuple[int, str]] = []
        column: int | None = None
        for start, end in flow.spans:
            line = flow.text[start:end]
            since = start
            for m in _STATED.finditer(line):
                self._add(since, start + m.end(), m["names"])
                since = start + m.end()
            column = self._row(line, start, end, column)

    def _row(self, line: str, start: int, end: int, column: int | None) -> int | None:
        if "\t" not in line:
            return None
        cells = line.split("\t")
        head = next((i for i, cell in enumerate(cells) if _HEAD.search(cell) and len(cell) <= 12), None)
        if head is not None and not any(len(cell) > 24 for cell in cells):
            return head
        if column is not None and column < len(cells) and 2 <= len(cells[column].strip()) <= 60:
            self._add(start, end, cells[column])
        return column

    def _add(self, start: int, end: int, names: str) -> None:
        self._ends.append(end)
        self._found.append((start, names.strip(" ，,、（(")))

    def at(self, offset: int) -> str | None:
        """The units responsible for what stands at `offset` of the flow, None where none is stated."""
        i = bisect_right(self._ends, offset)
        if i < len(self._found) and self._found[i][0] <= offset:
            return self._found[i][1]
        return None
