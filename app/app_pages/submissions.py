"""学校报送: how complete the reports are, whom to remind, who was late, whose findings are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from app import context
from app.heat import by_form, heatmap
from app.lists import downloads
from app.presenting import period_text
from app.queries import submissions as queries
from app.queries.core import per_release
from app.rendering import link, show
from app.state import parameters_but
from app.vocabulary import SEVERITIES
from ingestion.releases import Release

REPORTERS_SHOWN = 60
ALL = "全部"
# what the reporter is asked to do, by state
TASKS = {
    "未报": "请填报并报送",
    "隔离": "已收到但被隔离：请按问题清单改正后重新报送",
    "空表": "收到的是空表：请填写数据后重新报送；确无数据请填 0 或申请免报",
    "待解锁": "锁定后报送：请教育局解锁",
}
SHAPES = {"full": "●", "late": "●", "most": "▲", "part": "◆", "few": "■"}


def totals(coverage: pl.DataFrame) -> dict[str, int]:
    """Reports due, accepted, late and lacking over all forms shown."""
    names = ("expected_count", "accepted_count", "late_count", "not_due_count", "quarantined_count", "blank_count")
    counts = {name: int(coverage[name].sum() or 0) for name in names}
    return counts | {"due_count": counts["expected_count"] - counts["not_due_count"]}


def by_reporter(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of one reporter as one entry with its `items`, in the order of their first row."""
    made: dict[str | None, dict[str, Any]] = {}
    for row in rows.to_dicts():
        entry = made.setdefault(
            row["reporter_code"], {"name": row["reporter_name"], "region": row["region_name"], "items": []}
        )
        entry["items"].append(row | {"period": _period(row)})
    return list(made.values())


def to_remind(owed: pl.DataFrame) -> list[dict[str, Any]]:
    """Reporters that owe, those owing the most and the longest first."""
    entries = by_reporter(owed)
    for entry in entries:
        entry["overdue"] = max(item["days_overdue"] for item in entry["items"])
        entry["lines"] = _lines(entry["items"])
    return sorted(entries, key=lambda e: (-len(e["items"]), -e["overdue"]))


