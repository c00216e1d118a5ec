"""Forecasts agree with a line drawn by hand in fractions, over regions of one build; too few points say so."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from world import World

EVALUATION = date(2020, 10, 20)
REGIONS = 40


def line_at(points: list[tuple[int, Fraction]], x: int) -> Fraction:
    """Ordinate at x of the least-squares line through three or more points."""
    mean_x = Fraction(sum(p[0] for p in points), len(points))
    mean_y = sum((p[1] for p in points), Fraction(0)) / len(points)
    steps = sum((p[0] - mean_x) ** 2 for p in points)
    slope = sum(((p[0] - mean_x) * (p[1] - mean_y) for p in points), Fraction(0)) / steps
    return mean_y + slope * (x - mean_x)


def expected(kind: str, points: dict[int, Fraction], deadline: date) -> tuple[str, Fraction | None]:
    """Method and value in the card's unit; points are 1-based months of 2020 with their figure, the last one judged."""
    if deadline < EVALUATION:
        return "已到期", None
    if len(points) < 3:
        return "数据不足", None
    value = line_at(sorted(points.items()), deadline.month)
    if kind == "flow":
        return "线性趋势", max(value, points[max(points)])
    return "线性趋势", min(max(value, Fraction(0)), Fraction(100))


@pytest.fixture(scope="module")
def forecasts(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    rng, world = random.Random(3), World()
    world.card("rate", "fitness_passed", "fitness_tested")
    world.card("flow", "public_funds", aggregation="sum_flow", unit="元")
    asked = []
    for no in range(REGIONS):
        region = world.region(f"7{no:05d}")
        school = world.school(f"{region}0001", region)
        plan = world.plan(f"plan{no}", region)
        deadline = rng.choice([date(2020, 12, 31), date(2020, 12, 31), date(2020, 11, 30), date(2020, 8, 31)])
        rates, flows, total = {}, {}, Fraction(0)
        trend = rng.randint(-8, 8)
        for month in sorted(rng.sample(range(1, 10), rng.choice([0, 1, 2, 3, 5, 9]))):
            tested, funds = rng.randint(50, 200), rng.randint(0, 1000)
            passed = max(0, min(tested, tested * (50 + trend * month) // 100 + rng.randint(-3, 3)))
            total += funds
            rates[month], flows[month] = Fraction(100 * passed, tested), total
            values = {"fitness_tested": tested, "fitness_passed": passed, "public_funds": funds}
            world.report("basic", school, date(2020, month, 1), values, region=region)
        for card, points in (("rate", rates), ("flow", flows)):
            key = f"{region}-{card}"
            target = Fraction(rng.randint(1, 100) if card == "rate" else rng.randint(1, 9000))
            world.commitment(
                key, plan, "metric" if card == "rate" else "count", card, value=float(target),
                unit="%" if card == "rate" else "元", deadline=deadline,
            )  # fmt: skip
            asked.append((key, card, points, deadline, target))
    folder: Path = tmp_path_factory.mktemp("forecasts")
    found = {r["commitment_id"]: r for r in world.build(folder, EVALUATION, only="fct_attainment_forecasts").rows(
        "select * from marts.fct_attainment_forecasts")}  # fmt: skip
    return [(*row, found[row[0]]) for row in asked]


def test_methods_values_and_verdicts_agree(forecasts: list[tuple[Any, ...]]) -> None:
    for _, card, points, deadline, target, row in forecasts:
        method, value = expected(card, points, deadline)
        assert row["method"] == method, row
        assert (row["forecast_value"] is None) == (value is None), row
        if value is None:
            assert row["is_met_by_forecast"] is None
            continue
        assert abs(value - Fraction(row["forecast_value"])) < Fraction(1, 10**5), row
        if abs(value - target) > Fraction(1, 10**5):
            assert row["is_met_by_forecast"] == (value >= target), row
        assert row["point_count"] == len(points)


def test_every_method_occurs(forecasts: list[tuple[Any, ...]]) -> None:
    assert {row["method"] for *_, row in forecasts} == {"线性趋势", "数据不足", "已到期"}
