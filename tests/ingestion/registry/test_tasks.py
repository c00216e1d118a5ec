"""Tasks come of confirmed commitments, move through their states, and are refused what does not fit."""

from __future__ import annotations

import pytest

from ingestion.registry import progress, tasks
from ingestion.registry.acts import Report, Who, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed
from ingestion.registry.task_states import Task, by_commitment, read_tasks
from ingestion.registry.tasks import NodeDraft, TaskDraft
from ingestion.registry.undoing import undo

UNITS = {"JJ": "基础教育科", "XQ": "学前教育科", "JC": "计财科", "JC2": "计财科"}
LI = Who("李强", "已办理")


@pytest.fixture
def key(registry: Registry, confirmed: list[Reviewed], who: Who) -> str:
    draft = TaskDraft(
        "建公办园", "学前教育科", "2020-10-31", ["JC"], "李强", 2020, nodes=[NodeDraft("招标", "2020-06-30", "通知书")]
    )
    return tasks.create(registry, [(confirmed[0], draft)], who, UNITS)[0]


def now(registry: Registry, key: str) -> Task:
    return read_tasks(standing(registry))[key]


def test_a_task_keeps_what_it_was_made_of(registry: Registry, key: str, confirmed: list[Reviewed]) -> None:
    task = now(registry, key)
    assert (task.lead, task.assisting, task.person, task.due_date) == ("XQ", ("JC",), "李强", "2020-10-31")
    assert task.commitment == confirmed[0]
    assert [(node.number, node.name, node.evidence_required) for node in task.nodes] == [(1, "招标", "通知书")]
    assert task.state == "未签收"


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (TaskDraft("", "JJ", "2020-10-31"), "请写明任务"),
        (TaskDraft("甲", "人事科", "2020-10-31"), "没有单位“人事科”"),
        (TaskDraft("甲", "计财科", "2020-10-31"), "有2个单位符合"),
        (TaskDraft("甲", "JJ", "十月底"), "不是日期"),
        (TaskDraft("甲", "JJ", "2020-10-31", ["JJ"]), "既是牵头单位又是配合单位"),
        (TaskDraft("甲", "JJ", "2020-10-31", nodes=[NodeDraft("乙", "2020-11-01")]), "晚于任务的完成时限"),
    ],
)
def test_a_draft_that_does_not_fit_makes_nothing(
    registry: Registry, confirmed: list[Reviewed], who: Who, draft: TaskDraft, said: str
) -> None:
    before = registry.last_event_no()
    good = TaskDraft("乙", "JJ", "2020-10-31")
    with pytest.raises(RegistryError, match=said):
        tasks.create(registry, [(confirmed[1], good), (confirmed[0], draft)], who, UNITS)
    assert registry.last_event_no() == before


def test_only_confirmed_commitments_become_tasks(registry: Registry, commitments: list[Reviewed], who: Who) -> None:
    with pytest.raises(RegistryError, match="还是“待核”"):
        tasks.create(registry, [(commitments[2], TaskDraft("甲", "JJ", "2020-10-31"))], who, UNITS)


def test_several_tasks_change_in_one_act_and_come_back_in_one(
    registry: Registry, key: str, confirmed: list[Reviewed], who: Who
) -> None:
    other = tasks.create(registry, [(confirmed[1], TaskDraft("订办法", "JJ", "2020-09-30"))], who, UNITS)[0]
    numbers = tasks.change(registry, [key, other], {"person": "张丽"}, who, UNITS)
    assert [now(registry, k).person for k in (key, other)] == ["张丽", "张丽"]
    assert tasks.change(registry, [key, other], {"person": "张丽"}, who, UNITS) == []
    undo(registry, numbers[0], "王督学", "换错了", whole=True)
    assert [now(registry, k).person for k in (key, other)] == ["李强", ""]


def test_a_task_cannot_move_before_its_nodes(registry: Registry, key: str, who: Who) -> None:
    with pytest.raises(RegistryError, match="晚于任务的完成时限 2020-05-31"):
        tasks.change(registry, [key], {"due_date": "2020-05-31"}, who, UNITS)


