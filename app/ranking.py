"""前三 and 后三 of the units that answer for commitments. Shares are compared as fractions, ties share a place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from app.papers import share, text_frame, unit_label

JUDGED = ("蓝", "绿", "黄", "红")
COLUMNS = ("名次", "责任单位", "已判定", "蓝", "绿", "黄", "红", "蓝绿占比")
UNNAMED = "未明确"


def ranked_units(roots: pl.DataFrame, shown: int) -> tuple[pl.DataFrame, pl.DataFrame, str]:
    """The first and the last units with what the order rests on; nobody is in both, nobody without fault is last.

    Ordered by the share of blue and green among judged commitments, then by fewer reds, then by more judged.
    """
    rows = _placed(_units(roots))
    front = rows[:shown]
    back = [row for row in rows[len(front) :] if row["黄"] or row["红"]][-shown:][::-1]
    note = "按蓝灯、绿灯占已判定承诺的比例排列；比例相同的，红灯少的在前，再看已判定项数。"
    tied = sum(row["名次"] == front[-1]["名次"] for row in rows[len(front) :]) if front else 0
    note += f"另有 {tied} 个单位与前三末位并列。" if tied else ""
    tied = sum(row["名次"] == back[-1]["名次"] for row in rows if row not in back) if back else 0
    note += f"另有 {tied} 个单位与后三中名次最前的并列。" if tied else ""
    unnamed = roots.filter((pl.col("owner") == UNNAMED) & pl.col("light").is_in(JUDGED)).height
    note += f"责任单位未明确的 {unnamed} 项不参加排列。" if unnamed else ""
    return _frame(front), _frame(back), note if rows else "还没有可以排列的单位。"


def _units(roots: pl.DataFrame) -> list[dict[str, Any]]:
    judged = roots.filter(pl.col("light").is_in(JUDGED) & (pl.col("owner") != UNNAMED))
    counted = judged.group_by("region_name", "owner").agg(
        pl.len().alias("已判定"), *((pl.col("light") == name).sum().alias(name) for name in JUDGED)
    )
    return [row | {"责任单位": unit_label(row["owner"], row["region_name"])} for row in counted.to_dicts()]


def _placed(units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In order, with places; equal ones share theirs."""

    def worth(row: dict[str, Any]) -> tuple[Fraction, int, int]:
        return Fraction(row["蓝"] + row["绿"], row["已判定"]), -row["红"], row["已判定"]

    ordered = sorted(units, key=lambda row: ([-part for part in worth(row)], row["责任单位"]))
    return [row | {"名次": 1 + sum(worth(other) > worth(row) for other in units)} for row in ordered]


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    shares = [row | {"蓝绿占比": share(row["蓝"] + row["绿"], row["已判定"])} for row in rows]
    texts = [{name: str(row[name]) for name in COLUMNS} for row in shares]
    return text_frame(texts, COLUMNS)
