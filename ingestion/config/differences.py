"""What differs between two configurations, row by row and column by column, in the clerk's words.

Here: finding and saying. Not here: whether a difference may be applied (applying.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingestion.config.loader import Config
from ingestion.config.sheets import BUREAU, Sheet, sheets

Key = tuple[Any, ...]
Row = Mapping[str, Any]
ADDED, REMOVED, CHANGED = "新增", "删除", "修改"


@dataclass(frozen=True)
class Difference:
    """One row added, removed or changed; `columns` are (header, old, new) of a changed one."""

    sheet: str
    key: Key
    name: str
    kind: str
    columns: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        code = "·".join(filter(None, map(_shown, self.key)))
        label = code if self.name in self.key else " ".join(filter(None, (code, self.name)))
        if self.kind != CHANGED:
            return f"{self.sheet} {self.kind}：{label}"
        said = "；".join(f"{header} {old or '空'} → {new or '空'}" for header, old, new in self.columns)
        return f"{self.sheet} {self.kind}：{label}：{said}"


def differences(old: Config | None, new: Config) -> list[Difference]:
    """Every difference in the order of the sheets; from nothing, every row is added."""
    found: list[Difference] = []
    for sheet in sheets():
        before, after = rows_by_key(old, sheet), rows_by_key(new, sheet)
        for key in sorted({*before, *after}, key=lambda key: tuple(map(_shown, key))):
            difference = _difference(sheet, key, before.get(key), after.get(key))
            if difference:
                found.append(difference)
    return found


def rows_by_key(config: Config | None, sheet: Sheet) -> dict[Key, Row]:
    """The rows of one sheet by the key of its rules; the bureau's own line has the empty key."""
    if config is None:
        return {}
    if sheet.key == BUREAU:
        return {(): config.bureau.model_dump()}
    frame = config.tables[sheet.rules.table]
    return {tuple(row[name] for name in sheet.rules.key): row for row in frame.iter_rows(named=True)}


def _difference(sheet: Sheet, key: Key, old: Row | None, new: Row | None) -> Difference | None:
    if old == new:
        return None
    known = new or old or {}
    name = next((str(known[c.field]) for c in sheet.columns if c.field.endswith("_name") and known[c.field]), "")
    if old is None or new is None:
        return Difference(sheet.title, key, name, ADDED if old is None else REMOVED)
    columns = tuple(
        (c.header, _shown(old[c.field]), _shown(new[c.field])) for c in sheet.columns if old[c.field] != new[c.field]
    )
    return Difference(sheet.title, key, name, CHANGED, columns)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "").replace("-", "").isdigit() else text
