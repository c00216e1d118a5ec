"""区域对比: indicators by region against their targets, and one of them ranked, with the month and the year before."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.lists import downloads
from app.presenting import amount, month_text, plain
from app.queries import regions as queries
from app.rendering import link, show
from app.state import parameter, parameters_but
from app.vocabulary import LIGHTS, OPERATORS
from ingestion.releases import Release

DIRECTIONS = {"higher": "越高越好", "lower": "越低越好"}
NO_FIGURE = "不可比"


def cell(row: dict[str, Any], *, is_latest: bool) -> dict[str, Any]:
    """One region of one indicator: figure, colour with its word, what it is held against.

    A light where the region has a target of its own and the month is the one it was judged for; reached or not where
    only the region above has one.
    """
    figure = amount(row["indicator_value"], row["unit"], 1)
    target = f"{OPERATORS.get(row['operator'] or '', '')}{amount(row['target_value'], row['unit'])}"
    if row["commitment_id"] and not is_latest:
        look = ("none", "", f"本级目标 {target}")
    elif row["commitment_id"] and row["light"]:
        light = LIGHTS.get(row["light"], LIGHTS["灰"])
        look = (light.css, f"{light.name} {row['status'] or light.word}", f"本级目标 {target}")
    elif row["indicator_value"] is None:
        look = ("none", "无数据", "")
    elif row["is_reached_above"] is None:
        look = ("none", "", "本级没有目标")
    elif row["is_reached_above"]:
        look = ("above-met", "达到上级目标", f"上级目标 {target}")
    else:
        look = ("above-under", f"差 {_points(row['gap_above'], row['unit'])}", f"上级目标 {target}")
    css, word, held = look
    return row | {"figure": figure, "css": css, "word": word, "held": held}


def grid(frame: pl.DataFrame, *, is_latest: bool = True) -> dict[str, Any]:
    """Indicators as rows, regions as columns; the scope itself stands first."""
    regions: dict[str, dict[str, Any]] = {}
    indicators: dict[str, dict[str, Any]] = {}
    for row in frame.to_dicts():
        regions.setdefault(
            row["region_code"], {"code": row["region_code"], "name": row["region_name"], "is_scope": row["is_scope"]}
        )
        entry = indicators.setdefault(
            row["indicator_code"],
            {
                "code": row["indicator_code"],
                "name": row["indicator_name"],
                "direction": DIRECTIONS.get(row["direction"], ""),
                "is_confirmed": row["is_confirmed"],
                "cells": {},
            },
        )
        entry["cells"][row["region_code"]] = cell(row, is_latest=is_latest)
    rows = sorted(indicators.values(), key=lambda i: (_urgency(i["cells"]), i["name"]))
    for row in rows:
        row["below"] = sum(c["indicator_value"] is not None and not c["is_scope"] for c in row["cells"].values())
    return {
        "regions": list(regions.values()),
        "indicators": [row for row in rows if row["below"]],
        "alone": [c for row in rows if not row["below"] for c in row["cells"].values() if c["is_scope"]],
    }


def _urgency(cells: dict[str, dict[str, Any]]) -> int:
    """The gravest light of an indicator in the order of the lights; after them those without one."""
    order = list(LIGHTS)
    return min((order.index(c["light"]) for c in cells.values() if c["light"] in order), default=len(order))


def _points(value: float, unit: str | None) -> str:
    """A difference: of percentages in 个百分点, of anything else in its unit."""
    return amount(value, "百分点" if unit == "%" else unit)


def change(value: float | None, unit: str | None, direction: str | None) -> dict[str, str]:
    """A difference with its arrow and whether it is for the better: ▲ 升 1.2 个百分点."""
    if value is None:
        return {"text": NO_FIGURE, "css": "gray", "shape": "○"}
    # the figures are shown to two decimals; a smaller difference is none on the page
    if abs(value) < 0.005:
        return {"text": "持平", "css": "gray", "shape": "＝"}
    is_up = value > 0
    is_better = is_up == (direction != "lower")
    word = "升" if is_up else "降"
    return {
        "text": f"{word} {_points(abs(value), unit)}",
        "css": "green" if is_better else "yellow",
        "shape": "▲" if is_up else "▼",
    }


def ranked(frame: pl.DataFrame, month: date) -> list[dict[str, Any]]:
    """The ranking in words: place with 并列, figure, 环比 and 同比 with what is lacking for them."""
    rows = []
    most = max((abs(v) for v in frame["indicator_value"].drop_nulls()), default=0) or 1
    before, last_year = bases(month)
    for row in frame.to_dicts():
        value, unit, direction = row["indicator_value"], row["unit"], row["direction"]
        is_stale = row["latest_period_date"] == row["before_latest_date"] and row["before_value"] is not None
        rows.append(
            row
            | {
                "figure": amount(value, unit),
                "share": 0 if value is None else max(0.0, 100 * value / most),
                "is_tied": (row["tie_count"] or 0) > 1,
                "sums": "" if not row["denominator"] else f"{plain(row['numerator'])} ÷ {plain(row['denominator'])}",
                "is_stale": is_stale,
                "before": {"text": "没有新报数", "css": "gray", "shape": "○"}
                if is_stale
                else change(row["before_change"], unit, direction),
                "before_why": ""
                if row["before_value"] is not None or value is None
                else f"没有{month_text(before)}的数",
                "last_year": change(row["last_year_change"], unit, direction),
                "last_year_why": ""
                if row["last_year_value"] is not None or value is None
                else f"没有{month_text(last_year)}的数",
            }
        )
    return rows


def bases(month: date) -> tuple[date, date]:
    """The months compared with: the one before, and the same of the year before."""
    before = date(month.year - 1, 12, 1) if month.month == 1 else date(month.year, month.month - 1, 1)
    return before, date(month.year - 1, month.month, 1)


def newest_period(rows: list[dict[str, Any]], month: date) -> dict[str, Any] | None:
    """The month the figures were last reported for and its address, where none is newer than the month before."""
    if not rows or not all(row["is_stale"] for row in rows):
        return None
    newest = max(row["latest_period_date"] for row in rows).replace(day=1)
    if newest >= month:
        return None
    return {"month": newest, "href": link("regions", **parameters_but("month"), month=month_text(newest))}


def paper(rows: list[dict[str, Any]], month: date) -> pl.DataFrame:
    """The ranking as a table to take away; differences as the page says them."""
    before, last_year = bases(month)
    made = [
        {
            "名次": row["place"],
            "并列": "并列" if row["is_tied"] else "",
            "地区": row["region_name"],
            "数值": row["indicator_value"],
            "单位": row["unit"],
            f"环比（比{month_text(before)}）": row["before"]["text"],
            f"同比（比{month_text(last_year)}）": row["last_year"]["text"],
            "已报": row["counted_count"],
            "应报": row["expected_count"],
        }
        for row in rows
    ]
    return pl.DataFrame(made, infer_schema_length=None)


def filters(release: Release) -> tuple[dict[str, Any], date] | None:
    """The region whose parts are compared, and the month; None where there is nothing to compare."""
    scopes = {row["region_name"]: row for row in queries.scopes(release).to_dicts()}
    months = {month_text(day): day for day in queries.months(release)}
    if not scopes or not months:
        return None
    with st.container(horizontal=True):
        scope = st.selectbox("比较哪里的下级", list(scopes), key="region", bind="query-params", width=220)
        month = st.selectbox("截至", list(months), key="month", bind="query-params", width=160)
    return scopes[scope or next(iter(scopes))], months[month or next(iter(months))]


def heat_panel(release: Release, scope: dict[str, Any], month: date) -> str:
    """Indicators by regions; returns the first indicator with figures, '' for none."""
    is_latest = month == queries.months(release)[0]
    made = grid(queries.cells(release, scope["region_code"], month), is_latest=is_latest)
    rest = parameters_but("indicator")
    for row in made["indicators"]:
        row["href"] = link("regions", **rest, indicator=row["name"])
    show("regions_heat.html", scope=scope, month=month, grid=made, is_latest=is_latest)
    return made["indicators"][0]["name"] if made["indicators"] else ""


def ranking_panel(release: Release, scope: dict[str, Any], month: date, first: str) -> None:
    """One indicator over the regions, ranked."""
    named = {r["indicator_name"]: r["indicator_code"] for r in
             queries.indicators(release, scope["region_code"], month).to_dicts()}  # fmt: skip
    if not named:
        show("panel_note.html", heading="排名", text=f"{scope['region_name']}的下级没有{month_text(month)}的指标数。")
        return
    if parameter("indicator") not in named and first in named:
        st.session_state.setdefault("indicator", first)
    name = st.selectbox("指标", list(named), key="indicator", bind="query-params", width=420)
    name = name or next(iter(named))
    rows = ranked(queries.ranking(release, named[name], scope["region_code"], month), month)
    before, last_year = bases(month)
    direction = DIRECTIONS.get(rows[0]["direction"], "") if rows else ""
    show(
        "regions_ranking.html", name=name, rows=rows, direction=direction, month=month, before=before,
        last_year=last_year, newer=newest_period(rows, month),
    )  # fmt: skip
    notes = [f"{scope['region_name']}各地　　截至 {month_text(month)}　　{direction}，数值相同的并列"]
    downloads(lambda: paper(rows, month), f"{name}排名", notes)


def page() -> None:
    run = context.current()
    show("regions_head.html")
    chosen = filters(run.release)
    if chosen is None:
        show(
            "panel_note.html", heading="区域对比", text="没有可比的数：上级地区之下还没有报数入库。请先核对“学校报送”。"
        )
        return
    scope, month = chosen
    first = heat_panel(run.release, scope, month)
    ranking_panel(run.release, scope, month, first)


if __name__ == "__main__":
    page()
