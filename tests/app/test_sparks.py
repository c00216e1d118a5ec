"""A row of figures as a shape: what rises goes up, what stands still is level, long rows keep their last figure."""

import re

from app.queries import commitments, evidence
from app.sparks import POINTS, spark
from ingestion.releases import Release


def heights(values: list[float]) -> list[float]:
    drawn = spark(values)
    assert drawn is not None
    corners = re.findall(r"([\d.]+)% ([\d.]+)%", drawn.shape)
    return [float(y) for _, y in corners[1:-1]]


def test_what_rises_goes_up_and_what_stands_still_is_level() -> None:
    rising, level = heights([1, 2, 5]), heights([3, 3, 3])
    assert rising == sorted(rising, reverse=True)  # from above: smaller is higher
    assert len(set(level)) == 1
    assert spark([4.0]) is None


def test_a_long_row_is_thinned_and_keeps_its_last_figure() -> None:
    row = [*([1.0] * 99), 9.0]
    assert len(heights(row)) <= POINTS
    assert heights(row)[-1] == min(heights(row))


def test_the_course_in_the_ledger_is_the_trend_of_its_page(release: Release) -> None:
    courses = commitments.courses(release)
    row = next(r for r in commitments.standings(release).to_dicts() if r["commitment_id"] == "c01")
    until = min(row["deadline_date"], row["evaluation_date"])
    points = evidence.trend(release, row["indicator_code"], row["region_code"], until)
    assert courses["c01"] == points["indicator_value"].to_list()
