"""The calendar, the settings, the menu by role, and what waits for the next release."""

import shutil
from pathlib import Path

import pytest

from app import navigation
from app.roles import Person
from ingestion.registry.calendars import read_calendar
from ingestion.registry.events import Registry
from ingestion.releases import Releases
from tests.app.acting import LEADER, acting, acts, fill, press, told
from tests.app.test_app_pages import text


def test_the_month_has_deadlines_and_reports_due_beside_own_entries(own_home: Path, log: Registry) -> None:
    test = acting("calendar", pane="增加事项", month="2020-12")
    press(fill(test, cal_matter="年终总结会", cal_day="2020-12-28", cal_unit="演示市教育局基建办"), "增加")
    (entry,) = read_calendar(acts(log)).values()
    assert (entry.entry_date, entry.unit_code) == ("2020-12-28", "U1")
    shown = text(acting("calendar", month="2020-12"))
    assert "年终总结会" in shown
    assert "公办园在园幼儿占比达到60%以上" in shown
    assert "另 " in shown  # more on the last day than a cell holds
    assert "报送截止" in text(acting("calendar"))


def test_an_own_entry_of_a_month_begins_on_its_first_day_and_is_changed_and_removed(
    own_home: Path, log: Registry
) -> None:
    test = acting("calendar", pane="增加事项")
    press(fill(test, cal_matter="开学检查", cal_exact="某个月", cal_day="2020-10-09"), "增加")
    (entry,) = read_calendar(acts(log)).values()
    assert (entry.entry_date, entry.precision) == ("2020-10-01", "月")
    page = acting("calendar", entry=entry.key)
    press(fill(page, cal_matter="秋季开学检查"), "保存")
    assert read_calendar(acts(log))[entry.key].matter == "秋季开学检查"
    press(acting("calendar", entry=entry.key), "删除这一项")
    assert read_calendar(acts(log)) == {}


def test_an_entry_without_a_matter_is_refused(own_home: Path, log: Registry) -> None:
    before = log.last_event_no()
    assert "请写明事项" in told(press(acting("calendar", pane="增加事项"), "增加"))
    assert log.last_event_no() == before


def test_a_form_with_an_emptied_date_is_refused_in_words(own_home: Path, log: Registry) -> None:
    test = fill(acting("calendar", pane="增加事项"), cal_matter="会议", cal_day=None)
    assert "请选一个日期" in told(press(test, "增加"))
    assert acts(log, "calendar.added") == []


def test_a_log_that_cannot_be_written_is_told_and_the_page_goes_on(own_home: Path) -> None:
    test = acting("review")
    (own_home / "registry.sqlite").unlink()
    (own_home / "registry.sqlite").mkdir()
    test.button(key="do_confirm").click()
    test.run()
    assert "登记簿现在写不进去" in str(test.session_state["_told"])
    assert "登记簿读不出来" in text(test)
    assert "第1版" in text(test)
    assert not test.exception


@pytest.mark.parametrize("month", ["", "2019-02", "2020-13", "胡写"])
def test_any_month_of_the_address_opens(own_home: Path, month: str) -> None:
    assert 'class="month"' in text(acting("calendar", month=month))


def test_settings_show_the_configuration_in_force_and_who_applied_it(own_home: Path) -> None:
    shown = text(acting("settings"))
    assert "配置第 1 版" in shown
    assert "王敏" in shown
    assert "建立演示单位" in shown
    table = text(acting("settings", part="配置表", sheet="学校", find="东湖"))
    assert "东湖第一幼儿园" in table
    assert "西山中心幼儿园" not in table
    assert "&lt;img src=x" in table
    assert "在用" in text(acting("settings", part="发布版"))


def test_any_act_can_be_taken_back_from_the_list_of_acts(own_home: Path, log: Registry) -> None:
    press(acting("review"), "确认")
    test = acting("settings", part="办理记录")
    chosen = test.selectbox(key="undo_which")
    assert "确认承诺" in chosen.options[0]
    chosen.set_value(chosen.options[0]).run()
    number = log.last_event_no()
    press(test, "撤回")
    assert log.events()["undoes_event_no"][-1] == number
    assert f"已由第 {number + 1} 号撤回" in text(test)


def test_a_configuration_that_cannot_be_read_is_told_with_what_to_do(own_home: Path) -> None:
    (own_home / "config" / "versions" / "000001" / "version.json").write_text("?", "utf-8")
    shown = text(acting("settings"))
    assert "配置读不出来" in shown
    assert "duban config check" in shown


def test_what_waits_is_marked_where_it_counts_and_counted_on_every_page(own_home: Path) -> None:
    press(acting("review"), "确认")
    assert "确认承诺 待发布" in text(acting("ledger"))
    detail = text(acting("commitment", commitment="l04"))
    assert "仍是已发布的第 1 版" in detail
    assert "1 项办理待发布" in text(acting("overview"))


def test_the_page_says_when_the_waiting_acts_are_published(own_home: Path, log: Registry) -> None:
    test = press(acting("review"), "确认")
    releases = Releases(own_home / "releases")
    published = log.last_event_no()
    publish_again(releases, own_home, published)
    test.run()
    shown = text(test)
    assert "已更新到第2版" in shown
    assert "1 项待发布的办理已经生效" in shown
    assert "项办理待发布" not in shown
    test.run()
    assert "已更新到第2版" not in text(test)


def publish_again(releases: Releases, home: Path, last_event_no: int) -> None:
    """A second release that holds the log up to now, made from the first."""
    import duckdb

    first = releases.resolve()
    build = home / "build.duckdb"
    shutil.copy(first.path, build)
    with duckdb.connect(str(build)) as con:
        con.execute("update marts.fct_events set event_no = ? where event_no = (select max(event_no) from marts.fct_events)", [last_event_no])  # fmt: skip  # noqa: E501
    info = {key: value for key, value in first.info().items() if key not in ("sequence", "published_at", "checksums")}
    releases.publish(build, info)


def test_a_leader_sees_four_pages_and_everybody_else_the_groups(own_home: Path) -> None:
    leader = [place.title for _, places in navigation.menu(Person("李局长", "领导")) for place in places]
    assert leader == ["总览", "目标台账", "重点项目", "整改台账"]
    everyone = [place.title for _, places in navigation.menu(Person()) for place in places]
    assert {"复核", "分解与台账", "行事历", "设置", "数据质量"} <= set(everyone)
    frame = text(acting("overview", LEADER))
    assert 'href="review"' not in frame
    assert 'href="review"' in text(acting("overview"))


@pytest.mark.parametrize("page", ["review", "tasks", "rectifications", "calendar", "approvals", "settings"])
def test_pages_of_acts_open_in_a_home_without_a_log(own_home: Path, page: str) -> None:
    (own_home / "registry.sqlite").unlink()
    shutil.rmtree(own_home / "config")
    shown = text(acting(page))
    assert "第1版" in shown
    assert "Traceback" not in shown
