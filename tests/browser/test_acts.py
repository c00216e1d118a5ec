"""What the supervision office does on its pages, by clicks and keys, in a real browser. Not here: what is recorded."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.freshness import LOOK_SECONDS
from ingestion.registry.task_workbook import SHEET
from tests.browser.conftest import DESKTOP, Watched


def say_who(watched: Watched, name: str = "王敏", why: str = "逐条核对原文") -> Page:
    """Answer the page's one question."""
    page = watched.page
    box = page.get_by_label("您是谁")
    box.click()
    page.get_by_role("option", name=name).click()
    watched.settled()
    page.get_by_label("依据什么办理").fill(why)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(why)
    return watched.settled()


def choose(page: Page, scope: Locator, label: str, option: str) -> None:
    scope.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def told(page: Page) -> Locator:
    return page.locator(".told")


def test_a_reviewer_decides_by_keys_and_takes_back(watched: Watched, size: tuple[int, int]) -> None:
    page = watched.open("review?review=全部&of_plan=东湖区 2020")
    say_who(watched)
    first = page.locator(".quote-big")
    expect(first).to_contain_text("公办园在园幼儿占比达到50%以上")
    if size == DESKTOP:
        page.locator("h1.title").click()
        page.keyboard.press("d")
    else:
        page.get_by_role("button", name="存疑").click()
    expect(told(page)).to_contain_text("已退为草稿")
    expect(first).to_contain_text("幼儿教师持证率提高到98%以上")
    expect(page.locator(".frame .unpublished")).to_contain_text("待发布")
    if size == DESKTOP:
        page.keyboard.press("k")
        expect(first).to_contain_text("公办园在园幼儿占比达到50%以上")
        page.keyboard.press("u")
    else:
        page.get_by_role("button", name="撤回").click()
    expect(told(page)).to_contain_text("已撤回刚才的办理")


def test_keys_typed_into_a_field_are_text(watched: Watched) -> None:
    page = watched.open("review?review=全部&of_plan=东湖区 2020")
    say_who(watched)
    page.keyboard.press("Escape")
    page.locator("h1.title").click()
    page.keyboard.press("e")
    field = page.get_by_label("责任单位", exact=True)
    field.fill("")
    field.press_sequentially("xydxj")
    expect(field).to_have_value("xydxj")
    expect(page.locator(".told")).to_have_count(0)


def test_a_commitment_is_divided_and_its_progress_reported(watched: Watched, size: tuple[int, int]) -> None:
    which = "c06" if size == DESKTOP else "c07"
    page = watched.open(f"commitment?commitment={which}")
    page.get_by_role("link", name="分解立项").click()
    watched.settled()
    say_who(watched)
    form = page.locator("[data-testid=stForm]")
    choose(page, form, "牵头单位", "演示市教育局基建办")
    form.get_by_label("责任人").fill("赵刚")
    form.get_by_role("button", name="立项").click()
    expect(told(page)).to_contain_text("已立项")
    expect(page.locator(".task-name")).to_be_visible()
    report = page.locator("[data-testid=stForm]", has_text="填报进度")
    report.get_by_label("完成百分比").fill("40")
    report.get_by_role("button", name="填报").click()
    expect(told(page)).to_contain_text("已填报")
    expect(page.locator(".bar-text").first).to_have_text("40%")
    page.get_by_role("link", name="← 全部任务").click()
    expect(page.locator("table.ledger.acts tbody tr").first).to_be_visible()


def test_a_red_light_becomes_a_rectification_with_a_cause(watched: Watched, size: tuple[int, int]) -> None:
    which = "c01" if size == DESKTOP else "c03"
    page = watched.open(f"commitment?commitment={which}")
    page.get_by_role("button", name="选择办理人").click()
    popover = page.locator("[data-testid=stPopoverBody]")
    popover.get_by_role("combobox", name="办理人").click()
    page.get_by_role("option", name="王敏").click()
    watched.settled()
    popover.get_by_label("办理依据").fill("局长办公会议定")
    page.keyboard.press("Enter")
    watched.settled()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="开启整改").click()
    popover = page.locator("[data-testid=stPopoverBody]")
    choose(page, popover, "整改单位", "演示市教育局基建办")
    watched.settled()
    popover.get_by_role("button", name="开启整改").click()
    expect(told(page)).to_contain_text("已开启整改")
    page.get_by_role("link", name="整改进行中：自查").click()
    page.get_by_label("原因").fill("新园未投用")
    page.get_by_role("button", name="记下原因").click()
    expect(page.locator(".track .here")).to_have_text("差距")
    page.get_by_role("link", name="← 全部整改").click()
    expect(page.locator(".cards > li").first).to_be_visible()


