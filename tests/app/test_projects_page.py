"""重点项目: where each named project stands, the late ones first, nothing inferred backwards."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.app_pages.projects import nodes, presented, state
from app.queries import projects
from ingestion.releases import Release
from tests.app.test_app_pages import opened, text

ROW: dict[str, Any] = {
    "is_reached": False, "is_reported": True, "late_days": 0, "required_stage": "建成", "preliminary_date": None,
    "start_date": None, "topped_out_date": None, "completed_date": None, "opened_date": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("known", "expected"),
    [({}, "进行中"), ({"late_days": 3}, "逾期"), ({"is_reported": False}, "没有记录"),
     ({"is_reported": False, "late_days": 9}, "没有记录"), ({"is_reached": True}, "已达到"),
     ({"is_reached": True, "late_days": 1}, "迟到达")],
)  # fmt: skip
def test_the_state_of_a_project(known: dict[str, Any], expected: str) -> None:
    assert state(ROW | known) == expected


def test_a_later_node_proves_the_earlier_and_the_promised_one_is_marked() -> None:
    made = nodes(ROW | {"topped_out_date": "2020-06-22", "required_stage": "主体完工"})
    assert [(n["name"], n["is_on"], n["is_wanted"]) for n in made] == [
        ("前期", True, False), ("开工", True, False), ("主体", True, True), ("竣工", False, False),
        ("投用", False, False),
    ]  # fmt: skip
    assert [n["date"] for n in made] == [None, None, "2020-06-22", None, None]


def test_work_that_is_no_node_is_awaited_as_completion() -> None:
    assert [n["name"] for n in nodes(ROW | {"required_stage": "改扩建"}) if n["is_wanted"]] == ["竣工"]


def test_the_page_lists_every_named_project_the_late_first(at_home: Path, release: Release) -> None:
    rows = presented(projects.projects(release))
    assert rows
    assert [r["state"] for r in rows] == sorted(
        (r["state"] for r in rows), key=["逾期", "没有记录", "进行中", "迟到达", "已达到"].index
    )
    shown = text(opened("projects"))
    assert shown.count("<li data-row") == len(rows)
    for row in rows:
        assert f"commitment?commitment={row['commitment_id']}" in shown
        assert row["deadline_date"] is None or isinstance(row["deadline_date"], date)


def test_a_state_in_the_address_filters_and_an_unknown_one_says_so(at_home: Path, release: Release) -> None:
    rows = presented(projects.projects(release))
    wanted = rows[0]["state"]
    assert text(opened("projects", state=wanted)).count("<li data-row") == sum(r["state"] == wanted for r in rows)
    assert "没有符合条件的项目" in text(opened("projects", state="紫"))
