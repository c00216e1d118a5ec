"""Charts: one indicator by month against its target. Labels stand on the lines, so that no legend is needed.

Data stays in the page: nothing here asks a network. Everything else that looks like a chart is HTML (see templates/).
"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

PALETTES = {
    "light": {"line": "#2764c0", "target": "#5a6675", "text": "#1b2430", "halo": "#ffffff"},
    "dark": {"line": "#6d9ff0", "target": "#a3aebb", "text": "#e6eaf0", "halo": "#12161c"},
}
HEIGHT = 220


def trend(
    points: pl.DataFrame, *, target: float | None, target_label: str, value_label: str, theme: str, scale: float = 1.0
) -> alt.LayerChart | alt.FacetChart:
    """Months on x, the indicator on y, the target as a dashed rule; `points` as `queries.evidence.trend` returns them.

    `value_label` is the latest figure as the page shows it elsewhere, so that chart and text never round apart;
    `scale` is how many units one unit of the axis is (see `axis_unit`).
    """
    colours = PALETTES["dark" if theme == "dark" else "light"]
    data = _months(points, scale)
    goal_value = None if target is None else target / scale
    base = alt.Chart(alt.Data(values=data))
    x = alt.X("month:O", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False, ticks=False))
    span = alt.Scale(domain=_domain([row["value"] for row in data], goal_value), nice=True)
    y = alt.Y("value:Q", title=None, scale=span, axis=alt.Axis(tickCount=4))
    tooltip = [
        alt.Tooltip("month:O", title="月份"),
        alt.Tooltip("shown:N", title="数值"),
        alt.Tooltip("sums:N", title="Σ分子 ÷ Σ分母"),
        alt.Tooltip("counted:N", title="已报"),
    ]
    line = base.mark_line(color=colours["line"], strokeWidth=2.5).encode(x=x, y=y)
    dots = base.mark_circle(color=colours["line"], size=46, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    newest = alt.Chart(alt.Data(values=data[-1:]))
    last = newest.mark_text(
        align="right", dy=-12, dx=4, fontSize=13, fontWeight="bold", color=colours["text"], text=value_label
    ).encode(x=x, y=y)
    layers = [line, dots, last]
    if goal_value is not None:
        goal = alt.Chart(alt.Data(values=[{"value": goal_value, "month": data[0]["month"]}]))
        rule = goal.mark_rule(color=colours["target"], strokeDash=[5, 4], strokeWidth=1.5).encode(y=y)
        words = goal.mark_text(
            align="left", dy=-8, fontSize=12, color=colours["target"], text=f"目标 {target_label}"
        ).encode(x=x, y=y)
        layers = [rule, words, *layers]
    return alt.layer(*layers).properties(height=HEIGHT).configure_view(strokeWidth=0)


def axis_unit(unit: str | None, values: list[float]) -> tuple[str, float]:
    """The unit of the axis and how many units one of it is: yuan in 万元 or 亿元 where they are many."""
    largest = max((abs(value) for value in values), default=0)
    if unit == "元" and largest >= 100_000_000:
        return "亿元", 100_000_000
    if unit == "元" and largest >= 100_000:
        return "万元", 10_000
    return unit or "", 1


def _months(points: pl.DataFrame, scale: float) -> list[dict[str, Any]]:
    rows = points.to_dicts()
    several_years = len({row["period_start_date"].year for row in rows}) > 1
    made = []
    for row in rows:
        day, n, d = row["period_start_date"], row["numerator"], row["denominator"]
        made.append({
            "month": f"{day:%y}年{day.month}月" if several_years else f"{day.month}月",
            "value": row["indicator_value"] / scale,
            "shown": f"{row['indicator_value']:,.2f}",
            "sums": "—" if n is None or d is None else f"{n:,.0f} ÷ {d:,.0f}",
            "counted": f"{row['counted_count']}/{row['expected_count']} 家",
        })  # fmt: skip
    return made


def _domain(values: list[float], target: float | None) -> list[float]:
    """A span that holds every point and the target with air around, down to zero only where zero is near."""
    every = [*values, *([] if target is None else [target])]
    low, high = min(every), max(every)
    air = (high - low) * 0.18 or abs(high) * 0.05 or 1.0
    bottom = 0.0 if low >= 0 and low - air < high - low else low - air
    return [bottom, high + air]
