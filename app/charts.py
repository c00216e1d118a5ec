"""Charts: one indicator by month against its target and pace, what is still open, where it is heading.

Labels stand on the lines, so that no legend is needed. Data stays in the page: nothing here asks a network. Charts as
pictures: pictures.py. Everything else that looks like a chart is HTML (see templates/).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import altair as alt
import polars as pl

PALETTES = {
    "light": {"line": "#2764c0", "target": "#5a6675", "text": "#1b2430", "pace": "#1c8467", "open": "#d18b00"},
    "dark": {"line": "#6d9ff0", "target": "#a3aebb", "text": "#e6eaf0", "pace": "#45b896", "open": "#e8b13a"},
}
HEIGHT = 260


@dataclass(frozen=True)
class Trend:
    """What one chart shows; values in the unit of the card, `scale` of them make one `unit` of the axis.

    `points` as `queries.evidence.trend` returns them; `pace` are (month, value) of 序时进度; `bounds` is (month, low,
    high) of what reports still owed can make; `forecast` is (month, value); `revised` are months with revisions and how
    many units revised. Labels are texts of the page, so that chart and page never round apart.
    """

    points: pl.DataFrame
    target: float | None = None
    target_label: str = ""
    value_label: str = ""
    pace: list[tuple[date, float]] = field(default_factory=list)
    bounds: tuple[date, float, float] | None = None
    bounds_label: str = ""
    forecast: tuple[date, float] | None = None
    forecast_label: str = ""
    revised: dict[date, int] = field(default_factory=dict)
    scale: float = 1.0
    unit: str = ""

    @property
    def months(self) -> list[date]:
        """Every month of the axis, in order."""
        days = [*self.points["period_start_date"], *(day for day, _ in self.pace)]
        days += [self.forecast[0]] if self.forecast else []
        last = max(days)
        months, day = [], min(days).replace(day=1)
        while day <= last:
            months.append(day)
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return months


def trend(shown: Trend, theme: str) -> alt.LayerChart | alt.FacetChart:
    """Months on x, the indicator on y; the target a dashed rule, the rest where there is any."""
    colours = PALETTES["dark" if theme == "dark" else "light"]
    names = _names(shown.months)
    x = alt.X(
        "month:O", sort=None, title=None, scale=alt.Scale(domain=list(names.values())),
        axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False, ticks=False),
    )  # fmt: skip
    span = alt.Scale(domain=_domain(_every(shown)), nice=True)
    at = {"x": x, "y": alt.Y("value:Q", title=None, scale=span, axis=alt.Axis(tickCount=4))}
    layers = [
        *_target(shown, names, at, colours),
        *_pace(shown, names, at, colours),
        *_bounds(shown, names, at, span, colours),
        *_forecast(shown, names, at, colours),
        *_line(shown, names, at, colours),
    ]
    return alt.layer(*layers).properties(height=HEIGHT).configure_view(strokeWidth=0)


Encoding = dict[str, Any]


def _line(shown: Trend, names: dict[date, str], at: Encoding, colours: dict[str, str]) -> list[alt.Chart]:
    data = _rows(shown, names)
    base = alt.Chart(alt.Data(values=data))
    tooltip = [
        alt.Tooltip("month:O", title="月份"),
        alt.Tooltip("shown:N", title="数值"),
        alt.Tooltip("sums:N", title="Σ分子 ÷ Σ分母"),
        alt.Tooltip("counted:N", title="已报"),
        alt.Tooltip("revised:N", title="修订"),
    ]
    line = base.mark_line(color=colours["line"], strokeWidth=2.5).encode(**at)
    dots = base.mark_circle(color=colours["line"], size=46, opacity=1).encode(**at, tooltip=tooltip)
    last = _words(data[-1], at, shown.value_label, dy=-14, dx=4, size=13, colour=colours["text"], weight="bold")
    layers = [line, dots, last]
    if changed := [row for row in data if row["revised"] != "—"]:
        rings = alt.Chart(alt.Data(values=changed))
        ring = rings.mark_point(shape="diamond", size=170, color=colours["open"], strokeWidth=1.8, filled=False)
        layers += [ring.encode(**at, tooltip=tooltip)]
    return layers


def _target(shown: Trend, names: dict[date, str], at: Encoding, colours: dict[str, str]) -> list[alt.Chart]:
    if shown.target is None:
        return []
    goal = {"value": shown.target / shown.scale, "month": next(iter(names.values()))}
    rule = alt.Chart(alt.Data(values=[goal])).mark_rule(color=colours["target"], strokeDash=[5, 4], strokeWidth=1.5)
    label = f"目标 {shown.target_label}"
    # on the side of the rule where the line does not begin
    is_below = shown.points["indicator_value"][0] >= shown.target
    words = _words(goal, at, label, dy=12 if is_below else -8, colour=colours["target"], align="left")
    return [rule.encode(y=at["y"]), words]


def _pace(shown: Trend, names: dict[date, str], at: Encoding, colours: dict[str, str]) -> list[alt.Chart]:
    """序时进度: where it should stand by now, between the points that are known."""
    rows = [{"month": names[day], "value": value / shown.scale} for day, value in shown.pace if day in names]
    if len(rows) < 2:
        return []
    line = alt.Chart(alt.Data(values=rows)).mark_line(color=colours["pace"], strokeWidth=1.5, strokeDash=[2, 3])
    label = _words(rows[1], at, "序时进度", dy=-8, dx=-4, colour=colours["pace"])
    return [line.encode(**at), label]


def _bounds(
    shown: Trend, names: dict[date, str], at: Encoding, span: alt.Scale, colours: dict[str, str]
) -> list[alt.Chart]:
    """What the reports still owed can make of the figure: a band over its month."""
    if shown.bounds is None or shown.bounds[0] not in names:
        return []
    day, low, high = shown.bounds
    row = {"month": names[day], "value": low / shown.scale, "high": high / shown.scale}
    base = alt.Chart(alt.Data(values=[row]))
    band = base.mark_bar(color=colours["open"], opacity=0.35, size=18).encode(
        x=at["x"], y=alt.Y("value:Q", scale=span), y2="high:Q"
    )
    return [band, _words(row, at, shown.bounds_label, dy=12, dx=-14, colour=colours["text"])]


def _forecast(shown: Trend, names: dict[date, str], at: Encoding, colours: dict[str, str]) -> list[alt.Chart]:
    if shown.forecast is None or shown.forecast[0] not in names:
        return []
    day, value = shown.forecast
    last = shown.points.row(-1, named=True)
    rows = [
        {"month": names[last["period_start_date"]], "value": last["indicator_value"] / shown.scale},
        {"month": names[day], "value": value / shown.scale},
    ]
    base = alt.Chart(alt.Data(values=rows))
    line = base.mark_line(color=colours["line"], strokeWidth=1.5, strokeDash=[3, 3]).encode(**at)
    end = alt.Chart(alt.Data(values=rows[1:])).mark_point(color=colours["line"], size=60, strokeWidth=1.5).encode(**at)
    return [line, end, _words(rows[1], at, shown.forecast_label, dy=-12, dx=6, colour=colours["line"])]


def _words(  # noqa: PLR0913
    row: dict[str, Any], at: Encoding, text: str, *, dy: float, colour: str, dx: float = 0,
    align: Literal["left", "right"] = "right", size: int = 12, weight: Literal["bold", "normal"] = "normal",
) -> alt.Chart:  # fmt: skip
    mark = alt.Chart(alt.Data(values=[row])).mark_text(
        align=align,
        dy=dy,
        dx=dx,
        fontSize=size,
        fontWeight=weight,
        color=colour,
        text=text,  # type: ignore[arg-type]
    )
    return mark.encode(**at)


def axis_unit(unit: str | None, values: list[float]) -> tuple[str, float]:
    """The unit of the axis and how many units one of it is: yuan in 万元 or 亿元 where they are many."""
    largest = max((abs(value) for value in values), default=0)
    if unit == "元" and largest >= 100_000_000:
        return "亿元", 100_000_000
    if unit == "元" and largest >= 100_000:
        return "万元", 10_000
    return unit or "", 1


def _names(months: list[date]) -> dict[date, str]:
    several_years = len({day.year for day in months}) > 1
    return {day: f"{day:%y}年{day.month}月" if several_years else f"{day.month}月" for day in months}


def _rows(shown: Trend, names: dict[date, str]) -> list[dict[str, Any]]:
    made = []
    for row in shown.points.to_dicts():
        day, n, d = row["period_start_date"], row["numerator"], row["denominator"]
        made.append({
            "month": names[day],
            "value": row["indicator_value"] / shown.scale,
            "shown": f"{row['indicator_value']:,.2f}",
            "sums": "—" if n is None or d is None else f"{n:,.0f} ÷ {d:,.0f}",
            "counted": f"{row['counted_count']}/{row['expected_count']} 家",
            "revised": f"{shown.revised[day]} 家更正" if day in shown.revised else "—",
        })  # fmt: skip
    return made


def _every(shown: Trend) -> list[float]:
    """Every value that the chart must hold, in units of the axis."""
    values = [*shown.points["indicator_value"], *(value for _, value in shown.pace)]
    values += [] if shown.target is None else [shown.target]
    values += list(shown.bounds[1:]) if shown.bounds else []
    values += [shown.forecast[1]] if shown.forecast else []
    return [value / shown.scale for value in values]


def _domain(values: list[float]) -> list[float]:
    """A span that holds every value with air around, down to zero only where zero is near."""
    low, high = min(values), max(values)
    air = (high - low) * 0.18 or abs(high) * 0.05 or 1.0
    bottom = 0.0 if low >= 0 and low - air < high - low else low - air
    return [bottom, high + air]