def test_a_task_goes_from_signing_to_acceptance(registry: Registry, key: str, who: Who) -> None:
    progress.sign(registry, key, "XQ", "2020-03-01", LI, UNITS)
    assert now(registry, key).state == "已签收"
    progress.report(registry, key, Report("进行中", "2020-05-01"), LI, "60")
    assert now(registry, key).state == "办理中"
    progress.report(registry, key, Report("办结", "2020-10-20", evidence="批文"), LI)
    assert now(registry, key).state == "待核查"
    with pytest.raises(RegistryError, match="节点没有填报完成：1“招标”"):
        progress.accept(registry, key, "2020-10-25", who)
    progress.report_node(registry, key, 1, "2020-06-20", "通知书", LI)
    with pytest.raises(RegistryError, match="核查人不能是填报人"):
        progress.accept(registry, key, "2020-10-25", LI)
    accepted = progress.accept(registry, key, "2020-10-25", who, "属实")
    assert now(registry, key).state == "已销号"
    for refused in (
        lambda: tasks.change(registry, [key], {"person": "甲"}, who, UNITS),
        lambda: tasks.remove(registry, [key], who),
        lambda: progress.report(registry, key, Report("进行中", "2020-11-01"), LI),
    ):
        with pytest.raises(RegistryError, match="已销号"):
            refused()
    undo(registry, accepted, "王督学", "核错了")
    assert now(registry, key).state == "待核查"


def test_a_returned_task_is_done_again(registry: Registry, key: str, who: Who) -> None:
    with pytest.raises(RegistryError, match="填报“办结”之后才能核查"):
        progress.send_back(registry, key, "2020-10-21", who, "缺报告")
    progress.report(registry, key, Report("办结", "2020-10-20", evidence="批文"), LI)
    progress.send_back(registry, key, "2020-10-21", who, "缺报告", "2020-11-10")
    assert now(registry, key).state == "已退回"
    progress.report(registry, key, Report("办结", "2020-11-05", evidence="批文和报告"), LI)
    assert now(registry, key).state == "待核查"


@pytest.mark.parametrize(
    ("told", "percent", "said"),
    [
        (Report("快了", "2020-10-20"), None, "只能是"),
        (Report("办结", "2020-10-20"), None, "佐证"),
        (Report("进行中", "2020-10-20"), "120", "0 到 100"),
        (Report("进行中", "2020-10-20"), "一半", "不是数字"),
        (Report("进行中", "昨天"), None, "不是日期"),
    ],
)
def test_a_report_that_does_not_fit_is_refused(
    registry: Registry, key: str, told: Report, percent: str | None, said: str
) -> None:
    with pytest.raises(RegistryError, match=said):
        progress.report(registry, key, told, LI, percent)


def test_only_a_unit_of_the_task_signs_and_once(registry: Registry, key: str) -> None:
    with pytest.raises(RegistryError, match="不是任务"):
        progress.sign(registry, key, "JJ", "2020-03-01", LI, UNITS)
    progress.sign(registry, key, "JC", "2020-03-01", LI, UNITS)
    with pytest.raises(RegistryError, match="已于 2020-03-01 签收"):
        progress.sign(registry, key, "JC", "2020-03-02", LI, UNITS)


def test_nodes_are_added_changed_and_removed_until_done(registry: Registry, key: str, who: Who) -> None:
    assert tasks.set_node(registry, key, NodeDraft("验收", "2020-10-10"), who) == 2
    tasks.set_node(registry, key, NodeDraft("竣工验收", "2020-10-12"), who, 2)
    assert [node.name for node in now(registry, key).nodes] == ["招标", "竣工验收"]
    tasks.remove_node(registry, key, 2, who)
    with pytest.raises(RegistryError, match="没有第2个节点"):
        progress.report_node(registry, key, 2, "2020-10-01", "报告", LI)
    progress.report_node(registry, key, 1, "2020-06-20", "通知书", LI)
    with pytest.raises(RegistryError, match="不能删除"):
        tasks.remove_node(registry, key, 1, who)


def test_what_rests_on_an_act_goes_before_it(registry: Registry, key: str, who: Who) -> None:
    created = next(a for a in standing(registry) if a.event_type == "task.created")
    with pytest.raises(RegistryError, match=r"之后还有依据它办理的第\d+号（设置节点）"):
        undo(registry, created.event_no, "王督学", "建错了")
    undo(registry, created.event_no, "王督学", "建错了", whole=True)
    assert read_tasks(standing(registry)) == {}


def test_a_removed_task_leaves_no_key_to_be_reused_wrongly(
    registry: Registry, key: str, confirmed: list[Reviewed], who: Who
) -> None:
    second = tasks.create(registry, [(confirmed[0], TaskDraft("再办", "JJ", "2020-12-01"))], who, UNITS)[0]
    assert second != key
    tasks.remove(registry, [key], who)
    assert list(read_tasks(standing(registry))) == [second]


def test_a_task_follows_its_commitment_to_a_new_id(registry: Registry, key: str, confirmed: list[Reviewed]) -> None:
    again = Reviewed("z" * 16, confirmed[0].plan, confirmed[0].quote, confirmed[0].number_text)
    grouped = by_commitment(read_tasks(standing(registry)).values(), [again, confirmed[1]])
    assert [task.key for task in grouped["z" * 16]] == [key]
