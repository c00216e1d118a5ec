"""What is wrong with a configuration: one record a fault, and the error that carries them all. No checks here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: file, row as a spreadsheet shows it (1 the header, 0 the whole file), column, Chinese message.

    In a workbook `sheet` and `cell` (A1) say where, and `column` is the header.
    """

    file: str
    row: int
    column: str
    message: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = " · ".join(part for part in (self.file, self.sheet, self.cell) if part)
        if self.row and not self.cell:
            place += f" 第{self.row}行"
        return f"{place}「{self.column}」：{self.message}" if self.column else f"{place}：{self.message}"


class ConfigError(Exception):
    """A configuration refused as a whole; `problems` lists every fault found, by file, sheet and row."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda p: (p.file, p.sheet, p.row, p.column, p.message))
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"配置有 {len(self.problems)} 处问题，未采用任何改动，请逐条改正后重试：\n{lines}")


class NoConfig(ConfigError):
    """There is no applied configuration yet."""
