"""What is handed back, as plain records that a sandboxed child can take: no polars, no openpyxl."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIST_SHEET = "问题清单"
SENTINEL = "问题编号"  # begins every comment of ours: a workbook handed back twice is not marked twice
COLUMNS = ("问题编号", "工作表", "单元格", "填写内容", "级别", "规则", "问题", "改法")
BLOCKING = ("结构", "有效性")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Mark:
    """One open finding of a workbook; `cell` is '' where it is about the sheet or the file as a whole."""

    finding_id: str
    sheet_name: str
    cell: str
    raw_value: str
    severity: str
    rule_code: str
    message: str
    fix: str

    @property
    def row(self) -> tuple[str, ...]:
        """The finding in the order of COLUMNS, fit for a cell."""
        texts = (
            self.finding_id, self.sheet_name, self.cell, self.raw_value, self.severity, self.rule_code, self.message,
            self.fix,
        )  # fmt: skip
        return tuple(_CONTROL.sub("", text) for text in texts)

    @property
    def comment(self) -> str:
        return _CONTROL.sub(
            "",
            f"{SENTINEL} {self.finding_id}\n规则 {self.rule_code}（{self.severity}）\n{self.message}\n改法：{self.fix}",
        )
