"""优质均衡自查: which schools meet the standard, what the others lack, how far schools differ within each region."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.lists import downloads
from app.presenting import amount, month_text
from app.queries import balance as queries
from app.rendering import link, show
from app.state import parameter, parameters_but
from ingestion.releases import Release

SCHOOLS_SHOWN = 100
# state → class of its colour and shape
STATES = {"未达标": "red", "待补报": "gray", "达标": "blue"}


def why(row: dict[str, Any]) -> str:
    """What decides a school, in words."""
    lacking = row["item_count"] - row["measured_count"]
    short = row["measured_count"] - row["met_count"]
    spare = row["item_count"] - row["required_count"]
    if row["below_floor_count"]:
        example = f"，如“{row['lowest_item_name']}”" if row["lowest_item_name"] else ""
        return f"{row['below_floor_count']} 项低于最低要求{example}"
    if row["check_state"] == "未达标":
        return f"{short} 项没有达到标准，最多只能有 {spare} 项"
    if row["check_state"] == "待补报":
        return f"还有 {lacking} 项没有数，报齐后判定"
    return f"{short} 项略低于标准，未低于最低要求" if short else "各项都达到标准"


def counts(schools: pl.DataFrame) -> dict[str, int]:
    """Schools by state, a school once for each stage."""
    return {state: int((schools["check_state"] == state).sum()) for state in STATES}


def grid(items: pl.DataFrame) -> dict[str, Any]:
    """Items as rows, regions as columns: the variation against its limit, and how many schools meet the item."""
    regions: dict[str, dict[str, Any]] = {}
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for item in items.to_dicts():
        regions.setdefault(
            item["region_code"],
            {"code": item["region_code"], "name": item["region_name"], "is_scope": item["is_scope"]},
        )
        row = rows.setdefault(
            (item["set_code"], item["item_no"]),
            {
                "no": item["item_no"],
                "name": item["item_name"],
                "threshold": amount(item["threshold"], item["unit"]),
                "limit": item["variation_limit"],
                "is_confirmed": item["is_confirmed"],
                "cells": {},
            },
        )
        # the warehouse passes a lone school with a variation of zero: true, and nothing to be pleased with
        is_single = item["expected_count"] == 1 and item["counted_count"] == 1
        css = "none" if is_single else STATES.get(item["check_state"], "gray")
        row["cells"][item["region_code"]] = item | {
            "css": css,
            "is_single": is_single,
            "mean": amount(item["mean_value"], item["unit"]),
        }
    return {"regions": list(regions.values()), "rows": list(rows.values())}


def paper(schools: pl.DataFrame) -> pl.DataFrame:
    """The schools as a table to take away, in the words of the page."""
    rows = [
        (r["region_name"], r["school_name"], r["school_code"], r["stage"], r["check_state"], r["met_count"],
         r["required_count"], r["item_count"], r["measured_count"], why(r))
        for r in schools.to_dicts()
    ]  # fmt: skip
    headings = ["地区", "学校", "学校代码", "学段", "结论", "达标项数", "须达标项数", "全部项数", "有数项数", "说明"]
    return pl.DataFrame(rows, schema=headings, orient="row", infer_schema_length=None)


def filters(release: Release) -> dict[str, Any] | None:
    """The region chosen; None where nothing was checked."""
    scopes = {row["region_name"]: row for row in queries.scopes(release).to_dicts()}
    if not scopes:
        return None
    scope = st.selectbox("地区", list(scopes), key="region", bind="query-params", width=240)
    return scopes[scope or next(iter(scopes))]


def stage_of(items: pl.DataFrame) -> str:
    """小学 or 初中, as chosen."""
    stages = items["stage"].unique(maintain_order=True).to_list()
    stage = st.segmented_control(
        "学段", stages, key="stage", bind="query-params", default=stages[0], required=True, label_visibility="collapsed"
    )
    return str(stage or stages[0])


def schools_panel(schools: pl.DataFrame, scope: dict[str, Any], stage: str) -> None:
    """The schools of one stage, those that fail first, by state."""
    chosen = parameter("state")
    rest = parameters_but("state")
    found = schools.filter(pl.col("check_state") == chosen) if chosen else schools
    toggles = [
        {"name": name, "css": STATES[name], "count": count, "on": name == chosen,
         "href": link("balance", **rest, state="" if name == chosen else name)}
        for name, count in counts(schools).items()
    ]  # fmt: skip
    rows = [row | {"why": why(row), "css": STATES[row["check_state"]]} for row in found.head(SCHOOLS_SHOWN).to_dicts()]
    show("balance_schools.html", rows=rows, total=found.height, states=toggles, stage=stage)
    if found.height:
        notes = [f"{scope['region_name']}　　{stage}　　{chosen or '全部'}　　共 {found.height} 所"]
        downloads(lambda: paper(found), "优质均衡自查", notes)


def page() -> None:
    run = context.current()
    show("balance_head.html")
    scope = filters(run.release)
    if scope is None:
        show(
            "panel_note.html",
            heading="优质均衡自查",
            text="没有自查结果：先用 duban config targets 载入一个目标集，确认它的指标卡，再催报办学条件统计表。",
        )
        return
    items = queries.items(run.release, scope["region_code"])
    stage = stage_of(items)
    of_stage = items.filter(pl.col("stage") == stage)
    schools = queries.schools(run.release, scope["region_code"]).filter(pl.col("stage") == stage)
    periods = schools["period_start_date"].drop_nulls()
    newest = periods.max() if len(periods) else None
    show(
        "balance_items.html",
        scope=scope,
        stage=stage,
        counts=counts(schools),
        css=STATES,
        grid=grid(of_stage),
        newest=month_text(newest) if newest else "",  # type: ignore[arg-type]
        unconfirmed=of_stage.filter(~pl.col("is_confirmed"))["item_name"].unique(maintain_order=True).to_list(),
        required=schools["required_count"].max() if schools.height else None,
        total=schools["item_count"].max() if schools.height else None,
    )
    schools_panel(schools, scope, stage)


if __name__ == "__main__":
    page()