def test_an_entry_is_put_into_the_calendar_and_found_on_its_day(watched: Watched, size: tuple[int, int]) -> None:
    matter = f"家长开放日{size[0]}"
    page = watched.open("calendar?pane=增加事项&month=2020-11")
    say_who(watched)
    page.get_by_label("事项").fill(matter)
    page.get_by_role("button", name="增加", exact=True).click()
    expect(told(page)).to_contain_text(f"已增加：{matter}")
    page.get_by_text("月历", exact=True).click()
    shown = page.locator(".month .cal-item" if size == DESKTOP else ".month-list li", has_text=matter)
    expect(shown.first).to_be_visible()
    expect(page.locator(".month-pane")).to_be_visible(visible=size == DESKTOP)
    page.get_by_role("link", name="下月 →").click()
    expect(page.locator("h1.title")).to_contain_text("2020年12月")


def test_the_decomposition_goes_out_as_a_workbook_and_comes_back_with_a_preview(
    watched: Watched, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    page = watched.open("tasks?desk=导入导出")
    say_who(watched)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载分解立项表").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    book = load_workbook(path)
    sheet: Any = book[SHEET]
    headers = {str(cell.value): int(cell.column or 0) for cell in sheet[3]}
    row = next(r for r in range(4, 60) if sheet.cell(r, headers["承诺编号"]).value == "c02")
    for header, value in (("任务", "普惠园认定"), ("牵头单位", "演示市教育局基建办"), ("完成时限", "2020-12-01")):
        sheet.cell(row, headers[header]).value = value
    book.save(path)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("会改这些")).to_be_visible(timeout=40_000)
    expect(page.locator(".rest")).to_contain_text("新任务")
    page.get_by_role("button", name="按此办理").click()
    expect(told(page)).to_contain_text("已采用", timeout=40_000)
    page.get_by_text("任务", exact=True).first.click()
    expect(page.locator("table.ledger.acts")).to_contain_text("普惠园认定")


def test_an_act_is_taken_back_from_the_list_of_acts(watched: Watched, size: tuple[int, int]) -> None:
    page = watched.open("review?review=全部&of_plan=东湖区 2020")
    say_who(watched)
    page.get_by_role("button", name="否决").click()
    expect(told(page)).to_contain_text("已否决")
    page.locator(".frame .unpublished").click()
    expect(page.get_by_role("heading", name="设置")).to_be_visible()
    watched.settled()
    # typing opens the list whether or not the click did, which a redraw may close again
    page.get_by_label("撤回其中一条").press_sequentially("否决承诺")
    page.get_by_role("option", name="否决承诺").first.click()
    watched.settled()
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.locator(".acts-log .undone").first).to_be_visible()


@pytest.mark.soak
def test_looking_for_a_newer_release_leaves_an_open_list_and_half_a_word_alone(watched: Watched) -> None:
    page = watched.open("review?review=全部&of_plan=东湖区 2020")
    say_who(watched)
    page.get_by_role("button", name="存疑").click()
    expect(page.locator(".frame .unpublished")).to_contain_text("待发布")
    page = watched.open("approvals?ap_part=解锁补报")
    say_who(watched)
    approved = page.get_by_label("批准人")
    approved.press_sequentially("陈局")
    page.get_by_label("填报单位").click()
    for _ in range(3):
        page.wait_for_timeout(LOOK_SECONDS * 1000)
        expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(approved).to_have_value("陈局")


def test_a_leader_chooses_who_they_are_and_four_pages_are_left(watched: Watched) -> None:
    page = watched.open("")
    page.get_by_role("button", name="选择办理人").click()
    page.locator("[data-testid=stPopoverBody]").get_by_role("combobox", name="办理人").click()
    page.get_by_role("option", name="李局长").click()
    bar = page.locator("[data-testid=stTopNavLink]")
    expect(bar).to_have_count(4)
