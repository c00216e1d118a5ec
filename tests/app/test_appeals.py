"""申诉: a unit appeals against a deduction on 绩效考评, another person decides, and the page says where it stands."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.app_parts import appeal_acts
from app.queries import assessments
from ingestion.registry.events import Registry
from ingestion.releases import Release
from tests.app.acting import acting, acts, fill, press, told
from tests.app.test_app_pages import text


@pytest.fixture
def cost(release: Release) -> dict:
    """A report that costs a unit points, with the group in which the unit is assessed."""
    groups = {(r["unit_code"], r["plan_year"]): r["peer_group"] for r in assessments.assessments(release).to_dicts()}
    for row in assessments.deductions(release).to_dicts():
        if row["points"] > 0 and (row["unit_code"], row["plan_year"]) in groups:
            return row | {"group": groups[row["unit_code"], row["plan_year"]]}
    raise AssertionError("no unit of the showcase loses points by its reports")


def at(by: str, cost: dict) -> AppTest:
    return acting("assessments", by, "核对收件记录", year=f"{cost['plan_year']} 年度", group=cost["group"])


def test_an_appeal_is_filed_and_decided_by_two_people(own_home: Path, log: Registry, cost: dict) -> None:
    test = at("王敏", cost)
    which = test.selectbox(key="appeal_which")
    name = next(option for option in which.options if cost["unit_name"] in option and cost["form_name"] in option)
    told_of = press(fill(test, appeal_which=name, appeal_ground="当日停电，已交纸质表"), "申诉")
    assert "已申诉" in told(told_of)
    shown = text(told_of)
    assert "当日停电，已交纸质表" in shown
    assert "待裁定" in shown
    assert "待发布" in shown
    same = at("王敏", cost)
    ruling = same.selectbox(key="ruling_which").options[0]
    assert "裁定人不能是申诉人" in told(press(fill(same, ruling_which=ruling), "裁定"))
    other = press(fill(at("赵主任", cost), ruling_which=ruling, ruling_opinion="情况属实"), "裁定")
    assert "已裁定（采纳）" in told(other)
    assert "情况属实" in text(other)
    assert [act.event_type for act in acts(log) if act.subject_type == "appeal"] == ["appeal.filed", "appeal.decided"]


def test_the_appeals_taken_away_are_those_of_the_page(cost: dict) -> None:
    row = cost | {"state": "驳回", "period": "2020年9月", "ground": "=1+1", "filed_by": "甲", "opinion": "不成立",
                  "decided_by": "乙", "decided_date": "2020-10-20", "evidence": None}  # fmt: skip
    taken = appeal_acts.paper([row]).row(0, named=True)
    assert (taken["单位"], taken["申诉理由"], taken["裁定意见"]) == (cost["unit_name"], "=1+1", "不成立")
