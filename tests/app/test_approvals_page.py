"""审批: reports signed off step by step, doubted values confirmed, leave given after the lock; a note on a promise."""

from datetime import datetime, timedelta
from pathlib import Path

from ingestion.evaluation import BUREAU_TIME
from ingestion.registry.acts import Who, record
from ingestion.registry.events import Registry
from ingestion.registry.published import accepted
from ingestion.registry.vocabulary import accepted_digest
from ingestion.releases import Releases
from tests.app.acting import REPORTER, acting, acts, fill, press, told
from tests.app.showcase import LAKE, MONTHS
from tests.app.test_app_pages import text

FORM = "幼儿园统计月报表"
APPROVER = "赵主任"


def at_lake(by: str):
    """审批 with the lake district's September chosen."""
    test = acting("approvals", by, "已核对", ap_form=FORM)
    test.selectbox(key="ap_period_kindergarten").set_value("2020年9月").run()
    chosen = test.selectbox(key=f"ap_region_kindergarten_{MONTHS[8]}")
    chosen.set_value(next(option for option in chosen.options if option.startswith("东湖区"))).run()
    return test


def test_a_period_is_signed_off_by_two_people_and_published(own_home: Path, log: Registry) -> None:
    assert "已报送" in told(press(at_lake(REPORTER), "报送"))
    assert "校审人不能是报送人" in told(press(at_lake(REPORTER), "校审"))
    for verb in ("校审", "锁定", "发布"):
        assert f"已{verb}" in told(press(at_lake(APPROVER), verb))
    steps = [act.event_type for act in acts(log) if act.subject_type == "approval"]
    assert steps == ["approval.submitted", "approval.reviewed", "approval.locked", "approval.published"]
    release = Releases(own_home / "releases").resolve()
    data = accepted(release, "kindergarten", MONTHS[8], LAKE)
    assert acts(log, "approval.published")[0].payload["digest"] == data.digest != accepted_digest([])
    done = at_lake(APPROVER)
    assert "已发布" in text(done)
    assert all(button.disabled for button in done.button if button.label in ("报送", "校审", "锁定", "发布"))
    press(done, "退回")
    assert acts(log, "approval.returned")[0].actor == APPROVER


def test_an_approval_is_void_when_the_data_below_changed(own_home: Path, log: Registry) -> None:
    press(at_lake(REPORTER), "报送")
    (act,) = acts(log, "approval.submitted")
    log.undo(act.event_no, "王敏", "换成以前的数据")
    older = act.payload | {"digest": accepted_digest([("1", "2")])}
    record(log, [Who("陈晨", "已核对").event("approval.submitted", "approval", act.subject_key, older)])
    shown = at_lake(APPROVER)
    assert "办理之后数据有变" in text(shown)
    assert next(button for button in shown.button if button.label == "校审").disabled


def test_a_doubted_value_is_confirmed_once(own_home: Path, log: Registry) -> None:
    test = acting("approvals", ap_part="可疑数据")
    assert "&lt;img src=x" in text(test)
    assert "已确认属实" in told(press(test, "确认属实"))
    (act,) = acts(log, "finding.confirmed")
    assert (act.subject_key, act.payload["rule_code"]) == ("g1", "KG101")
    assert not [button for button in test.button if button.label == "确认属实"]


def test_leave_to_report_after_the_lock_has_a_name_and_an_end(own_home: Path, log: Registry) -> None:
    test = acting("approvals", ap_part="解锁补报", ap_form=FORM)
    assert "请选择填报单位" in told(press(fill(test, unlock_name="陈局长"), "准许补报"))
    who = test.selectbox(key="unlock_who")
    who.set_value(who.options[0])
    until = (datetime.now(BUREAU_TIME).date() + timedelta(days=30)).isoformat()
    press(fill(test, unlock_name="陈局长", unlock_until=until), "准许补报")
    (act,) = acts(log, "unlock.granted")
    assert (act.payload["name"], act.payload["expires_date"]) == ("陈局长", until)
    assert until in text(test)
    over = (datetime.now(BUREAU_TIME).date() - timedelta(days=2)).isoformat()
    assert "已过" in told(press(fill(test, unlock_until=over), "准许补报"))


def test_a_note_is_added_where_the_commitment_is_read(own_home: Path, log: Registry) -> None:
    test = acting("commitment", commitment="l04")
    press(fill(test, note_text="局长要求十月底前报进展"), "加批注")
    (act,) = acts(log, "note.added")
    assert act.payload["text"] == "局长要求十月底前报进展"
    assert "局长要求十月底前报进展" in text(test)
    assert "请写明批注的内容" in told(press(test, "加批注"))
    assert len(acts(log, "note.added")) == 1
