"""The rectification ledger 整改台账 as rows and as a workbook. It is printed and filed, never read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ingestion.registry.rectifications import Rectification
from ingestion.registry.workbook import Column, Paper, write

COLUMNS = (
    Column("整改编号", 15), Column("环节", 8), Column("工作要点", 18), Column("承诺原文", 40), Column("立项时亮灯", 10),
    Column("目标值", 12), Column("完成值", 12), Column("差距", 12), Column("整改单位", 24), Column("责任人", 10),
    Column("整改时限", 12), Column("原因", 30), Column("整改措施", 36), Column("最近进展", 36), Column("复核", 8),
    Column("销号日期", 12),
)  # fmt: skip
HEADERS = [column.header for column in COLUMNS]


def lines(matters: Iterable[Rectification], units: Mapping[str, str]) -> list[list[str]]:
    """One row a matter, text under HEADERS."""
    return [_line(matter, units) for matter in matters]


def write_rectifications(path: Path, matters: Iterable[Rectification], units: Mapping[str, str], head: str) -> None:
    """Write the ledger; `head` holds unit, author and date."""
    write(path, Paper("整改台账", "整改台账", head, COLUMNS, lines(matters, units), spare_rows=0))


def _line(matter: Rectification, units: Mapping[str, str]) -> list[str]:
    said = matter.opened
    unit = said.get("unit") or ""
    figures = [f"{said[name]}{unit}" if said.get(name) else "" for name in ("target_value", "attained_value", "gap")]
    last = matter.progress[-1].payload["progress"] if matter.progress else ""
    return [
        matter.key, matter.stage, said["plan"], said["quote"], said.get("light") or "", *figures,
        units.get(said["unit_code"], said["unit_code"]), matter.person, matter.due_date, matter.cause, matter.measures,
        last, matter.result, matter.closed_date or "",
    ]  # fmt: skip
