"""Charts: one indicator by month against its target. Labels stand on the lines, so that no legend is needed.

Data stays in the page: nothing here asks a network. Everything else that looks like a chart is HTML (see templates/).
"""

from __future__ import annotations

import altair as alt
import polars as pl

PALETTES = {
    "light": {"line": "#2764c0", "target": "#5a6675", "text": "#1b2430", "halo": "#ffffff"},
    "dark": {"line": "#6d9ff0", "target": "#a3aebb", "text": "#e6eaf0", "halo": "#12161c"},
}
HEIGHT = 220


def trend(
    points: pl.DataFrame, *, target: float | None, target_label: str, value_label: str, theme: str
) -> alt.LayerChart:
    """Months on x, the indicator on y, the target as a dashed rule; `points` as `queries.evidence.trend` returns them.

    `value_label` is the latest figure as the page shows it elsewhere, so that chart and text never round apart.
    """
    colours = PALETTES["dark" if theme == "dark" else "light"]
    data = _months(points)
    base = alt.Chart(alt.Data(values=data))
    x = alt.X("month:O", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False, ticks=False))
    y = alt.Y(
        "value:Q", title=None, scale=alt.Scale(domain=_domain(points, target), nice=True), axis=alt.Axis(tickCount=4)
    )
    tooltip = [alt.Tooltip("month:O", title="月份"), alt.Tooltip("shown:N", title="数值"), alt.Tooltip("sums:N", title="Σ分子 ÷ Σ分母"),
               alt.Tooltip("counted:N", title="已报")]  # fmt: skip
    line = base.mark_line(color=colours["line"], strokeWidth=2.5, interpolate="linear").encode(x=x, y=y)
    dots = base.mark_circle(color=colours["line"], size=46, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    last = alt.Chart(alt.Data(values=data[-1:])).mark_text(
        align="right", dy=-12, dx=4, fontSize=13, fontWeight="bold", color=colours["text"], text=value_label
    ).encode(x=x, y=y)  # fmt: skip
    layers = [line, dots, last]
    if target is not None:
        goal = alt.Chart(alt.Data(values=[{"value": target, "month": data[0]["month"]}]))
        rule = goal.mark_rule(color=colours["target"], strokeDash=[5, 4], strokeWidth=1.5).encode(y=y)
        words = goal.mark_text(
            align="left", dy=-8, fontSize=12, color=colours["target"], text=f"目标 {target_label}"
        ).encode(x=x, y=y)
        layers = [rule, words, *layers]
    return alt.layer(*layers).properties(height=HEIGHT).configure_view(strokeWidth=0)


def _months(points: pl.DataFrame) -> list[dict[str, object]]:
    rows = points.to_dicts()
    several_years = len({row["period_start_date"].year for row in rows}) > 1
    return [
        {
            "month": f"{row['period_start_date']:%y}年{row['period_start_date'].month}月" if several_years else f"{row['period_start_date'].month}月",
            "value": row["indicator_value"],
            "shown": f"{row['indicator_value']:,.2f}",
            "sums": f"{row['numerator']:,.0f} ÷ {row['denominator']:,.0f}" if row["denominator"] is not None else "—",
            "counted": f"{row['counted_count']}/{row['expected_count']} 家",
        }
        for row in rows
    ]  # fmt: skip


def _domain(points: pl.DataFrame, target: float | None) -> list[float]:
    """A span that holds every point and the target with air above, and starts at zero only where zero is near."""
    values = [*points["indicator_value"].to_list(), *([target] if target is not None else [])]
    low, high = min(values), max(values)
    air = (high - low) * 0.18 or abs(high) * 0.05 or 1.0
    bottom = 0.0 if low >= 0 and low - air < (high - low) else low - air
    return [bottom, high + air]
