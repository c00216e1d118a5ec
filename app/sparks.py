"""A row of figures as one small shape, drawn by the stylesheet alone: an area under its line. No axis, no data.

The page's HTML is sanitised to elements without drawings, so the shape is a clip of a coloured block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

POINTS = 24  # more than these are thinned out; the last always stays
FLOOR, CEILING = 88.0, 8.0  # percent of the height from above: where the lowest and the highest value stand


@dataclass(frozen=True)
class Spark:
    """The CSS shape of a row of figures, and how many there are."""

    shape: str
    count: int
    first: float
    last: float


def spark(values: Sequence[float]) -> Spark | None:
    """The shape of figures in their order; None for fewer than two."""
    if len(values) < 2:
        return None
    step = -(-len(values) // POINTS)
    shown = list(values[::-1][::step][::-1])
    low, high = min(shown), max(shown)
    span = high - low
    points = [
        (100 * place / max(len(shown) - 1, 1), FLOOR - (FLOOR - CEILING) * ((value - low) / span if span else 0.5))
        for place, value in enumerate(shown)
    ]
    line = ",".join(f"{x:.0f}% {y:.0f}%" for x, y in points)
    return Spark(f"polygon(0% 100%,{line},100% 100%)", len(values), values[0], values[-1])
