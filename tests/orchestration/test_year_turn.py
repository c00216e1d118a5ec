"""A year closed and the next one opened by command on a bureau of its own, and both taken back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ingestion.config.loader import load_config
from ingestion.releases import Releases
from tests.end_to_end.test_first_day import CONFIGURATION, PLAN, WHO, Run, canteens, done, fill

YEAR_END = ("本单位", {"单位名称": "青禾县教育局", "评价日期": "2026-12-31", "是否演示": "否"})
CLOSING = ("学校", {
    "学校标识码": "9901010003", "学校名称": "青禾县河东教学点", "所在区划代码": "990101", "学段": "小学",
    "办别": "公办", "是否农村": "是", "停办日期": date(2027, 7, 1),
})  # fmt: skip


@pytest.fixture
def judged(tmp_path: Path, run: Run) -> Path:
    """A home with one confirmed promise that is met and one that is not, judged at the year's end."""
    home = tmp_path / "home"
    done(run(home, "init"))
    canteens(tmp_path / "canteens.xlsx", (2, 2))
    done(run(home, "form", "new", str(tmp_path / "canteens.xlsx"), "--out", str(home / "forms" / "canteen")))
    fill(home / "config" / "配置.xlsx", [YEAR_END, *CONFIGURATION[1:], CLOSING])
    done(run(home, "config", "apply", *WHO))
    (home / "plans" / "青禾县教育局2026年工作要点.txt").write_text(PLAN, "utf-8")
    canteens(home / "inbox" / "八月食堂.xlsx", (2, 2))
    done(run(home, "refresh"))
    done(run(home, "review", "confirm", "--plan", "青禾县教育局2026年工作要点", "--all", *WHO))
    done(run(home, "review", "confirm-cards", *WHO))
    done(run(home, "task", "plan-confirmed", "青禾县教育局2026年工作要点", "--lead", "990101-JY", *WHO), "已立项 2 项")
    done(run(home, "refresh"), "已发布第 2 版")
    return home


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_year_is_closed_the_next_opened_and_both_taken_back(judged: Path, run: Run) -> None:
    before = load_config(judged / "config").digest()
    closed = done(run(judged, "year", "close", "2026", *WHO), "第 2 版永久保留", "任务 2 项到2027年").out
    opened = done(run(judged, "year", "open", "2027", *WHO), "2027学年名册：学校 2 所、单位 1 个", "配置第2版").out
    registers = load_config(judged / "config").tables["config__registers"]
    assert registers["reporter_code"].to_list() == ["990101-JY", "9901010001", "9901010002"]
    assert set(registers["valid_from_date"]) == {date(2027, 9, 1)}
    assert run(judged, "year", "open", "2027", *WHO).code == 2
    assert "第3版" not in run(judged, "config", "history").out
    assert done(run(judged, "task", "list")).out.count("2027-12-31") == 2

    for said in (opened, closed):
        (number,) = re.findall(r"duban undo (\d+)", said)
        done(run(judged, "undo", number, *WHO))
    assert load_config(judged / "config").digest() == before
    pointer = Releases(judged / "releases").pointer()
    assert pointer
    assert pointer.pinned == []
