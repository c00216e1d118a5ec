"""Reviewing on the page: one at a time, in bulk, taken back; every act is an event of the log and marked 待发布."""

from pathlib import Path

from ingestion.registry.events import Registry
from ingestion.registry.reviews import state_of
from tests.app.acting import acting, acts, fill, press, told
from tests.app.test_app_pages import opened, text


def state(log: Registry, commitment: str) -> str:
    return state_of([act for act in acts(log) if act.subject_key == commitment])


def test_the_first_waiting_commitment_is_shown_in_its_sentence_with_the_numbers_around(own_home: Path) -> None:
    shown = text(acting("review"))
    assert "还有 <b>1</b> 条待核" in shown
    assert '<mark data-focus="l04"' in shown
    assert "96%以上</b> 本条" in shown
    assert "口径已确认" in shown


def test_confirming_is_an_event_and_shows_at_once_as_unpublished(own_home: Path, log: Registry) -> None:
    before = log.last_event_no()
    test = press(acting("review"), "确认")
    assert state(log, "l04") == "已确认"
    made = acts(log)[-1]
    assert (made.actor, made.reason, made.event_no) == ("王敏", "逐条核对原文", before + 1)
    assert made.payload["plan"] == "lake.txt"
    assert "全部承诺都已复核" in text(test)
    assert "1 项办理待发布" in text(test)
    assert "已确认：义务教育标准化学校比例" in told(test)


def test_the_last_act_is_taken_back_right_after(own_home: Path, log: Registry) -> None:
    test = press(press(acting("review"), "确认"), "撤回")
    assert state(log, "l04") == "待核"
    assert log.last_event_no() == len(log.events())
    assert "已撤回刚才的办理" in told(test)
    assert "项办理待发布" not in text(test)


def test_after_a_review_the_next_one_of_the_list_comes_up(own_home: Path, log: Registry) -> None:
    test = acting("review", review="全部", of_plan="东湖区 2020")
    assert '<mark data-focus="l01"' in text(test)
    press(test, "存疑")
    assert state(log, "l01") == "草稿"
    assert '<mark data-focus="l02"' in text(test)
    press(test, "上一条")
    assert '<mark data-focus="l01"' in text(test)
    press(test, "否决")
    assert state(log, "l01") == "撤销"


def test_an_adjustment_keeps_what_was_read_beside_what_is_meant(own_home: Path, log: Registry) -> None:
    test = press(acting("review"), "调整")
    press(fill(test, edit_value="97", edit_deadline="2020-11-30"), "保存调整")
    changes = acts(log, "commitment.edited")[-1].payload["changes"]
    assert changes["value"] == {"old": "96", "new": "97"}
    assert changes["deadline"]["new"] == "2020-11-30"
    shown = text(acting("review", at="l04", review="全部"))
    assert '<s class="muted">96</s> → <b>97</b>' in shown
    assert "已调整" in shown


def test_an_impossible_adjustment_is_refused_in_words_and_nothing_is_recorded(own_home: Path, log: Registry) -> None:
    before = log.last_event_no()
    test = press(acting("review"), "调整")
    press(fill(test, edit_value="很多"), "保存调整")
    assert log.last_event_no() == before
    assert "“很多”不是数字" in told(test)


def test_what_is_left_is_confirmed_in_one_act_and_taken_back_in_one(own_home: Path, log: Registry) -> None:
    test = acting("review", review="全部", of_plan="东湖区 2020")
    press(test, "存疑")
    press(test, "确认这 1 条")
    assert state(log, "l04") == "已确认"
    assert state(log, "l01") == "草稿"
    press(test, "撤回")
    assert state(log, "l04") == "待核"


def test_without_a_person_nothing_can_be_done_and_the_page_asks_once(own_home: Path, log: Registry) -> None:
    test = opened("review")
    assert "开始办理前" in text(test)
    assert next(button for button in test.button if button.label == "确认").disabled
    test.selectbox(key="ask_actor").set_value("王敏").run()
    test.text_input(key="ask_reason").set_value("会议纪要").run()
    assert "开始办理前" not in text(test)
    press(test, "确认")
    assert (acts(log)[-1].actor, acts(log)[-1].reason) == ("王敏", "会议纪要")


def test_hostile_words_of_a_plan_stay_words(own_home: Path) -> None:
    shown = text(acting("review", at="c05", review="全部"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "<img" not in shown


def test_clauses_that_disagree_are_decided_on_the_page(own_home: Path, log: Registry) -> None:
    test = acting("review", view="矛盾条款")
    assert "前面写50%以上，这里写98%以上" in text(test)
    press(test, "以第 2 条为准")
    assert acts(log, "conflict.decided")[-1].payload["kept_commitment_id"] == "l02"
    assert "以此为准" in text(test)
    assert "让位" in text(test)
    assert "待裁定" not in text(test)
