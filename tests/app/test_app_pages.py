"""Every page runs on the showcase, says where its figures come from, and says what to do where there are none."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingestion.releases import Releases
from tests.app.showcase import record_attempt

ENTRY = Path(__file__).resolve().parents[2] / "app" / "streamlit_app.py"
PAGES = (
    "overview",
    "ledger",
    "commitment",
    "quality",
    "review",
    "tasks",
    "rectifications",
    "calendar",
    "approvals",
    "settings",
)


def opened(page: str = "overview", /, **parameters: str | list[str]) -> AppTest:
    """A page opened by its address, as from a link."""
    test = AppTest.from_file(str(ENTRY), default_timeout=60)
    test.switch_page(f"app_pages/{page}.py")
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def text(test: AppTest) -> str:
    """All HTML of the page run, in order."""
    return "\n".join(element.proto.body for element in test.get("html"))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_its_release_and_says_that_the_data_is_made_up(at_home: Path, page: str) -> None:
    shown = text(opened(page, commitment="c01"))
    assert "第1版" in shown
    assert "数据截至 <b>2020-10-20</b>" in shown
    assert shown.count("演示数据") >= 2
    assert "没能打开" not in shown


@pytest.mark.parametrize("tab", ["问题", "报送", "收件", "数字台账"])
def test_every_tab_of_quality_opens(at_home: Path, tab: str) -> None:
    test = opened("quality")
    test.segmented_control[0].set_value(tab).run()
    assert "没能打开" not in text(test)
    assert "两边相等" in text(test)


@pytest.mark.parametrize("key", ["c01", "c02", "c04", "c05", "c06", "c07", "c08", "c09", "l03", "l04", "l05"])
def test_every_kind_of_commitment_shows_its_sentence(at_home: Path, key: str) -> None:
    shown = text(opened("commitment", commitment=key))
    assert f'<mark data-focus="{key}"' in shown
    assert "没能打开" not in shown


def test_a_rate_shows_the_sums_it_was_made_from(at_home: Path) -> None:
    shown = text(opened("commitment", commitment="c01"))
    assert "594" in shown
    assert "1,247" in shown
    assert "47.6%" in shown


def test_a_grey_light_says_why_and_what_to_do(at_home: Path) -> None:
    shown = text(opened("commitment", commitment="c04"))
    assert "为什么是灰灯" in shown
    assert "没有指标口径或报表可以衡量这一承诺" in shown
    assert "怎么办" in shown


def test_what_a_file_carries_is_shown_and_never_obeyed(at_home: Path) -> None:
    for shown in (text(opened("commitment", commitment="c05")), text(opened("commitment", commitment="c01")),
                  text(opened("quality"))):  # fmt: skip
        assert "&lt;img src=x onerror=alert(1)&gt;" in shown
        assert "<img" not in shown


def test_an_unknown_commitment_leads_back_to_the_ledger(at_home: Path) -> None:
    assert "没有这一项承诺" in text(opened("commitment", commitment="no-such"))


def test_conditions_that_nothing_meets_say_so(at_home: Path) -> None:
    assert "没有符合条件的承诺" in text(opened("ledger", light="红", q="没有这样的词"))


@pytest.mark.parametrize("nonsense", [{"page": "-3"}, {"page": "99999"}, {"sort": "drop table"}, {"light": "紫"}])
def test_a_mistyped_address_still_shows_the_ledger(at_home: Path, nonsense: dict[str, str]) -> None:
    shown = text(opened("ledger", **nonsense))
    assert 'class="ledger"' in shown


def test_before_the_first_publish_the_page_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path))
    test = AppTest.from_file(str(ENTRY), default_timeout=60).run()
    assert "duban refresh" in text(test)
    assert not test.exception


def test_a_failed_refresh_is_told_with_its_reason_and_the_release_still_shown(own_home: Path) -> None:
    record_attempt(
        own_home, is_success=False, failures={"计算与审核": "承诺总数与亮灯总数不符 <b>"}, at="2999-01-01T00:00:00Z"
    )
    shown = text(opened())
    assert "今日更新未通过" in shown
    assert "计算与审核：承诺总数与亮灯总数不符 &lt;b&gt;" in shown
    assert "仍显示第1版" in shown


def test_a_failure_before_the_release_in_force_is_history(own_home: Path) -> None:
    record_attempt(own_home, is_success=False, failures={"发布": "磁盘已满"}, at="2001-01-01T00:00:00Z")
    assert "今日更新未通过" not in text(opened())


def test_a_hold_after_a_rollback_is_told(own_home: Path) -> None:
    releases = Releases(own_home / "releases")
    pointer = releases.pointer()
    assert pointer
    pointer.hold = "已由第 2 版回退到第 1 版：口径有误"
    releases._write(pointer)
    assert "口径有误" in text(opened())


def test_a_damaged_pointer_raises_the_alarm_and_serves_the_newest_release(own_home: Path) -> None:
    (own_home / "releases" / "CURRENT").write_text("?", "utf-8")
    shown = text(opened())
    assert "版本异常" in shown
    assert "最需要过问的" in shown


def test_a_page_that_fails_says_so_without_a_traceback(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.queries import commitments

    def broken(_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(commitments, "standings", broken)
    test = AppTest.from_file(str(ENTRY), default_timeout=60).run()
    assert "没能打开" in text(test)
    assert "secret" not in text(test)
    assert not test.exception


def test_a_release_of_an_older_program_asks_for_a_refresh(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.queries import commitments, core

    # as after an upgrade: what the page asks for is not in the release
    monkeypatch.setattr(commitments, "standings", lambda release: core.fetch(release, "from marts.fct_of_tomorrow"))
    shown = text(AppTest.from_file(str(ENTRY), default_timeout=60).run())
    assert "要先刷新才能看" in shown
    assert "duban refresh" in shown
    assert "没能打开" not in shown
