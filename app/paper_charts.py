"""Charts of the Word papers, drawn from the very rows that the table beside them prints.

Not here: how a chart becomes a picture (pictures.py), where it stands in the paper (the template).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import altair as alt
import polars as pl

from app.pictures import NoFont, png
from app.vocabulary import LIGHTS

COLOURS = {"红": "#b3261e", "黄": "#a86e00", "绿": "#1c8467", "蓝": "#2764c0", "灰": "#5f6b7a"}
Chart = alt.LayerChart | alt.FacetChart
BAR = 26
TOTAL = "合计"


def pictures(tables: Mapping[str, pl.DataFrame]) -> dict[str, bytes | str]:
    """Name of a table → its chart as PNG, or why there is none. Tables without a chart are left out."""
    return {name: _drawn(draw, tables[name]) for name, draw in CHARTS.items() if name in tables}


def _drawn(draw: Callable[[pl.DataFrame], tuple[Chart, str]], table: pl.DataFrame) -> bytes | str:
    if table.is_empty():
        return "没有可以画的数"
    chart, title = draw(table)
    try:
        return png(chart.to_dict(), title, [])
    except NoFont as error:
        return str(error)


def lights(table: pl.DataFrame) -> tuple[Chart, str]:
    """Lights by plan, a stacked bar each: the figures of 工作要点 without its sum."""
    plans = [row for row in table.to_dicts() if row["工作要点"] != TOTAL]
    rows, names = [], [row["工作要点"] for row in plans]
    for row in plans:
        start = 0
        for light in LIGHTS.values():
            count = int(row[light.name])
            rows.append({
                "名": row["工作要点"], "灯": light.name, "起": start, "止": start + count, "中": start + count / 2,
                "字": f"{light.shape}{count}" if count else "",
            })  # fmt: skip
            start += count
    base = alt.Chart(alt.Data(values=rows)).encode(y=_names(names))
    colour = alt.Color("灯:N", legend=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())))
    x = alt.X("起:Q", title="项", axis=alt.Axis(tickMinStep=1, grid=False))
    bars = base.mark_bar(size=BAR - 8).encode(x=x, x2="止:Q", color=colour)
    words = base.mark_text(color="white", fontSize=11).encode(x="中:Q", text="字:N")
    legend = "　".join(f"{light.shape} {name}" for name, light in LIGHTS.items())
    return _sized(alt.layer(bars, words), len(names)), f"各工作要点亮灯（{legend}）"


def completeness(table: pl.DataFrame) -> tuple[Chart, str]:
    """Share of reports accepted by form, as 报送 prints it."""
    rows = [
        {"名": f"{row['报表']} {row['报告期']}", "率": float(row["收齐率"].rstrip("%")),
         "字": f"{row['收齐率']}（{row['已收']}/{row['应报']}）"}
        for row in table.to_dicts()
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(y=_names([row["名"] for row in rows]))
    axis = alt.Axis(values=[0, 25, 50, 75, 100], grid=False)
    x = alt.X("率:Q", title="%", scale=alt.Scale(domain=[0, 125]), axis=axis)
    bars = base.mark_bar(size=BAR - 8, color=COLOURS["蓝"]).encode(x=x)
    words = base.mark_text(align="left", dx=6, fontSize=12).encode(x=x, text="字:N")
    return _sized(alt.layer(bars, words), len(rows)), "最近一期报表收齐率"


def _names(names: list[str]) -> alt.Y:
    return alt.Y(
        "名:N", sort=names, title=None, axis=alt.Axis(labelLimit=280, ticks=False, domain=False, labelFontSize=12)
    )


def _sized(chart: Chart, bars: int) -> Chart:
    return chart.properties(height=BAR * max(bars, 1)).configure_view(strokeWidth=0)


CHARTS = {"工作要点": lights, "报送": completeness}
