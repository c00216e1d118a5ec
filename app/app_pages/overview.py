"""总览: what is red, who answers for it, on what evidence, what changed, whether the reports are in."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.context import RunContext
from app.labels import plan_labels
from app.presenting import Promise, amount, days_text, period_text, present
from app.queries import commitments, intake
from app.queries.core import per_release
from app.rendering import show
from app.vocabulary import CAUSES, LIGHTS
from ingestion.releases import Release
from ingestion.settings import load_settings

RISKS_SHOWN = 8
RISKS_A_PLAN = 3
ALL = "全部"
OWNERS_SHOWN = 8
CHANGES_SHOWN = 10
URGENCY = {"红": 0, "黄": 1}


@per_release(max_entries=8)
def plans_of(release: Release) -> dict[str, str]:
    """document_id → the name of the plan; shared, so it is not changed in place."""
    return plan_labels(commitments.standings(release))


def top_risks(roots: pl.DataFrame) -> list[Promise]:
    """Red first, then yellow; within a light the longest overdue, then the furthest behind.

    Of several plans none may fill the list: each has its worst three before any has more.
    """
    late = roots.filter(pl.col("light").is_in(list(URGENCY)))
    order = late.with_columns(pl.col("light").replace_strict(URGENCY, return_dtype=pl.Int8).alias("urgency"))
    order = order.sort(["urgency", "days_left", "lag"], descending=[False, False, True], nulls_last=True)
    place = pl.int_range(pl.len()).over("document_id") // RISKS_A_PLAN
    order = order.with_columns(place.alias("round")).sort("round", maintain_order=True).head(RISKS_SHOWN)
    worst = order.sort(["urgency", "days_left", "lag"], descending=[False, False, True], nulls_last=True)
    return [present(row) for row in worst.to_dicts()]


def by_plan(roots: pl.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Counts by light of every plan, in the order of its region."""
    plans = []
    for document_id, label in labels.items():
        lights = roots.filter(pl.col("document_id") == document_id)["light"].fill_null("灰")
        counts = {name: int((lights == name).sum()) for name in LIGHTS}
        plans.append({"label": label, "total": lights.len(), "counts": counts})
    return plans


def by_owner(roots: pl.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Who answers for the most red and yellow lights, region by region."""
    late = roots.filter(pl.col("light").is_in(list(URGENCY))).with_columns(
        pl.col("owner").fill_null("未明确"), pl.col("region_name").fill_null("")
    )
    owners = late.group_by("region_name", "owner").agg(
        (pl.col("light") == "红").sum().alias("red"),
        (pl.col("light") == "黄").sum().alias("yellow"),
        pl.col("days_left").min(),
        pl.col("document_id").unique().alias("documents"),
    )
    order = ["red", "yellow", "days_left", "region_name", "owner"]
    owners = owners.sort(order, descending=[True, True, False, False, False])
    return [_owner(row, labels) for row in owners.head(OWNERS_SHOWN).to_dicts()]


def _owner(row: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    """A section with its bureau in its name needs no region beside it."""
    return {
        "owner": row["owner"],
        "region": "" if "教育局" in row["owner"] else row["region_name"],
        "red": row["red"],
        "yellow": row["yellow"],
        "days": days_text(row["days_left"], is_met=False),
        "plans": sorted(labels[document_id] for document_id in row["documents"]),
    }


def changed(changes: pl.DataFrame, roots: pl.DataFrame) -> list[dict[str, Any]]:
    """Changes of light with what moved them, worst first; restated commitments change with their root only."""
    rows = {row["commitment_id"]: row for row in roots.to_dicts()}
    found = []
    for change in changes.to_dicts():
        row = rows.get(change["commitment_id"])
        if row is None:
            continue
        before, after = change["from_value"], change["to_value"]
        moved = ""
        if before is not None and after is not None and before != after and row["kind"] != "deliverable":
            moved = f"：{amount(round(before, 2), row['unit'])} → {amount(round(after, 2), row['unit'])}"
        found.append({
            "promise": present(row), "before": LIGHTS.get(change["from_light"] or "灰", LIGHTS["灰"]),
            "why": f"{CAUSES.get(change['cause'], change['cause'])}{moved}",
        })  # fmt: skip
    return found


def latest_reports(coverage: pl.DataFrame) -> list[dict[str, Any]]:
    """The latest period of every form whose due date has passed."""
    due = coverage.filter(pl.col("is_due")).sort("period_start_date").group_by("form_code", maintain_order=True).last()
    reports = []
    for row in due.sort("form_name").to_dicts():
        named = (("迟报", "late_count"), ("未报", "missing_count"), ("隔离", "held_count"), ("空表", "blank_count"))
        notes = [f"{word} {row[key]}" for word, key in named if row[key]]
        reports.append(row | {"period": period_text(row["period_start_date"], row["frequency"]), "notes": notes})
    return reports


def headline(counts: dict[str, int]) -> str:
    """The page in one sentence."""
    if counts.get("红"):
        return f"{counts['红']} 项亮红灯，须立即过问。"
    if counts.get("黄"):
        return f"没有红灯，{counts['黄']} 项滞后。"
    return "没有红灯和黄灯。"


def choose_plan(labels: list[str]) -> str | None:
    """The one plan that the page is narrowed to, or None for all."""
    show("overview_head.html")
    if len(labels) < 2:
        return None
    picked = st.pills(
        "工作要点",
        [ALL, *labels],
        key="scope",
        bind="query-params",
        default=ALL,
        required=True,
        label_visibility="collapsed",
    )
    return picked if picked in labels else None


def page() -> None:
    run = context.current()
    everything = commitments.standings(run.release)
    labels = plans_of(run.release)
    chosen = choose_plan(list(labels.values()))
    if chosen:
        labels = {document_id: label for document_id, label in labels.items() if label == chosen}
        everything = everything.filter(pl.col("document_id").is_in(list(labels)))
    roots = everything.filter(pl.col("is_root"))
    counts = {name: int((roots["light"].fill_null("灰") == name).sum()) for name in LIGHTS}
    changes = commitments.light_changes(run.release)
    moved = changed(changes, roots)
    is_first = run.release.sequence == 1
    show(
        "overview.html",
        chosen=chosen,
        total=roots.height,
        restated=everything.height - roots.height,
        counts=counts,
        headline=headline(counts),
        risks=top_risks(roots),
        plans=by_plan(roots, labels),
        owners=by_owner(roots, labels),
        changes=moved[:CHANGES_SHOWN],
        change_total=len(moved),
        no_change="这是第一版，还没有可比的上一版。" if is_first else "与上一版相比，没有一盏灯发生变化。",
        reports=latest_reports(intake.coverage(run.release)),
    )
    bulletin_button(run)


def bulletin_button(run: RunContext) -> None:
    """The 通报 of the month of this release, over all plans."""
    from app import word_papers  # its modules import this one

    paths = load_settings().paths
    st.download_button(
        "下载督查通报 Word", lambda: word_papers.bulletin_paper(paths, run, word_papers.of_the_month(paths, run)),
        f"督查通报_{run.evaluation_date:%Y-%m}_第{run.release.sequence}版.docx", word_papers.WORD, on_click="ignore",
        help="全部工作要点，与 duban report 写出的相同；模板可改",
    )  # fmt: skip


if __name__ == "__main__":
    page()
