"""目标详情, how it goes on: the chart with its downloads, what is still open and whom to remind, revisions."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from app import charts, context
from app.lists import downloads
from app.papers import DEMO_NOTE, text_frame
from app.pictures import NoFont, chinese_font, png
from app.presenting import Promise, amount, cell_address, month_text, period_text, plain
from app.queries import evidence, outlooks
from app.queries.core import identity
from app.rendering import show
from ingestion.releases import Release

REVISIONS_SHOWN = 20
FLOWS = ("count", "money")
NO_FORECAST = {"数据不足": "可比的数据点不足 3 个，不作预测", "已到期": "截止日期已过，不作预测"}
# the two lists of the warehouse, as the page says what they are for
LISTS = {"可定达标": "催这几家，报数足够好即可定为达标", "可定未达": "催这几家，报数足够差即可定为未达"}


def judged_until(promise: Promise) -> date:
    """The last day whose figures count: the deadline, or the evaluation date before it."""
    row = promise.row
    return min(row["deadline_date"] or row["evaluation_date"], row["evaluation_date"])


def shown_trend(promise: Promise, card: dict[str, Any], release: Release) -> charts.Trend | None:
    """What the chart shows of a commitment; None below two months of figures."""
    row = promise.row
    points = evidence.trend(release, card["indicator_code"], row["region_code"], judged_until(promise))
    if points.height < 2:
        return None
    out = outlooks.outlook(release, row["commitment_id"])
    revised = outlooks.revisions(release, card["indicator_code"], row["region_code"], judged_until(promise))
    values = [v for v in (row["target_value"], out.get("forecast_value"), out.get("value_high")) if v is not None]
    unit, scale = charts.axis_unit(card["unit"], [*points["indicator_value"], *values])
    sign = {">=": "≥ ", "<=": "≤ "}.get(row["judged_operator"] or "", "")
    return charts.Trend(
        points, row["target_value"], f"{sign}{amount(row['target_value'], row['unit'])}", promise.actual,
        pace=pace(row), bounds=bounds(out, points), bounds_label=f"未报 {out.get('unreported_count')} 家的影响",
        forecast=forecast(out, points), forecast_label=f"预测 {amount(out.get('forecast_value'), row['unit'])}",
        revised=dict(revised.group_by("period_start_date").agg(pl.col("reporter_code").n_unique()).iter_rows()),
        scale=scale, unit=unit,
    )  # fmt: skip


def pace(row: dict[str, Any]) -> list[tuple[date, float]]:
    """序时进度 of work that adds up over its year: nothing at its beginning, its target at the deadline, and between
    them what the warehouse expected on the evaluation date."""
    until, target, expected = row["deadline_date"], row["target_value"], row["expected_pct"]
    if row["kind"] not in FLOWS or None in (until, target, expected, row["plan_year"]) or until.year < row["plan_year"]:
        return []
    today = row["evaluation_date"].replace(day=1)
    start, end = date(row["plan_year"], 1, 1), until.replace(day=1)
    if not start < today < end:
        return []
    return [(start, 0.0), (today, target * expected / 100), (end, target)]


def bounds(out: dict[str, Any], points: pl.DataFrame) -> tuple[date, float, float] | None:
    """The band of the figure while reports are owed, over the last month shown."""
    if out.get("value_low") is None or out.get("value_high") is None:
        return None
    return points["period_start_date"][-1], out["value_low"], out["value_high"]


def forecast(out: dict[str, Any], points: pl.DataFrame) -> tuple[date, float] | None:
    """The month of the deadline and the value there, within two years of the last figure."""
    day, value, last = out.get("forecast_date"), out.get("forecast_value"), points["period_start_date"][-1]
    if day is None or value is None or not 0 < (day - last).days < 730:
        return None
    return day.replace(day=1), value


def chart(release: Release, promise: Promise, card: dict[str, Any]) -> None:
    """The indicator by month against what it is compared with; as a picture and as data too."""
    shown = shown_trend(promise, card, release)
    if shown is None:
        show("panel_note.html", heading="逐月走势", text="只有不到两个月的数据，画不出走势。")
        return
    months = shown.points["period_start_date"]
    show("chart_head.html", first=months[0], last=months[-1], shown=shown)
    picture = _spec(release, promise.id, st.context.theme.type or "light", shown)
    goal = shown.target_label if shown.target is not None else "未定"
    st.vega_lite_chart(picture, width="stretch", alt=f"{promise.name}逐月走势，最近 {promise.actual}，目标 {goal}")
    with st.container(key="chart-out"):
        _picture_button(shown, promise)
        downloads(lambda: data_paper(shown, promise), f"{promise.name}逐月走势", [f"目标 {goal}"], "走势数据")


@st.cache_data(show_spinner=False, max_entries=64, hash_funcs={Release: identity})  # a copy: it is drawn in place
def _spec(release: Release, commitment_id: str, theme: str, _shown: charts.Trend) -> dict[str, Any]:  # noqa: ARG001
    """The chart of one commitment, checked and written out once: that costs more than the rest of its page."""
    return charts.trend(_shown, theme).to_dict()


def _picture_button(shown: charts.Trend, promise: Promise) -> None:
    """The chart as PNG in the light scheme; where the machine cannot write Chinese, that."""
    run = context.current()
    title = f"{promise.name}逐月走势"
    basis = f"{run.bureau_name}　　第{run.release.sequence}版，数据截至 {run.evaluation_date}"
    lines = [f"单位：{shown.unit}　　{basis}", *([DEMO_NOTE] if run.is_demo else [])]
    try:
        chinese_font()
    except NoFont as error:
        st.caption(str(error))
        return
    name = re.sub(r"[\\/:*?\"<>|\s]+", "_", f"{title}_第{run.release.sequence}版.png")
    drawn = lambda: png(charts.trend(shown, "light").to_dict(), title, lines)  # noqa: E731 - drawn where asked for
    st.download_button("下载图片", drawn, name, "image/png", on_click="ignore")


def data_paper(shown: charts.Trend, promise: Promise) -> pl.DataFrame:
    """The points of the chart, a row a month."""
    rows = [
        {
            "月份": month_text(r["period_start_date"]),
            "数值": r["indicator_value"],
            "单位": promise.row["unit"],
            "分子": r["numerator"],
            "分母": r["denominator"],
            "已报": r["counted_count"],
            "应报": r["expected_count"],
            "目标": promise.row["target_value"],
            "修订单位数": shown.revised.get(r["period_start_date"], 0),
        }
        for r in shown.points.to_dicts()
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def outlook(release: Release, promise: Promise, card: dict[str, Any]) -> None:
    """The verdict, what is still open, where it is heading, and the two lists that decide it."""
    out = outlooks.outlook(release, promise.id)
    if not out:
        return
    unit = promise.row["unit"]
    rows = outlooks.deciding(release, promise.id).to_dicts()
    lists = {name: [r | {"last": _last(r, card)} for r in rows if r["list_name"] == name] for name in LISTS}
    owing = [] if rows else outlooks.unreported(release, promise.id).to_dicts()
    said = (out["deciding_text"] or "").removeprefix(f"{out['verdict_text']}，")
    high = amount(out["value_high"], unit) if out["value_high"] is not None else "无上界"
    show(
        "outlook.html", out=out, unit=unit, lists=lists, purposes=LISTS, is_settled=not rows, said=said,
        owing=[r | {"last": _last(r, card)} for r in owing],
        band=f"{amount(out['value_low'], unit)} 至 {high}",
        no_forecast=NO_FORECAST.get(out["method"] or "", ""),
        forecast=amount(out["forecast_value"], unit),
    )  # fmt: skip
    if rows:
        notes = [f"承诺：{promise.name}　　{out['verdict_text']}"]
        downloads(lambda: deciding_paper(rows, card), "催报名单", notes, "催报名单")


def _last(row: dict[str, Any], card: dict[str, Any]) -> str:
    """What the unit reported last, which bounds what it owes; 没有以往数据 where nothing does."""
    if row["numerator"] is None:
        return "没有以往数据"
    figure = plain(row["numerator"]) + (f" ÷ {plain(row['denominator'])}" if row["denominator"] is not None else "")
    return (
        f"{period_text(row['period_start_date'], card['frequency'])} {figure}" if row["period_start_date"] else figure
    )


def deciding_paper(rows: list[dict[str, Any]], card: dict[str, Any]) -> pl.DataFrame:
    """Both lists as a table to take away."""
    texts = [
        {
            "名单": r["list_name"],
            "次序": str(r["rank_no"]),
            "单位": r["reporter_name"],
            "单位代码": r["reporter_code"],
            "地区": r["region_name"] or "",
            "报表": card["form_name"] or "",
            "以往报数": _last(r, card),
        }
        for r in rows
    ]
    return text_frame(texts, ("名单", "次序", "单位", "单位代码", "地区", "报表", "以往报数"))


def revisions(release: Release, promise: Promise, card: dict[str, Any]) -> None:
    """Cells that a later attempt changed; nothing where none did."""
    found = outlooks.revisions(release, card["indicator_code"], promise.row["region_code"], judged_until(promise))
    rows = [
        r | {"cell": cell_address(r["row_no"], r["column_no"]),
             "period": period_text(r["period_start_date"], card["frequency"])}
        for r in found.head(REVISIONS_SHOWN).to_dicts()
    ]  # fmt: skip
    if rows:
        show("revisions.html", rows=rows, total=found.height)
