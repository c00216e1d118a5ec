"""督查通报 of a month: what its placeholders hold. Wording and counts are the pages' own, so paper and screen agree.

Not here: how a template is filled (filling.py), and which release and file it is (orchestration/reporting.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from app.app_pages.ledger import sort, with_labels
from app.app_pages.overview import by_plan, changed, headline, latest_reports
from app.context import RunContext
from app.labels import plan_labels
from app.papers import Filling, head, lamp, promise_frame, share, text_frame, unit_label
from app.presenting import month_text, present
from app.queries import commitments, intake
from app.queries.papers import published_before
from app.ranking import ranked_units
from app.vocabulary import LIGHTS
from ingestion.releases import Release

UNMEASURABLE = "无数可考"
SHOWN_IN_RANK = 3


def bulletin(run: RunContext, month: date, of_month: Sequence[Release]) -> Filling:
    """Values and tables of the template. `month` is its first day; `of_month` are the kept releases judged in it."""
    everything = with_labels(commitments.standings(run.release))
    roots = everything.filter(pl.col("is_root"))
    counts = {name: int((roots["light"] == name).sum()) for name in LIGHTS}
    promises = [present(row) for row in sort(roots, "light").to_dicts()]
    red = [promise for promise in promises if promise.light.name == "红"]
    untold = [promise for promise in promises if promise.row["status"] == UNMEASURABLE]
    labels = plan_labels(everything)
    restated = everything.height - roots.height
    front, back, rank_note = ranked_units(roots, SHOWN_IN_RANK)
    changes, change_note = _changes(run, month, of_month, roots)
    reports = latest_reports(intake.coverage(run.release))
    again = f"（另有 {restated} 项重复表述，不重复计）" if restated else ""
    values = head(run, f"{month_text(month)}教育重点工作督查通报") | {
        "月份": month_text(month),
        "总体情况": f"{len(labels)} 份工作要点，{roots.height} 项承诺{again}。{headline(counts)}",
        "红灯概述": f"红灯共 {len(red)} 项，其中逾期 {sum(p.days.startswith('逾期') for p in red)} 项。",
        "排名说明": rank_note,
        "变化概述": change_note,
        "无数可考概述": f"{UNMEASURABLE}的承诺共 {len(untold)} 项，现有报表里没有能衡量它的数据。",
        "报送概述": _intake_note(reports),
    }
    tables = {
        "工作要点": _plans(by_plan(roots, labels), counts, roots.height),
        "前三": front,
        "后三": back,
        "红灯": promise_frame(red),
        "变化": changes,
        UNMEASURABLE: promise_frame(untold),
        "报送": _reports(reports),
    }
    return values, tables


def _plans(plans: Sequence[dict[str, Any]], counts: dict[str, int], total: int) -> pl.DataFrame:
    rows = [*plans, {"label": "合计", "total": total, "counts": counts}]
    texts = [
        {"工作要点": row["label"], "项数": str(row["total"])} | {n: str(row["counts"][n]) for n in LIGHTS}
        for row in rows
    ]
    return text_frame(texts, ("工作要点", "项数", *LIGHTS))


def _changes(
    run: RunContext, month: date, of_month: Sequence[Release], roots: pl.DataFrame
) -> tuple[pl.DataFrame, str]:
    """What differs from the figures last published before the month, with the causes that its releases recorded."""
    names = ("序号", "承诺", "责任单位", "上月", "本月", "原因")
    before = published_before(run.release, month)
    if before.is_empty():
        return text_frame([], names), "此前没有发布过数据，没有可比的上月。"
    now = roots.select("commitment_id", to_light="light", to_value="actual_value")
    moved = (
        before.rename({"light": "from_light", "attained_value": "from_value"})
        .join(now, on="commitment_id")
        .filter(pl.col("from_light") != pl.col("to_light"))
        .join(_causes(of_month), on="commitment_id", how="left")
        .with_columns(pl.col("cause").fill_null("当时的版本已不保留"))
        .sort(pl.col("to_light").replace_strict({n: i for i, n in enumerate(LIGHTS)}), "commitment_id")
    )
    rows = [
        {
            "序号": str(number),
            "承诺": change["promise"].name,
            "责任单位": unit_label(change["promise"].owner, change["promise"].row["region_name"]),
            "上月": lamp(change["before"]),
            "本月": lamp(change["promise"].light),
            "原因": change["why"],
        }
        for number, change in enumerate(changed(moved, roots), 1)
    ]
    last, day = before["release_seq"].max(), before["evaluation_date"].max()
    told = f"{len(rows)} 项承诺的灯发生变化。" if rows else "没有一盏灯发生变化。"
    return text_frame(rows, names), f"与上月最后发布的第{last}版（数据截至 {day}）相比，{told}"


def _causes(of_month: Sequence[Release]) -> pl.DataFrame:
    """commitment_id, cause: of the last change that a release of the month recorded."""
    found = [commitments.light_changes(release).select("commitment_id", "cause") for release in of_month]
    empty = pl.DataFrame(schema={"commitment_id": pl.String, "cause": pl.String})
    return pl.concat([empty, *found]).unique("commitment_id", keep="last", maintain_order=True)


def _reports(reports: Sequence[dict[str, Any]]) -> pl.DataFrame:
    rows = [
        {
            "报表": row["form_name"] or row["form_code"],
            "报告期": row["period"],
            "应报": str(row["expected_count"]),
            "已收": str(row["accepted_count"]),
            "收齐率": share(row["accepted_count"], row["expected_count"]),
            "备注": "，".join(row["notes"]) or "—",
        }
        for row in reports
    ]
    return text_frame(rows, ("报表", "报告期", "应报", "已收", "收齐率", "备注"))


def _intake_note(reports: Sequence[dict[str, Any]]) -> str:
    if not reports:
        return "还没有到期的报表。"
    short = [row for row in reports if row["accepted_count"] < row["expected_count"]]
    rest = f"，{len(short)} 张没有收齐" if short else "，全部收齐"
    return f"最近一期到期的报表 {len(reports)} 张{rest}。"
