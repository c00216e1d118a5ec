"""How one commitment reads: its short name, target, standing, days, evidence. Text for people, from one row.

Here: wording and rounding for display; what the warehouse rounded is never rounded again. Not here: HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.vocabulary import KINDS, LIGHTS, OPERATORS, Light

_GAP = re.compile(r"差(\d+(?:\.\d+)?)(.*)")
# The column of deadlines says it already.
_OVERDUE = re.compile(r"截止\d{4}-\d{2}-\d{2}未完成；?")
_BUREAU = re.compile(r"^.*教育局(?=.)")
PERIOD_NAMES = {"学期": "term", "term": "term", "年": "year", "year": "year", "学年": "year"}


@dataclass(frozen=True)
class Promise:
    """One commitment as a page shows it; `row` is the row of `standings` it was made from."""

    row: dict[str, Any]
    light: Light
    name: str
    kind: str
    target: str
    actual: str
    days: str
    gap: str
    why: str
    judged: str
    evidence: str
    owner: str
    progress_pct: float | None
    expected_pct: float | None

    @property
    def owner_short(self) -> str:
        """The section alone, for where its region stands beside it: 人事科."""
        return _BUREAU.sub("", self.owner)

    @property
    def id(self) -> str:
        return self.row["commitment_id"]


def present(row: dict[str, Any]) -> Promise:
    """The words for one row of `standings`."""
    progress = row["progress_pct"]
    expected = row["expected_pct"]
    return Promise(
        row=row,
        light=LIGHTS.get(row["light"] or "灰", LIGHTS["灰"]),
        name=short_name(row),
        kind=KINDS.get(row["kind"]) or str(row["kind"]),
        target=target_text(row),
        actual=actual_text(row),
        days=days_text(row["days_left"], is_met=row["light"] == "蓝"),
        gap=gap_text(row),
        why=why_text(row),
        judged=judged_text(row),
        evidence=evidence_text(row),
        owner=row["owner"] or "未明确",
        progress_pct=None if progress is None else max(0.0, min(progress, 100.0)),
        expected_pct=None if expected is None else max(0.0, min(expected, 100.0)),
    )


def short_name(row: dict[str, Any]) -> str:
    """What the commitment is about in a few words: output, indicator, projects, else its sentence."""
    if row["kind"] == "deliverable" and row["output"]:
        return row["output"]
    if row["kind"] == "milestone" and row["first_project"]:
        more = f"等 {row['project_count']} 个项目" if (row["project_count"] or 0) > 1 else ""
        return f"{row['milestone'] or ''} {row['first_project']}{more}".strip()
    return clip(row["indicator_name"] or row["indicator"] or row["quote"], 40)


def target_text(row: dict[str, Any]) -> str:
    """What was promised: ≥ 60%, 增加 1,200 个, 6.8 亿元, 建成 3 所, 办结."""
    if row["kind"] == "deliverable":
        return "办结"
    if row["kind"] == "milestone":
        count = max(row["stated_count"] or 0, row["project_count"] or 0)
        return f"{row['milestone'] or '完成'} {count or '若干'} 所"
    if row["stated_value"] is None:
        return row["number_text"] or "未写明"
    operator = OPERATORS.get(row["operator"], "")
    figure = amount(row["stated_value"], row["stated_unit"])
    if row["operator"] == "range" and row["stated_high_value"] is not None:
        return f"{plain(row['stated_value'])}–{amount(row['stated_high_value'], row['stated_unit'])}"
    return f"{operator}{figure}"


def judged_text(row: dict[str, Any]) -> str:
    """The figure that is really compared, where the plan's words name another: ≤ 54.74%（基数 55.74%）."""
    is_change = row["operator"] in ("increase", "decrease") and row["baseline_value"] is not None
    is_translated = (row["unit"] or "") != (row["stated_unit"] or "")
    if row["target_value"] is None or row["stated_value"] is None or not (is_change or is_translated):
        return ""
    sign = OPERATORS.get(row["judged_operator"] or "", "")
    base = f"（基数 {amount(row['baseline_value'], row['unit'])}）" if is_change else ""
    return f"{sign}{amount(row['target_value'], row['unit'])}{base}"


