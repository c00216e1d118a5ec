"""绩效考评: what each unit scores among its peers, where it lost points, and whom the rules warn."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.acting import tell
from app.app_parts import appeal_acts
from app.lists import downloads
from app.papers import text_frame
from app.presenting import plain
from app.queries import assessments as queries
from app.rendering import link, show
from ingestion.releases import Release

WARNINGS_SHOWN = 60
# rule → how the page calls it
RULES = {
    "red_commitments": "红灯偏多",
    "missing_reports": "连续不报",
    "late_reports": "屡次迟报",
    "held_reports": "隔离不改",
}
FULL = 100.0


def losses(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Where the points of a unit went: those of its lights, those of reports owed and late; none where not scored."""
    if row["light_score"] is None:
        return []
    parts = []
    if (lost := FULL - row["light_score"]) > 0:
        red = f"，红灯 {row['red_count']} 项" if row["red_count"] else ""
        parts.append({"points": plain(lost, 1), "why": f"承诺未全部完成：{row['scored_count']} 项计分{red}"})
    if row["deduction"] > 0:
        owed = [f"未报 {row['missing_count']} 份"] if row["missing_count"] else []
        late = [f"迟报 {row['late_count']} 份"] if row["late_count"] else []
        parts.append({"points": plain(row["deduction"], 1), "why": "、".join([*owed, *late]) or "报送"})
    return parts


def appealed(row: dict[str, Any]) -> str:
    """How the appeals of a unit stand: 待裁定 1、采纳 2."""
    counts = {"待裁定": row["pending_appeal_count"], "采纳": row["accepted_appeal_count"],
              "驳回": row["rejected_appeal_count"]}  # fmt: skip
    return "、".join(f"{word} {count}" for word, count in counts.items() if count)


def scored(frame: pl.DataFrame, warned: pl.DataFrame) -> list[dict[str, Any]]:
    """Units with their words; those that nothing can be scored of come last."""
    cards: dict[str, list[str]] = {}
    for row in warned.to_dicts():
        cards.setdefault(row["subject_code"], []).append(row["warning_text"])
    return [
        row
        | {
            "figure": "—" if row["score"] is None else plain(row["score"], 1),
            "width": max(0.0, min(row["score"] or 0.0, FULL)),
            "losses": losses(row),
            "warnings": cards.get(row["unit_code"], []),
            "appeals": appealed(row),
            "is_tied": (row["tie_count"] or 0) > 1,
            "href": link("ledger", owner=row["unit_name"]),
        }
        for row in frame.to_dicts()
    ]


def paper(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The scores as a table to take away, in the words of the page."""
    made = [
        {
            "名次": row["peer_rank"],
            "并列": "并列" if row["is_tied"] else "",
            "单位": row["unit_name"],
            "地区": row["region_name"],
            "得分": row["score"],
            "承诺得分": row["light_score"],
            "报送扣分": row["deduction"],
            "申诉前得分": row["score_before_appeal"],
            "申诉": row["appeals"],
            "承诺数": row["commitment_count"],
            "计分承诺数": row["scored_count"],
            "红灯": row["red_count"],
            "未报": row["missing_count"],
            "迟报": row["late_count"],
            "失分在": "；".join(f"-{part['points']} {part['why']}" for part in row["losses"]),
            "黄牌": "；".join(row["warnings"]),
        }
        for row in rows
    ]
    return pl.DataFrame(made, infer_schema_length=None)


def warnings_paper(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The warnings as a table to take away, as chosen on the page."""
    texts = [
        {
            "对象": row["subject_name"] or row["subject_code"],
            "代码": row["subject_code"],
            "地区": row["region_name"] or "",
            "规则": row["rule"],
            "等级": row["warning_level"],
            "说明": row["warning_text"],
        }
        for row in rows
    ]
    return text_frame(texts, ("对象", "代码", "地区", "规则", "等级", "说明"))


def filters(frame: pl.DataFrame) -> tuple[int, str]:
    """Year and peer group: scores are ranked within one of each."""
    years = {f"{year} 年度": year for year in frame["plan_year"].unique().sort(descending=True).to_list()}
    with st.container(horizontal=True):
        year = st.selectbox("计划年度", list(years), key="year", bind="query-params", width=160)
        within = frame.filter(pl.col("plan_year") == years[year or next(iter(years))])
        groups = within["peer_group"].unique().sort().to_list()
        group = st.selectbox("考评组别", groups, key="group", bind="query-params", width=200)
    return years[year or next(iter(years))], group or groups[0]


def warnings_panel(release: Release) -> None:
    """Who is warned by which rule, units and schools."""
    frame = queries.warnings(release)
    present = frame["rule_code"].unique().to_list()
    names = {word: rule for rule, word in RULES.items() if rule in present}
    chosen = None
    if names:
        chosen = st.pills("黄牌预警规则", list(names), key="rule", bind="query-params", label_visibility="collapsed")
    shown = frame.filter(pl.col("rule_code") == names[chosen]) if chosen in names else frame
    rows = [row | {"rule": RULES.get(row["rule_code"], row["rule_code"])} for row in shown.to_dicts()]
    show("assessments_warnings.html", rows=rows[:WARNINGS_SHOWN], total=len(rows))
    if rows:
        downloads(
            lambda: warnings_paper(rows), "黄牌预警", [f"规则：{chosen or '全部'}　　共 {len(rows)} 条"], "黄牌预警"
        )


def page() -> None:
    run = context.current()
    frame = queries.assessments(run.release)
    show("assessments_head.html")
    if frame.is_empty():
        show(
            "panel_note.html",
            heading="绩效考评",
            text="没有可以考评的单位：承诺还没有落到责任单位。请在“复核”里核对责任单位，并在单位名册登记。",
        )
    else:
        year, group = filters(frame)
        of_group = frame.filter((pl.col("plan_year") == year) & (pl.col("peer_group") == group))
        rows = scored(of_group, queries.warnings(run.release))
        show("assessments_table.html", rows=rows, year=year, group=group)
        notes = [f"{year} 年度　　{group}　　同组排名，同分并列"]
        downloads(lambda: paper(rows), "绩效考评", notes)
        units = of_group["unit_code"].to_list()
        costs = queries.deductions(run.release)
        tell()
        appeal_acts.panel(costs.filter((pl.col("plan_year") == year) & pl.col("unit_code").is_in(units)))
    warnings_panel(run.release)


if __name__ == "__main__":
    page()
