"""Every list of a page to take away says, cell by cell, what the page says; what it adds is named here."""

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import app.lists
from app.presenting import plain
from app.queries.submissions import SAMPLES_A_REPORTER as FIRST
from tests.app.test_app_pages import opened, text

# columns that a table has for sorting and filing beside what the page shows
BESIDE = {
    "单位代码", "代码", "要做什么", "应报截止", "收到日期", "逾期天数", "并列", "承诺得分", "报送扣分", "申诉前得分",
    "计分承诺数", "承诺数", "红灯", "未报", "迟报", "已报", "应报", "单位", "等级", "失分在",
}  # fmt: skip
LISTS = [
    ("submissions", {}), ("submissions", {"list": "迟报"}), ("submissions", {"list": "待改问题"}), ("assessments", {}),
    ("regions", {}), ("balance", {}), ("plan", {}), ("commitment", {"commitment": "c01"}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "address"), LISTS, ids=lambda v: v if isinstance(v, str) else "".join(v.values()))
def test_what_is_taken_away_stands_on_the_page(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, page: str, address: dict[str, Any]
) -> None:
    taken: dict[str, pl.DataFrame] = {}

    def record(frame: Any, title: str, _notes: Any, _what: str = "") -> None:
        taken[title] = frame()

    monkeypatch.setattr(app.lists, "downloads", record)
    monkeypatch.setattr("app.app_parts.outlook_panel.downloads", record)
    monkeypatch.setattr("app.app_parts.appeal_acts.downloads", record)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", text(opened(page, **address))))
    seen = re.sub(r"\s+", "", shown)
    assert "没能打开" not in seen
    for title, frame in taken.items():
        if "走势" in title:  # on the page as a chart
            continue
        # of one reporter the page shows the first
        rows = frame.group_by("填报单位", maintain_order=True).head(FIRST) if "填报单位" in frame.columns else frame
        for row in rows.to_dicts():
            lost = {name: value for name, value in row.items() if name not in BESIDE and not stands(value, seen)}
            assert lost == {}, (title, row)
    if page in ("submissions", "assessments", "regions"):
        assert any(frame.height for frame in taken.values())


def stands(value: Any, seen: str) -> bool:
    """Whether a cell of a table is on the page in one of the ways in which pages write it."""
    match value:
        case None | "":
            return True
        case float() | int():
            ways = {plain(value), plain(value, 1), plain(value, 2)}
        case date():
            ways = {value.isoformat()}
        case _:
            ways = {str(value)}
    return any(re.sub(r"\s+", "", way) in seen for way in ways)
