"""Decomposition and rectification on the page, from a commitment to the last step, each step an event."""

from pathlib import Path

from ingestion.registry.events import Registry
from ingestion.registry.rectifications import read_rectifications
from ingestion.registry.task_states import Task, read_tasks
from tests.app.acting import REPORTER, acting, acts, fill, press, told
from tests.app.test_app_pages import text


def tasks(log: Registry) -> list[Task]:
    return list(read_tasks(acts(log)).values())


def a_task(**more: str) -> None:
    """c08 as a task with one node."""
    test = acting("tasks", desk="立项", commitment="c08")
    said = {"name": "起草办法", "lead": "演示市教育局基建办", "due": "2020-11-30", "node_1": "征求意见"}
    press(fill(test, **said, node_due_1="2020-10-10", **more), "立项")


def test_a_confirmed_commitment_becomes_a_task_that_the_page_opens(own_home: Path, log: Registry) -> None:
    test = acting("tasks", desk="立项", commitment="c08")
    fill(
        test, name="起草办法", lead="演示市教育局基建办", assist=["东湖区教育局装备站"], person="赵刚", due="2020-11-30"
    )
    press(fill(test, node_1="征求意见", node_due_1="2020-10-10", node_proof_1="征求意见函"), "立项")
    (task,) = tasks(log)
    assert (task.lead, task.assisting, task.person, task.due_date) == ("U1", ("U2",), "赵刚", "2020-11-30")
    assert [(node.name, node.due_date) for node in task.nodes] == [("征求意见", "2020-10-10")]
    shown = text(test)
    assert "征求意见" in shown
    assert "还没有单位签收" in shown
    assert "已立项：起草办法" in told(test)


def test_a_whole_plan_becomes_tasks_once_what_it_does_not_say_is_given(own_home: Path, log: Registry) -> None:
    test = acting("tasks", desk="立项")
    plan = test.selectbox(key="whole_plan")
    plan.set_value(plan.options[0])
    assert "没有立项，原文没有写明" in told(press(test, "整份立项"))
    assert "缺牵头单位" in text(test)
    assert tasks(log) == []
    press(fill(test, whole_lead="东湖区教育局装备站", whole_due="2020-12-31"), "整份立项")
    made = tasks(log)
    assert {task.lead for task in made} == {"U2"}
    assert all(task.due_date for task in made)
    assert f"的 {len(made)} 条承诺" in told(test)
    assert plan.value not in test.selectbox(key="whole_plan").options


def test_an_unconfirmed_commitment_leads_to_its_review(own_home: Path) -> None:
    shown = text(acting("tasks", desk="立项", commitment="l04"))
    assert "还是“待核”" in shown
    assert "review?at=l04" in shown


def test_a_task_is_signed_reported_returned_and_accepted_by_another(own_home: Path, log: Registry) -> None:
    a_task()
    key = tasks(log)[0].key
    test = acting("tasks", REPORTER, "月报", task=key)
    press(fill(test, sign_day="2020-10-01"), "签收")
    assert tasks(log)[0].signed == {"U1": "2020-10-01"}
    press(fill(test, node_evidence="函〔2020〕3号", node_day="2020-10-08"), "填报节点")
    press(fill(test, status="办结", evidence="演教发〔2020〕12号", report_day="2020-10-15"), "填报")
    assert tasks(log)[0].state == "待核查"
    press(test, "核查通过，销号")
    assert "核查人不能是填报人" in told(test)
    checker = acting("tasks", task=key)
    press(fill(checker, check_note="缺少签字页"), "退回")
    assert tasks(log)[0].state == "已退回"
    press(fill(acting("tasks", REPORTER, "补正", task=key), status="办结", evidence="附签字页"), "填报")
    press(acting("tasks", task=key), "核查通过，销号")
    assert tasks(log)[0].state == "已销号"


def test_overdue_tasks_come_first_and_are_counted(own_home: Path) -> None:
    a_task()
    test = acting("tasks", desk="立项", commitment="c09")
    press(fill(test, name="迟了的会议", lead="演示市教育局基建办", due="2020-10-01"), "立项")
    shown = text(acting("tasks"))
    assert "1 项逾期" in shown
    assert shown.index("迟了的会议") < shown.index("起草办法")
    assert "逾期 19 天" in shown


def test_a_task_is_changed_and_removed_and_the_removal_taken_back(own_home: Path, log: Registry) -> None:
    a_task()
    key = tasks(log)[0].key
    test = acting("tasks", task=key)
    fill(test, new_node="印发", new_due="2020-11-20")
    press(test, "增加节点")
    assert [node.name for node in tasks(log)[0].nodes] == ["征求意见", "印发"]
    press(test, "删除这项任务")
    assert tasks(log) == []
    press(test, "撤回")
    assert [task.key for task in tasks(log)] == [key]


def test_a_written_output_is_reported_done_with_its_evidence(own_home: Path, log: Registry) -> None:
    test = acting("tasks", desk="成果", commitment="c09")
    press(fill(test, matter_status="办结", matter_done="2020-10-12"), "填报")
    assert "佐证" in told(test)
    press(fill(test, matter_status="办结", matter_done="2020-10-12", matter_evidence="会议纪要第5号"), "填报")
    said = acts(log, "matter.reported")[-1].payload
    assert (said["status"], said["done_date"], said["evidence"]) == ("办结", "2020-10-12", "会议纪要第5号")
    assert "待发布" in text(acting("tasks", desk="成果"))


def test_a_gap_is_rectified_from_its_commitment_to_the_end(own_home: Path, log: Registry) -> None:
    test = acting("commitment", commitment="c01")
    press(fill(test, open_unit="演示市教育局基建办", open_due="2020-10-15"), "开启整改")
    (matter,) = read_rectifications(acts(log)).values()
    assert matter.opened["commitment_id"] == "c01"
    assert float(matter.opened["gap"]) > 12
    assert "整改进行中：自查" in text(test)
    page = acting("rectifications", key=matter.key)
    assert "1 项逾期" in text(page)
    press(fill(page, why="民办园占比高"), "记下原因")
    press(fill(page, todo="新办两所公办园", due="2020-12-20"), "定下措施")
    reporter = acting("rectifications", REPORTER, "月报", key=matter.key)
    press(fill(reporter, progress_text="已开工一所"), "填报进展")
    press(acting("rectifications", key=matter.key), "记下结论")
    last = acting("rectifications", key=matter.key)
    press(last, "销号")
    (matter,) = read_rectifications(acts(log)).values()
    assert (matter.stage, matter.due_date, matter.cause) == ("销号", "2020-12-20", "民办园占比高")
    press(last, "撤回")
    assert next(iter(read_rectifications(acts(log)).values())).stage == "复核"


def test_a_met_commitment_offers_no_rectification(own_home: Path) -> None:
    test = acting("commitment", commitment="c08")
    assert "开启整改" not in [button.label for button in test.button]


def test_without_tasks_and_rectifications_the_pages_say_how_to_begin(own_home: Path) -> None:
    assert "逐条立项" in text(acting("tasks"))
    assert "开启整改" in text(acting("rectifications"))
