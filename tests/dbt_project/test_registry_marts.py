"""What people did, as the marts tell it: every act and its undo, worked out by hand in one world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from world import Warehouse, World, at

from ingestion.registry.vocabulary import accepted_digest

JANUARY, SEPTEMBER = date(2020, 1, 1), date(2020, 9, 1)
FIT = {"fitness_passed": 90, "fitness_tested": 100}
EAST = "430102"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    world = World()
    city = world.region("430100", level="市")
    world.region(EAST, city)
    for no in range(1, 9):
        world.school(f"430102000{no}", EAST)
    world.unit("U1", city)
    world.unit("U2", city)
    world.card("fit", "fitness_passed", "fitness_tested")
    plan = world.plan("p", city)
    reviews(world, plan)
    matters(world, plan)
    tasks(world)
    rectifications(world)
    submissions(world)
    approvals(world)
    other_acts(world)
    only = (
        "bridge_task_units fct_actuals fct_approvals fct_attainments fct_calendar_entries fct_carried_commitments"
        " fct_events fct_matters fct_notes fct_rectification_steps fct_rectifications fct_reviews"
        " fct_submission_attempts fct_submissions fct_task_nodes fct_tasks fct_findings fct_year_turns"
    )
    return world.build(tmp_path_factory.mktemp("registry"), only=only)


def undo(world: World, event_no: int) -> int:
    return world.event("event.undone", "event", str(event_no), undoes_event_no=event_no)


def by(warehouse: Warehouse, mart: str, key: str) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in warehouse.rows(f"select * from marts.{mart}")}


# ---- reviews


def on(world: World, verb: str, commitment: str, **payload: Any) -> int:
    return world.event(verb, "commitment", commitment, payload)


def edit(world: World, commitment: str, **changes: tuple[str, str]) -> int:
    said = {field: {"old": old, "new": new} for field, (old, new) in changes.items()}
    return on(world, "commitment.edited", commitment, changes=said)


def reviews(world: World, plan: str) -> None:
    for key in (
        "edited",
        "unedited",
        "twice",
        "drafted",
        "paused",
        "over",
        "ended",
        "resumed",
        "later",
        "copy",
        "gives",
    ):
        world.commitment(key, plan, card="fit", value=80, quote=f"原文{key}", number_text="80%")
    world.commitment("freed", plan, card="fit", value=80, restates="edited")
    world.commitment("whole", plan, kind="count", value=5, unit="所")
    world.commitment("part", plan, kind="count", value=2, unit="所")
    world.commitment("moved", plan, card="fit", value=80, quote="搬动的原文", number_text="80%", confirmed=False)
    edit(world, "edited", value=("80", "95"), deadline=("2020-12-31", "2020-11-30"))
    undo(world, edit(world, "unedited", value=("80", "95")))
    edit(world, "twice", value=("80", "85"), operator=(">=", "range"), value_high=("", "99"))
    edit(world, "twice", value=("85", "88"), unit=("%", ""))
    on(world, "commitment.confirmed", "twice")
    on(world, "commitment.drafted", "drafted")
    on(world, "commitment.suspended", "paused", since_date="2020-05-01")
    on(world, "commitment.suspended", "over", since_date="2020-05-01", until_date="2020-06-30")
    on(world, "commitment.terminated", "ended", since_date="2020-05-01")
    on(world, "commitment.terminated", "resumed", since_date="2020-05-01")
    on(world, "commitment.resumed", "resumed", since_date="2020-08-01")
    on(world, "commitment.suspended", "later", since_date="2020-11-01")
    on(world, "restatement.confirmed", "copy", root_commitment_id="edited")
    on(world, "restatement.confirmed", "freed", root_commitment_id="freed")
    on(world, "part.confirmed", "part", whole_commitment_id="gone", whole_quote="承诺whole")
    on(world, "conflict.decided", "gives", kept_commitment_id="edited")
    on(world, "commitment.confirmed", "old id", plan="p.txt", quote="搬动的原文", number_text="80%")


REVIEWED = {
    "edited": ("已调整", True, 95), "unedited": ("已确认", True, 80), "twice": ("已调整", True, 88),
    "drafted": ("草稿", False, 80), "moved": ("已确认", True, 80),
}  # fmt: skip


@pytest.mark.parametrize("key", REVIEWED)
def test_the_last_standing_review_and_edit_decide(warehouse: Warehouse, key: str) -> None:
    row = by(warehouse, "fct_commitments", "commitment_id")[key]
    assert (row["review_state"], row["is_confirmed"], row["target_value"]) == REVIEWED[key]
    assert (row["extracted_value"], row["extracted_operator"], row["extracted_unit"]) == (80, ">=", "%")


def test_edits_are_merged_field_by_field_and_can_empty_one(warehouse: Warehouse) -> None:
    row = by(warehouse, "fct_commitments", "commitment_id")["twice"]
    assert (row["operator"], row["target_high_value"], row["unit"]) == ("range", 99, None)
    assert by(warehouse, "fct_commitments", "commitment_id")["edited"]["deadline_date"] == date(2020, 11, 30)


def test_an_edit_is_what_is_judged(warehouse: Warehouse) -> None:
    found = warehouse.attainments()
    assert (found["unedited"]["light"], found["unedited"]["target_value"]) == ("蓝", 80)
    assert found["edited"]["light"] != "蓝"
    assert (found["edited"]["target_value"], found["edited"]["is_met"]) == (95, False)


COURSES = {"paused": "暂缓", "ended": "终止", "over": "已达标", "resumed": "已达标", "later": "已达标"}


def test_suspended_and_terminated_are_grey_and_say_since_when(warehouse: Warehouse) -> None:
    found = warehouse.attainments()
    assert {key: found[key]["status"] for key in COURSES} == COURSES
    for key in ("paused", "ended"):
        assert found[key]["light"] == "灰"
        assert "2020-05-01" in found[key]["reason"]
    course = by(warehouse, "fct_commitments", "commitment_id")
    assert [course[key]["course_state"] for key in COURSES] == ["暂缓", "终止", None, None, None]


def test_relations_are_as_people_decided(warehouse: Warehouse) -> None:
    rows = by(warehouse, "fct_commitments", "commitment_id")
    roots = {key: (rows[key]["root_commitment_id"], rows[key]["is_root"]) for key in ("copy", "freed", "gives", "part")}
    assert roots == {
        "copy": ("edited", False), "freed": ("freed", True), "gives": ("edited", False), "part": ("whole", False),
    }  # fmt: skip
    assert rows["gives"]["kept_commitment_id"] == "edited"
    # whoever gave way shows what stands
    assert warehouse.attainments()["gives"]["target_value"] == 95


def test_the_history_of_a_review_holds_what_was_not_taken_back(warehouse: Warehouse) -> None:
    acts = warehouse.rows(
        "select act_name, changes from marts.fct_reviews where commitment_id = 'twice' order by event_no"
    )
    assert [row["act_name"] for row in acts] == ["确认", "调整", "调整", "确认"]
    assert '"88"' in acts[2]["changes"]
    assert [
        r["act_name"] for r in warehouse.rows("select * from marts.fct_reviews where commitment_id = 'unedited'")
    ] == ["确认"]


def test_the_log_keeps_what_was_taken_back(warehouse: Warehouse) -> None:
    [row] = warehouse.rows(
        "select e.is_undone, u.event_type, u.is_undone as undo_is_undone from marts.fct_events e"
        " join marts.fct_events u on u.event_no = e.undone_by_event_no"
        " where e.subject_key = 'unedited' and e.event_type = 'commitment.edited'"
    )
    assert row == {"is_undone": True, "event_type": "event.undone", "undo_is_undone": False}


# ---- deliverables


def matters(world: World, plan: str) -> None:
    for name in ("paper", "stale", "taken", "future"):
        world.commitment(name, plan, kind="deliverable", output=f"办法{name}", unit=None, operator=None)
    for name, status in (("paper", "进行中"), ("stale", "办结"), ("taken", "进行中")):
        done = {"done_date": "2020-09-20"} if status == "办结" else {}
        world.report("ledger", "U1", SEPTEMBER, {"matter_name": f"办法{name}", "status": status, **done}, f"办法{name}")
    told = {
        "plan": "p.txt",
        "status": "办结",
        "report_date": "2020-10-10",
        "done_date": "2020-10-09",
        "evidence": "文号1",
    }
    on(world, "matter.reported", "paper", **told)
    on(world, "matter.reported", "stale", plan="p.txt", status="进行中", report_date="2020-03-01")
    undo(world, on(world, "matter.reported", "taken", **told))
    on(world, "matter.reported", "future", **told | {"report_date": "2020-10-21"})


def test_the_latest_word_on_a_matter_counts_and_both_are_kept(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select commitment_id, source, is_counted from marts.fct_matters")
    said = {(row["commitment_id"], row["source"]): row["is_counted"] for row in rows}
    assert said == {
        ("paper", "工作台账"): False, ("paper", "成果填报"): True, ("stale", "工作台账"): True,
        ("stale", "成果填报"): False, ("taken", "工作台账"): True,
    }  # fmt: skip
    found = warehouse.attainments()
    lights = {key: (found[key]["light"], found[key]["status"]) for key in ("paper", "stale", "future")}
    assert lights == {"paper": ("蓝", "已达标"), "stale": ("蓝", "已达标"), "future": ("灰", "无数据")}
    assert found["taken"]["progress_pct"] == 50


# ---- tasks


def task(world: World, key: str, due: str, assisting: list[str] | None = None, **more: Any) -> int:
    said = {
        "commitment_id": "edited", "plan": "p.txt", "quote": "原文edited", "task_name": f"任务{key}",
        "lead_unit_code": "U1", "assisting_unit_codes": assisting or [], "due_date": due,
    }  # fmt: skip
    return world.event(more.pop("verb", "task.created"), "task", key, said | more)


def node(world: World, key: str, no: int, due: str, done: str | None = None) -> None:
    said = {"task_key": key, "node_no": no}
    world.event("node.set", "node", f"{key}/{no}", said | {"node_name": f"节点{no}", "due_date": due})
    if done:
        world.event("node.reported", "node", f"{key}/{no}", said | {"done_date": done, "evidence": "照片"})


def tasks(world: World) -> None:
    def act(verb: str, key: str, **payload: Any) -> int:
        return world.event(f"task.{verb}", "task", key, payload)

    task(world, "done", "2020-06-30", ["U2"], person="张三")
    act("signed", "done", unit_code="U1", signed_date="2020-02-01")
    act("reported", "done", status="办结", report_date="2020-07-05", evidence="文号2")
    act("accepted", "done", accepted_date="2020-07-08")
    task(world, "late", "2020-09-30")
    act("reported", "late", status="进行中", report_date="2020-08-01", progress_pct="40")
    task(world, "idle", "2020-12-31")
    task(world, "noded", "2020-12-31")
    node(world, "noded", 1, "2020-05-31", done="2020-06-02")
    node(world, "noded", 2, "2020-10-15")
    node(world, "noded", 3, "2020-12-15")
    node(world, "noded", 4, "2020-12-20", done="2020-10-21")
    act("removed", "gone", commitment_id="edited")
    task(world, "gone2", "2020-12-31")
    act("removed", "gone2", commitment_id="edited")
    task(world, "back", "2020-12-31")
    undo(world, act("removed", "back", commitment_id="edited"))
    task(world, "returned", "2020-06-30")
    act("reported", "returned", status="办结", report_date="2020-06-20", evidence="文号3")
    act("returned", "returned", returned_date="2020-06-25", note="缺附件", redo_due_date="2020-11-30")
    task(world, "changed", "2020-03-31")
    task(world, "changed", "2020-12-31", ["U2"], verb="task.changed")


TASKS = {
    "done": ("办结", "已销号", Decimal(100), 5), "late": ("逾期", "办理中", Decimal(40), 20),
    "idle": ("未启动", "未签收", Decimal(0), 0), "noded": ("进行中", "未签收", Decimal(25), 0),
    "back": ("未启动", "未签收", Decimal(0), 0), "returned": ("进行中", "已退回", Decimal(0), 0),
    "changed": ("未启动", "未签收", Decimal(0), 0),
}  # fmt: skip


def test_tasks_stand_as_the_log_says_on_the_day(warehouse: Warehouse) -> None:
    rows = by(warehouse, "fct_tasks", "task_key")
    columns = ("task_status", "handling_state", "progress_pct", "late_days")
    assert {key: tuple(row[c] for c in columns) for key, row in rows.items()} == TASKS
    assert (rows["done"]["evidence"], rows["done"]["person"], rows["done"]["commitment_id"]) == (
        "文号2",
        "张三",
        "edited",
    )
    assert rows["returned"]["last_note"] == "缺附件"


def test_nodes_and_units_of_tasks(warehouse: Warehouse) -> None:
    nodes = warehouse.rows("select node_no, node_status, late_days from marts.fct_task_nodes order by node_no")
    assert [tuple(row.values()) for row in nodes] == [
        (1, "办结", 2),
        (2, "逾期", 5),
        (3, "未到期", 0),
        (4, "未到期", 0),
    ]
    row = by(warehouse, "fct_tasks", "task_key")["noded"]
    assert (row["node_count"], row["nodes_done_count"], row["nodes_overdue_count"]) == (4, 1, 1)
    assert row["next_node_date"] == date(2020, 10, 15)
    units = warehouse.rows(
        "select unit_code, unit_role, is_signed from marts.bridge_task_units where task_key = 'done'"
    )
    assert sorted(tuple(row.values()) for row in units) == [("U1", "牵头", True), ("U2", "配合", False)]
    assert by(warehouse, "fct_tasks", "task_key")["changed"]["assisting_count"] == 1


# ---- rectification


def rectifications(world: World) -> None:
    def act(verb: str, key: str, **payload: Any) -> int:
        return world.event(f"rectification.{verb}", "rectification", key, payload)

    def opened(key: str, due: str) -> None:
        act("opened", key, commitment_id="edited", unit_code="U1", plan="p.txt", quote="原文edited", due_date=due,
            gap="5", light="红")  # fmt: skip

    def through(key: str, result: str) -> None:
        act("cause_set", key, cause="师资不足")
        act("measures_set", key, measures="招聘教师", due_date="2020-10-31", person="李四")
        act("reported", key, progress="已招聘", report_date="2020-10-10")
        act("checked", key, result=result, checked_date="2020-10-12", note="见附件")

    opened("overdue", "2020-09-30")
    opened("closed", "2020-09-30")
    through("closed", "通过")
    act("closed", "closed", closed_date="2020-10-13")
    opened("failed", "2020-09-30")
    through("failed", "不通过")
    opened("reopened", "2020-09-30")
    through("reopened", "通过")
    act("closed", "reopened", closed_date="2020-10-13")
    act("reopened", "reopened", due_date="2020-12-31")
    opened("undone", "2020-12-31")
    undo(world, act("cause_set", "undone", cause="写错"))


RECTIFIED = {
    "overdue": ("自查", None, True, 20), "closed": ("销号", "通过", False, 0), "failed": ("措施", "不通过", False, 0),
    "reopened": ("差距", None, False, 0), "undone": ("自查", None, False, 0),
}  # fmt: skip


def test_rectification_goes_step_by_step_and_back(warehouse: Warehouse) -> None:
    rows = by(warehouse, "fct_rectifications", "rectification_key")
    columns = ("stage", "check_result", "is_overdue", "late_days")
    assert {key: tuple(row[c] for c in columns) for key, row in rows.items()} == RECTIFIED
    closed = rows["closed"]
    assert (closed["cause"], closed["measures"], closed["person"], closed["opened_gap"]) == (
        "师资不足",
        "招聘教师",
        "李四",
        5,
    )
    assert rows["reopened"]["last_progress"] is None
    assert rows["undone"]["cause"] is None
    steps = warehouse.rows(
        "select step_name from marts.fct_rectification_steps where rectification_key = 'closed' order by event_no"
    )
    assert [row["step_name"] for row in steps] == ["自查", "差距", "措施", "进展", "复核", "销号"]


# ---- what was reported


def submissions(world: World) -> None:
    def report(no: int, received: str, passed: int, **more: Any) -> int:
        row = {"period": JANUARY, "received_at": at(received)} | more
        cells = {"fitness_passed": passed, "fitness_tested": 100}
        return world.report("basic", f"430102000{no}", row.pop("period"), cells, region=EAST, **row)

    def act(verb: str, file_id: int, no: int, **more: Any) -> int:
        said = {"form_code": "basic", "reporter_code": f"430102000{no}", "period_start_date": "2020-01-01",
                "file_id": file_id}  # fmt: skip
        key = f"{file_id}|{said['reporter_code']}|2020-01-01"
        return world.event(f"submission.{verb}", "submission", key, said | more)

    report(1, "2020-02-05", 11)
    act("withdrawn", report(2, "2020-02-05", 21), 2)
    report(3, "2020-02-05", 31, is_current=False)
    act("withdrawn", report(3, "2020-02-06", 32, attempt_no=2), 3)
    undo(world, act("withdrawn", report(4, "2020-02-05", 41), 4))
    act(
        "reassigned", report(5, "2020-02-05", 51), 5, new_reporter_code="4301020006", new_period_start_date="2020-01-01"
    )
    # January locks on 11 March
    report(7, "2020-04-01", 71)
    report(8, "2020-04-01", 81)
    unlock = {"form_code": "basic", "reporter_code": "4301020008", "period_start_date": "2020-01-01", "name": "王五"}
    world.event("unlock.granted", "unlock", "basic|4301020008|2020-01-01", unlock | {"expires_date": "2020-04-10"})
    for no in range(1, 9):
        world.report("basic", f"430102000{no}", SEPTEMBER, FIT, region=EAST)


SUBMITTED = {
    1: ("已收", 11), 2: ("未报", None), 3: ("已收", 31), 4: ("已收", 41), 5: ("未报", None), 6: ("已收", 51),
    7: ("待解锁", None), 8: ("已收", 81),
}  # fmt: skip


def test_withdrawn_reassigned_and_locked_reports(warehouse: Warehouse) -> None:
    states = by_school(warehouse, "select * from marts.fct_submissions where form_code = 'basic'", "submission_state")
    values = by_school(
        warehouse, "select * from marts.fct_actuals where element_code = 'fitness_passed'", "value_number"
    )
    assert {no: (states[no], values.get(no)) for no in range(1, 9)} == SUBMITTED
    attempts = warehouse.rows(
        "select attempt_state, count(*) as n from marts.fct_submission_attempts"
        " where period_start_date = date '2020-01-01' group by all"
    )
    assert {row["attempt_state"]: row["n"] for row in attempts} == {"采用": 5, "已撤回": 2, "待解锁": 1}


def by_school(warehouse: Warehouse, sql: str, column: str) -> Mapping[int, Any]:
    rows = warehouse.rows(f"select * from ({sql}) where period_start_date = date '2020-01-01'")
    return {int(row["reporter_code"][-1]): row[column] for row in rows}


def approvals(world: World) -> None:
    shas = {row["file_id"]: row["sha256"] for row in world.rows["intake__files"]}
    september = [row for row in world.rows["forms__submissions"] if row["period_start_date"] == SEPTEMBER]
    digest = accepted_digest(
        (row["reporter_code"], shas[row["file_id"]]) for row in september if row["form_code"] == "basic"
    )

    def act(verb: str, period: str, of: str) -> int:
        said = {"form_code": "basic", "period_start_date": period, "region_code": EAST, "digest": of}
        return world.event(f"approval.{verb}", "approval", f"basic|{period}|{EAST}", said)

    act("submitted", "2020-09-01", digest)
    act("reviewed", "2020-09-01", digest)
    undo(world, act("locked", "2020-09-01", digest))
    act("submitted", "2020-01-01", digest)
    act("submitted", "2020-02-01", accepted_digest([]))
    act("returned", "2020-02-01", "x")


def test_an_approval_is_void_once_the_data_below_changed(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select * from marts.fct_approvals")
    found = {row["period_start_date"].isoformat(): (row["approved_state"], row["is_void"]) for row in rows}
    assert found == {"2020-09-01": ("已校审", False), "2020-01-01": ("已报送", True), "2020-02-01": ("已退回", False)}
    [september] = [row for row in rows if row["period_start_date"] == SEPTEMBER]
    assert (september["submitted_by"], september["reviewed_by"], september["locked_by"]) == ("甲", "甲", None)
    assert september["present_submission_count"] == 8


# ---- calendar, findings, years, notes


def other_acts(world: World) -> None:
    def entry(verb: str, key: str, **payload: Any) -> int:
        return world.event(f"calendar.{verb}", "calendar", key, payload)

    entry("added", "RL-1", matter="教育大会", entry_date="2020-10-01", date_precision="月")
    entry("changed", "RL-1", matter="全区教育大会", entry_date="2020-11-01", date_precision="月")
    entry("added", "RL-2", matter="删去", entry_date="2020-11-01", date_precision="日")
    entry("removed", "RL-2")
    for finding in ("doubt", "doubt2"):
        world.add("intake__findings", finding_id=finding, file_id=1, rule_code="r", severity="可疑", cause_key="c",
                  message="m", fix="f")  # fmt: skip
    world.event("finding.confirmed", "finding", "doubt")
    undo(world, world.event("finding.confirmed", "finding", "doubt2"))
    world.event("year.closed", "year", "2019", {"release_sequence": 3, "carried_commitment_count": 1,
                "carried_task_count": 2, "release_checksum": "x", "evaluation_date": "2019-12-31"})  # fmt: skip
    world.event("year.opened", "year", "2020", {"closed_year": 2019, "release_sequence": 3, "baseline_count": 7})
    on(world, "commitment.carried", "edited", from_year=2019, to_year=2020, release_sequence=3, target_value="80")
    world.event("note.added", "task", "late", {"text": "请抓紧"})


def test_calendar_entries_come_from_people_and_from_deadlines(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select source, entry_key, matter, is_overdue from marts.fct_calendar_entries")
    own = [(row["entry_key"], row["matter"]) for row in rows if row["source"] == "自定"]
    assert own == [("RL-1", "全区教育大会")]
    overdue = {row["entry_key"] for row in rows if row["is_overdue"] and row["source"] in ("任务", "节点", "整改")}
    assert overdue == {"late", "noded/2", "overdue"}
    keys = {(row["source"], row["entry_key"]) for row in rows}
    assert {("承诺", "edited"), ("节点", "noded/3"), ("报表", "basic|2020-09-01")} <= keys
    # what is drafted, suspended or repeats another has no day of its own
    assert not {("承诺", "drafted"), ("承诺", "paused"), ("承诺", "copy")} & keys


def test_findings_years_and_notes(warehouse: Warehouse) -> None:
    findings = by(warehouse, "fct_findings", "finding_id")
    assert (findings["doubt"]["is_confirmed"], findings["doubt"]["confirmed_by"]) == (True, "甲")
    assert findings["doubt2"]["is_confirmed"] is False
    years = by(warehouse, "fct_year_turns", "calendar_year")
    assert (years[2019]["is_closed"], years[2019]["carried_task_count"], years[2020]["baseline_count"]) == (True, 2, 7)
    assert warehouse.rows("select from_year, to_year, target_value from marts.fct_carried_commitments") == [
        {"from_year": 2019, "to_year": 2020, "target_value": Decimal(80)}
    ]
    assert warehouse.rows("select subject_key, note_text from marts.fct_notes") == [
        {"subject_key": "late", "note_text": "请抓紧"}
    ]


def test_units_tell_the_way_down_to_them(warehouse: Warehouse) -> None:
    assert by(warehouse, "dim_units", "unit_code")["U1"]["unit_path"] == "科室U1"
