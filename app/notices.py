"""督办单: what one unit owes, for its signature. Commitments as on the pages, nodes and rectifications of the release.

Not here: how a template is filled (filling.py), and where the files go (orchestration/reporting.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from app.app_pages.ledger import UNKNOWN_OWNER, sort, with_labels
from app.context import RunContext
from app.papers import Filling, head, promise_frame, text_frame, unit_label
from app.presenting import Promise, clip, days_text, present
from app.queries import commitments, matters
from app.queries.papers import nodes_overdue, rectifications_open

OWED = ("红", "黄")


@dataclass
class Notice:
    """What one unit owes: red and yellow commitments, overdue nodes, open rectifications."""

    unit: str
    promises: list[Promise] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    rectifications: list[dict[str, Any]] = field(default_factory=list)


def notices(run: RunContext) -> tuple[dict[str, Notice], int]:
    """Unit → its notice, in the order of units; and how many red or yellow commitments name no unit."""
    roots = with_labels(commitments.standings(run.release)).filter(pl.col("is_root") & pl.col("light").is_in(OWED))
    made: dict[str, Notice] = {}
    owed: dict[str, list[Promise]] = defaultdict(list)
    homes = _homes(run)
    for row in sort(roots, "light").to_dicts():
        owed[unit_label(row["owner"], homes.get(row["owner"], row["region_name"]))].append(present(row))
    unnamed = [p for unit in list(owed) if unit.endswith(UNKNOWN_OWNER) for p in owed.pop(unit)]
    for unit, promises in owed.items():
        made.setdefault(unit, Notice(unit)).promises = promises
    for row in nodes_overdue(run.release).to_dicts():
        _of(made, row).nodes.append(row)
    for row in rectifications_open(run.release).to_dicts():
        _of(made, row).rectifications.append(row)
    return dict(sorted(made.items())), len(unnamed)


def known_units(run: RunContext) -> list[str]:
    """Every unit of the bureau as a notice would name it."""
    rows = matters.units(run.release).select("unit_name", "region_name").rows()
    return sorted({unit_label(name, region) for name, region in rows})


def notice(run: RunContext, owed: Notice) -> Filling:
    """Values and tables of the template for one unit."""
    counts = {name: sum(p.light.name == name for p in owed.promises) for name in OWED}
    values = head(run, "督办单") | {
        "责任单位": owed.unit,
        "概述": (
            f"红灯 {counts['红']} 项，黄灯 {counts['黄']} 项，逾期节点 {len(owed.nodes)} 个，"
            f"未销号整改 {len(owed.rectifications)} 项。"
        ),
    }
    tables = {"承诺": promise_frame(owed.promises), "节点": _nodes(owed.nodes), "整改": _rectifications(run, owed)}
    return values, tables


def _homes(run: RunContext) -> dict[str, str | None]:
    """Unit → its own region, where only one unit has that name: it may report for the plan of a larger region."""
    units = matters.units(run.release).filter(pl.col("unit_name").is_unique())
    return dict(units.select("unit_name", "region_name").iter_rows())


def _of(made: dict[str, Notice], row: dict[str, Any]) -> Notice:
    unit = unit_label(row["unit_name"], row["region_name"])
    return made.setdefault(unit, Notice(unit))


def _nodes(rows: list[dict[str, Any]]) -> pl.DataFrame:
    texts = [
        {
            "序号": str(number),
            "任务": clip(row["task_name"], 60),
            "节点": row["node_name"],
            "应完成": str(row["due_date"]),
            "天数": days_text(-row["late_days"], is_met=False),
            "佐证": row["evidence_required"] or "—",
        }
        for number, row in enumerate(rows, 1)
    ]
    return text_frame(texts, ("序号", "任务", "节点", "应完成", "天数", "佐证"))


def _rectifications(run: RunContext, owed: Notice) -> pl.DataFrame:
    texts = [
        {
            "编号": row["rectification_key"],
            "承诺": row["quote"],
            "环节": row["stage"],
            "时限": str(row["due_date"]),
            "天数": days_text((row["due_date"] - run.evaluation_date).days, is_met=False),
            "措施": row["measures"] or "—",
            "进展": row["last_progress"] or "—",
            "责任人": row["person"] or "—",
        }
        for row in owed.rectifications
    ]
    return text_frame(texts, ("编号", "承诺", "环节", "时限", "天数", "措施", "进展", "责任人"))
