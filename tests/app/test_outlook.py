"""目标详情, how it goes on: pace, band, forecast, both deciding lists and revisions are those of the release."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from app.app_parts import outlook_panel
from app.pictures import NoFont, chinese_font
from app.queries import outlooks
from app.queries.core import fetch
from ingestion.releases import Release
from tests.app.test_app_pages import opened, text

ROW = {
    "kind": "count", "deadline_date": date(2020, 12, 31), "target_value": 1200.0, "expected_pct": 80.0,
    "plan_year": 2020, "evaluation_date": date(2020, 10, 20),
}  # fmt: skip
POINTS = pl.DataFrame({"period_start_date": [date(2020, 8, 1), date(2020, 9, 1)], "indicator_value": [1.0, 2.0]})


def test_pace_runs_from_nothing_over_what_was_expected_to_the_target() -> None:
    assert outlook_panel.pace(ROW) == [(date(2020, 1, 1), 0.0), (date(2020, 10, 1), 960.0), (date(2020, 12, 1), 1200.0)]
    # rates are not owed month by month; a deadline that has passed needs no pace
    assert outlook_panel.pace(ROW | {"kind": "metric"}) == []
    assert outlook_panel.pace(ROW | {"deadline_date": date(2020, 6, 30)}) == []
    assert outlook_panel.pace(ROW | {"expected_pct": None}) == []


def test_a_band_needs_both_ends_and_a_forecast_a_month_to_come() -> None:
    assert outlook_panel.bounds({"value_low": 1.0, "value_high": 3.0}, POINTS) == (date(2020, 9, 1), 1.0, 3.0)
    assert outlook_panel.bounds({"value_low": 1.0, "value_high": None}, POINTS) is None
    out = {"forecast_date": date(2020, 12, 31), "forecast_value": 5.0}
    assert outlook_panel.forecast(out, POINTS) == (date(2020, 12, 1), 5.0)
    assert outlook_panel.forecast(out | {"forecast_value": None}, POINTS) is None
    assert outlook_panel.forecast(out | {"forecast_date": date(2020, 8, 1)}, POINTS) is None


def test_every_verdict_forecast_and_deciding_unit_of_the_release_is_told(at_home: Path, release: Release) -> None:
    measured = fetch(release, "select commitment_id, verdict_text from fct_attainment_bounds where verdict is not null")
    assert measured.height > 2
    for key, verdict in measured.iter_rows():
        shown = text(opened("commitment", commitment=key))
        assert verdict in shown
        lists = outlooks.deciding(release, key)
        assert all(name in shown.replace("&lt;", "<").replace("&gt;", ">") for name in lists["reporter_name"])
        if outlooks.outlook(release, key)["method"] == "数据不足":
            assert "可比的数据点不足 3 个" in shown


def test_revisions_are_cells_that_a_later_attempt_changed(at_home: Path, release: Release) -> None:
    found = outlooks.revisions(release, "KG1", "990000", date(2020, 10, 1))
    assert found.filter(pl.col("before_value") == pl.col("now_value")).is_empty()
    changed = fetch(
        release,
        """select count(*) as n from fct_actuals_superseded as b inner join fct_actuals as n using (
            form_code, reporter_code, period_start_date, record_key, element_code)
        where b.form_code = 'kindergarten' and b.element_code = 'pupils'
            and b.value_number is distinct from n.value_number""",
    ).item()
    assert found.height == changed


def test_a_machine_without_chinese_letters_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NoFont, match="fonts-wqy-zenhei"):
        chinese_font((str(tmp_path),))
    (tmp_path / "wqy").mkdir()
    (tmp_path / "wqy" / "wqy-zenhei.ttc").touch()
    chinese_font.cache_clear()
    assert chinese_font((str(tmp_path),)) == "WenQuanYi Zen Hei"
