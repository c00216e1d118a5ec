"""What people adjust, relate, suspend and report of commitments, and what they are refused."""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.registry import courses, relations
from ingestion.registry.acts import Report, Who, standing
from ingestion.registry.editing import edit, present
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed, follow, reject, state_of
from ingestion.registry.undoing import undo


def own(registry: Registry, commitment: Reviewed) -> list[Any]:
    return follow(standing(registry, "commitment"), [commitment])[commitment.commitment_id]


def test_an_edit_confirms_and_keeps_old_and_new(
    registry: Registry, rows: list[dict[str, Any]], commitments: list[Reviewed], who: Who
) -> None:
    number = edit(registry, commitments[0], rows[0], {"value": "055.50", "deadline": "2020-11-30"}, who)
    acts = own(registry, commitments[0])
    assert state_of(acts) == "已调整"
    assert acts[-1].payload["changes"] == {
        "value": {"old": "50", "new": "55.5"},
        "deadline": {"old": "2020-12-31", "new": "2020-11-30"},
    }
    edit(registry, commitments[0], rows[0], {"value": "60"}, who)
    now = present(rows[0], own(registry, commitments[0]))
    assert (now["value"], now["deadline"], now["unit"]) == ("60", "2020-11-30", "%")
    assert own(registry, commitments[0])[-1].payload["changes"]["value"]["old"] == "55.5"
    undo(registry, number, "王督学", "改错了")
    assert present(rows[0], own(registry, commitments[0]))["deadline"] == "2020-12-31"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "五十"}, "目标值“五十”不是数字"),
        ({"value": ""}, "必须有目标值"),
        ({"deadline": "11月底"}, "时限“11月底”不是日期"),
        ({"operator": "大于"}, "比较符“大于”不对"),
        ({"operator": "range"}, "目标上限都要填"),
        ({"value_high": "40"}, "目标上限 40 小于目标值 50"),
        ({"milestone": "盖好"}, "节点“盖好”不对"),
        ({"indicator_code": "nothing"}, "没有指标卡“nothing”"),
        ({"quote": "另写"}, "没有“quote”这一项"),
        ({"value": "50.0"}, "没有要调整的"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(
    registry: Registry, rows: list[dict[str, Any]], commitments: list[Reviewed], who: Who, changes: Any, said: str
) -> None:
    with pytest.raises(RegistryError, match=said):
        edit(registry, commitments[0], rows[0], changes, who, {"pub": "公办园占比"})
    assert registry.last_event_no() == 0


def test_a_commitment_is_suspended_resumed_and_given_up(
    registry: Registry, confirmed: list[Reviewed], commitments: list[Reviewed], who: Who
) -> None:
    first = confirmed[0]
    with pytest.raises(RegistryError, match="不用恢复"):
        courses.resume(registry, first, "2020-05-01", who)
    with pytest.raises(RegistryError, match="早于起始日期"):
        courses.suspend(registry, first, "2020-05-01", who, "2020-04-01")
    courses.suspend(registry, first, "2020-05-01", who, "2020-08-31")
    with pytest.raises(RegistryError, match="已经暂缓"):
        courses.suspend(registry, first, "2020-06-01", who)
    courses.resume(registry, first, "2020-07-01", who)
    number = courses.terminate(registry, first, "2020-09-01", who)
    assert courses.course_of(own(registry, first)) == "终止"
    undo(registry, number, "王督学", "看错了")
    assert courses.course_of(own(registry, first)) == "执行"
    with pytest.raises(RegistryError, match="还是“待核”"):
        courses.terminate(registry, commitments[2], "2020-09-01", who)


def test_a_deliverable_is_done_with_a_day_and_evidence(registry: Registry, confirmed: list[Reviewed], who: Who) -> None:
    for report, said in (
        (Report("办结", "2020-06-20", "2020-06-18"), "佐证"),
        (Report("办结", "2020-06-20", evidence="批文"), "办结日期"),
        (Report("办结", "2020-06-20", "2020-06-28", "批文"), "晚于填报日期"),
        (Report("进行中", "2020-06-20", "2020-06-18"), "不能填办结日期"),
    ):
        with pytest.raises(RegistryError, match=said):
            courses.report_matter(registry, confirmed[1], report, who)
    with pytest.raises(RegistryError, match="只有成果类"):
        courses.report_matter(registry, confirmed[0], Report("进行中", "2020-06-20"), who)
    courses.report_matter(registry, confirmed[1], Report("进行中", "2020-06-20"), who)
    courses.report_matter(registry, confirmed[1], Report("办结", "2020-06-28", "2020-06-25", "批文"), who)
    last = own(registry, confirmed[1])[-1].payload
    assert (last["status"], last["done_date"], last["evidence"]) == ("办结", "2020-06-25", "批文")


def test_repeats_and_parts_cannot_go_in_circles(registry: Registry, commitments: list[Reviewed], who: Who) -> None:
    first, second, third = commitments
    relations.confirm_restatement(registry, second, first, who)
    with pytest.raises(RegistryError, match="已确认为重复这一条"):
        relations.confirm_restatement(registry, first, second, who)
    with pytest.raises(RegistryError, match="请以后者为主项"):
        relations.confirm_restatement(registry, third, second, who)
    relations.confirm_restatement(registry, third, third, who)  # it repeats none
    relations.confirm_part(registry, second, third, who)
    with pytest.raises(RegistryError, match="组成部分"):
        relations.confirm_part(registry, third, second, who)


def conflicts(registry: Registry, rows: list[dict[str, Any]], pairs: list[tuple[str, str]]) -> list[relations.Conflict]:
    landed = [
        {"commitment_id": later * 16, "other_commitment_id": earlier * 16, "reason": f"{earlier}与{later}不同"}
        for later, earlier in pairs
    ]
    return relations.conflicts_of(landed, rows, standing(registry, "commitment"))


def clause(rows: list[dict[str, Any]], letter: str, value: int) -> dict[str, Any]:
    """The last row said again with another value."""
    said = {"value": value, "quote": f"增加学位{value}个", "number_text": f"{value}个", "start_offset": 98 + value}
    return rows[2] | said | {"commitment_id": letter * 16}


def test_clauses_that_disagree_are_decided_between(registry: Registry, rows: list[dict[str, Any]], who: Who) -> None:
    said, pairs = [*rows, clause(rows, "d", 400)], [("d", "c")]
    (conflict,) = conflicts(registry, said, [*pairs, ("z", "c")])  # a clause that is not there joins nothing
    assert [row["commitment_id"][0] for row in conflict.rows] == ["c", "d"]
    assert conflict.reasons == ("c与d不同",)
    with pytest.raises(RegistryError, match="不在这组"):
        relations.decide(registry, conflict, "a" * 16, who)
    numbers = relations.decide(registry, conflict, "d" * 16, who)
    (decided,) = conflicts(registry, said, pairs)
    assert decided.decided == {"c" * 16: "d" * 16}
    with pytest.raises(RegistryError, match="已经裁定"):
        relations.decide(registry, decided, "c" * 16, who)
    undo(registry, numbers[0], "王督学", "重裁")
    relations.decide(registry, conflicts(registry, said, pairs)[0], None, who)
    assert not conflicts(registry, said, pairs)[0].is_open


def test_a_rejected_clause_disagrees_with_nothing(registry: Registry, rows: list[dict[str, Any]], who: Who) -> None:
    said = [*rows, clause(rows, "d", 400), clause(rows, "e", 400)]
    pairs = [("d", "c"), ("e", "c")]
    assert [len(conflict.rows) for conflict in conflicts(registry, said, pairs)] == [3]
    first = next(row for row in said if row["commitment_id"] == "c" * 16)
    reject(registry, [Reviewed.of(first, first["file_name"])], who)
    assert conflicts(registry, said, pairs) == []  # what is left agrees