def actual_text(row: dict[str, Any]) -> str:
    """Where it stands; — where nothing is known. The warehouse's own rounding is kept."""
    if row["display_value"] is None:
        return "—"
    if row["kind"] == "deliverable":
        return "已办结" if row["is_met"] else "未办结" if row["counted_count"] else "—"
    if row["kind"] == "milestone":
        return f"已达 {row['display_value']} 所"
    if row["unit"] == "元" and abs(row["actual_value"] or 0) >= 10_000:
        short = amount(row["actual_value"], "元")
        # never rounded onto the target it misses
        is_rounded_onto_target = short == amount(row["target_value"], "元") and not row["is_met"]
        return f"{row['actual_value']:,.0f} 元" if is_rounded_onto_target else short
    whole, _, rest = row["display_value"].partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{sign}{int(digits):,}" if digits.isdigit() else whole
    return with_unit(f"{grouped}.{rest}" if rest else grouped, row["unit"])


def amount(value: float | None, unit: str | None, places: int = 2) -> str:
    """A figure with its unit; yuan in 万元 or 亿元 where that is how people say it; — for nothing."""
    if value is None:
        return "—"
    if unit == "元" and abs(value) >= 100_000_000:
        return f"{plain(value / 100_000_000, places)} 亿元"
    if unit == "元" and abs(value) >= 10_000:
        return f"{plain(value / 10_000, places)} 万元"
    return with_unit(plain(value, places), unit)


def with_unit(figure: str, unit: str | None) -> str:
    if unit in ("%", None, ""):
        return f"{figure}{unit or ''}"
    return f"{figure} {'个百分点' if unit == '百分点' else unit}"


def plain(value: float | None, places: int = 4) -> str:
    """A figure with thousands separators, at most `places` decimals and no superfluous zeros."""
    if value is None:
        return "—"
    shown = f"{value:,.{places}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def days_text(days_left: int | None, *, is_met: bool) -> str:
    """How long is left; nothing is overdue once it is met."""
    if days_left is None:
        return "未定期限"
    if is_met:
        return "已完成"
    if days_left < 0:
        return f"逾期 {-days_left} 天"
    return "今天到期" if days_left == 0 else f"剩 {days_left} 天"


def gap_text(row: dict[str, Any]) -> str:
    """差 1 所, 差 0.04 个百分点; a gap in yuan as people say yuan, none where the thing is either done or not."""
    found = _GAP.fullmatch(row["edge_note"] or "")
    if row["kind"] == "deliverable" or found is None:
        return ""
    return f"差 {amount(float(found[1]), found[2])}"


def why_text(row: dict[str, Any]) -> str:
    """The warehouse's reason without what stands beside it anyway."""
    return _OVERDUE.sub("", row["reason"] or "")


def evidence_text(row: dict[str, Any]) -> str:
    """What the figure rests on in one line: sums, form, period, how many reported of how many."""
    if row["actual_value"] is None:
        return ""
    parts = []
    if row["denominator"] is not None:
        parts.append(f"{plain(row['numerator'])} ÷ {plain(row['denominator'])}")
    if row["form_name"]:
        parts.append(row["form_name"])
    elif row["kind"] == "milestone":
        parts.append("项目进度表")
    elif row["kind"] == "deliverable":
        parts.append("工作台账")
    if row["period_start_date"]:
        parts.append(period_text(row["period_start_date"], row["frequency"]))
    if row["source_form"] and row["expected_count"] and (row["counted_count"] or 0) < row["expected_count"]:
        parts.append(f"{row['counted_count']}/{row['expected_count']} 家已报")
    return " · ".join(parts)


def month_text(day: date) -> str:
    return f"{day.year}年{day.month}月"


def period_text(day: date, frequency: str | None) -> str:
    """A period by its first day: 2020年9月, 2020年秋季学期, 2020年."""
    kind = PERIOD_NAMES.get(frequency or "", "month")
    if kind == "term":
        return f"{day.year}年{'春季' if day.month < 8 else '秋季'}学期"
    return f"{day.year}年" if kind == "year" else month_text(day)


def cell_address(row_no: int | None, column_no: int | None) -> str:
    """A1 of a cell by numbers from 1; '' where unknown."""
    if not row_no or not column_no:
        return ""
    letters = ""
    while column_no > 0:
        column_no, rest = divmod(column_no - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row_no}"


def clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