def _lines(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line a form and state with its periods: 幼儿园统计月报表 未报 2020年8月、9月."""
    lines: dict[tuple[str, str], list[str]] = {}
    for item in items:
        lines.setdefault((item["form_name"] or item["form_code"], item["submission_state"]), []).append(item["period"])
    return [{"form": form, "state": state, "periods": periods} for (form, state), periods in lines.items()]


def late_ones(late: pl.DataFrame) -> list[dict[str, Any]]:
    """Reporters that were late, the most often first."""
    return sorted(by_reporter(late), key=lambda e: -len(e["items"]))


def with_findings(found: pl.DataFrame) -> list[dict[str, Any]]:
    """Reporters with open findings: how many of each severity, and the first of them."""
    entries = by_reporter(found)
    for entry in entries:
        entry["severities"] = [
            (name, count) for name in SEVERITIES if (count := sum(i["severity"] == name for i in entry["items"]))
        ]
        entry["samples"] = entry["items"][: queries.SAMPLES_A_REPORTER]
    return entries


def owed_paper(owed: pl.DataFrame) -> pl.DataFrame:
    """催报名单 with the headings of `duban remind`."""
    rows = [
        (r["region_name"], r["reporter_name"], r["reporter_code"], r["form_name"], _period(r), r["due_date"],
         r["submission_state"], r["days_overdue"], TASKS[r["submission_state"]])
        for r in owed.to_dicts()
    ]  # fmt: skip
    return _paper(rows, "地区 填报单位 单位代码 报表 报告期 应报截止 状态 逾期天数 要做什么")


def late_paper(late: pl.DataFrame) -> pl.DataFrame:
    """The late reports, a row each."""
    rows = [
        (r["region_name"], r["reporter_name"], r["reporter_code"], r["form_name"], _period(r), r["due_date"],
         r["received_date"], r["days_late"])
        for r in late.to_dicts()
    ]  # fmt: skip
    return _paper(rows, "地区 填报单位 单位代码 报表 报告期 应报截止 收到日期 迟报天数")


def findings_paper(found: pl.DataFrame) -> pl.DataFrame:
    """The open findings, a row each with file, sheet, cell and what to do."""
    rows = [
        (r["region_name"], r["reporter_name"], r["reporter_code"], r["form_name"], _period(r), r["severity"],
         r["file_name"], r["sheet_name"], r["cell"], r["message"], r["fix"])
        for r in found.to_dicts()
    ]  # fmt: skip
    return _paper(rows, "地区 填报单位 单位代码 报表 报告期 程度 文件 工作表 单元格 问题 怎么改")


def _paper(rows: list[tuple], headings: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=headings.split(), orient="row", infer_schema_length=None)


def _period(row: dict[str, Any]) -> str:
    day = row["period_start_date"]
    return period_text(day, row["frequency"]) if day else ""


# list → (its query, its entries, its paper)
LISTS: dict[str, tuple[Callable[..., pl.DataFrame], Callable, Callable]] = {
    "催报名单": (queries.owed, to_remind, owed_paper),
    "迟报": (queries.late, late_ones, late_paper),
    "待改问题": (queries.findings, with_findings, findings_paper),
}


@dataclass(frozen=True)
class Listed:
    """One list as the page shows it: its first reporters, how many there are and how many rows they have."""

    entries: list[dict[str, Any]]
    total: int
    items: int


@per_release(max_entries=64)
def listed(release: Release, name: str, form: str, region: str) -> Listed:
    """One of LISTS, made once a release: of a large city it has tens of thousands of rows."""
    query, entries_of, _ = LISTS[name]
    rows = query(release, form, region)
    entries = entries_of(rows)
    return Listed(entries[:REPORTERS_SHOWN], len(entries), rows.height)


def filters(release: Release) -> tuple[str, str, str]:
    """Region code, form code and form name as chosen; '' for all."""
    places = {row["region_name"]: row["region_code"] for row in queries.places(release).to_dicts()}
    named = queries.forms(release, "").select("form_code", "form_name").unique(maintain_order=True).to_dicts()
    forms = {row["form_name"] or row["form_code"]: row["form_code"] for row in named}
    with st.container(horizontal=True):
        place = st.selectbox("地区", [ALL, *places], key="region", bind="query-params", width=240)
        form = st.selectbox("报表", [ALL, *forms], key="form", bind="query-params", width=280)
    return places.get(place or ALL, ""), forms.get(form or ALL, ""), form or ALL


def heat_panel(release: Release, region: str, form: str, name: str) -> None:
    """Forms by months, or the regions of one form by its periods."""
    coverage = queries.forms(release, region)
    if form:
        frequency = next((r["frequency"] for r in coverage.to_dicts() if r["form_code"] == form), None)
        heat = heatmap(queries.regions(release, form, region), frequency)
        rows = [row | {"href": ""} for row in heat["regions"]]
        show("submissions_heat.html", title=f"{name}：各地逐期报送", periods=heat["periods"], rows=rows, shapes=SHAPES)
        return
    heat = by_form(coverage)
    rest = parameters_but("form")
    rows = [row | {"level": "", "href": link("submissions", **rest, form=row["name"])} for row in heat["rows"]]
    show("submissions_heat.html", title="各报表逐期报送", periods=heat["periods"], rows=rows, shapes=SHAPES)


def list_panel(release: Release, region: str, form: str, conditions: str) -> None:
    """One of the three lists with its downloads."""
    first = next(iter(LISTS))
    chosen = st.segmented_control(
        "名单", list(LISTS), key="list", bind="query-params", default=first, required=True, label_visibility="collapsed"
    )
    name = str(chosen or first)
    shown = listed(release, name, form, region)
    show(
        "submissions_list.html",
        name=name,
        entries=shown.entries,
        total=shown.total,
        items=shown.items,
        tasks=TASKS,
    )
    if shown.items:
        query, _, paper = LISTS[name]
        downloads(
            lambda: paper(query(release, form, region)),
            f"学校报送{name}",
            [f"条件：{conditions}　　共 {shown.items} 条"],
        )


def page() -> None:
    run = context.current()
    is_empty = queries.places(run.release).is_empty()
    show("submissions_head.html", is_empty=is_empty)
    if is_empty:
        return
    region, form, form_name = filters(run.release)
    coverage = queries.forms(run.release, region)
    shown = coverage.filter(pl.col("form_code") == form) if form else coverage
    owed = queries.owed(run.release, form, region)
    show(
        "submissions_totals.html",
        totals=totals(shown),
        owed=owed.height,
        reporters=owed["reporter_code"].n_unique(),
        day=run.evaluation_date,
    )
    heat_panel(run.release, region, form, form_name)
    list_panel(run.release, region, form, f"地区 {st.session_state.get('region') or ALL}；报表 {form_name}")


if __name__ == "__main__":
    page()
