"""What a person does on each page, by clicks, in a real browser. Figures are tested elsewhere."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Watched

ADDRESSES = {
    "overview": "",
    "ledger": "ledger",
    "detail": "commitment?commitment=c01",
    "milestone": "commitment?commitment=c05",
    "findings": "quality",
    "reports": "quality?tab=报送&form=幼儿园统计月报表",
    "files": "quality?tab=收件",
    "numbers": "quality?tab=数字台账",
    "review": "review?review=全部",
    "conflicts": "review?view=矛盾条款",
    "tasks": "tasks",
    "divide": "tasks?desk=立项&commitment=c09",
    "outputs": "tasks?desk=成果",
    "papers": "tasks?desk=导入导出",
    "rectifications": "rectifications",
    "calendar": "calendar?month=2020-12",
    "calendar_entry": "calendar?pane=增加事项",
    "settings": "settings",
    "schools": "settings?part=配置表&sheet=学校",
    "acts": "settings?part=办理记录",
    "releases": "settings?part=发布版",
}
# pages made of the same parts as those above: one scheme is enough
COMPARING = {
    "submissions": "submissions",
    "late": "submissions?list=迟报&form=幼儿园统计月报表",
    "regions": "regions?month=2020年9月",
    "balance": "balance",
    "assessments": "assessments",
    "upload": "upload?form=幼儿园统计月报表",
}
LIGHT = [(name, "light") for name in ADDRESSES | COMPARING]
# the dark scheme is one sheet of colours: every kind of part stands on one of these, the other pages follow in the soak
DARK = [
    pytest.param(name, "dark", marks=() if name in ("overview", "ledger", "detail", "review") else pytest.mark.soak)
    for name in ADDRESSES
]


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_from_a_red_light_to_the_sentence_and_the_cells(watched: Watched, size: tuple[int, int]) -> None:
    page = watched.open("")
    page.locator("a.tile.red").click()
    expect(page.get_by_role("heading", name="目标台账")).to_be_visible()
    assert parameters(page)["light"] == ["红"]
    rows = page.locator("table.ledger tbody tr")
    expect(rows.first.locator(".chip")).to_contain_text("红")
    assert all("红" in text for text in rows.locator(".chip").all_inner_texts())
    rows.first.locator(".c-target").click()  # anywhere in the row
    expect(page.locator("mark.number")).to_be_visible()
    pane, mark = page.locator(".doc").bounding_box(), page.locator("mark.quote").first.bounding_box()
    assert pane and mark
    assert pane["y"] <= mark["y"] <= pane["y"] + pane["height"]
    expect(page.locator(".evidence .source b").first).to_have_text(re.compile(r"[A-Z]+\d+"))
    page.go_back()
    expect(page.get_by_role("heading", name="目标台账")).to_be_visible()
    assert parameters(page)["light"] == ["红"]


def test_the_ledger_is_searched_sorted_and_shared_by_its_address(watched: Watched) -> None:
    page = watched.open("ledger")
    page.get_by_role("button", name=re.compile("^黄灯")).click()
    expect(page.locator(".found")).to_contain_text("符合条件 2 项")
    page.get_by_label("搜索").fill("普惠")
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_contain_text("符合条件 1 项")
    page.get_by_role("columnheader", name="截止").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="截止")).to_have_attribute("aria-sort", "ascending")
    assert parameters(page) == {"light": ["黄"], "q": ["普惠"], "sort": ["deadline"]}
    address = page.url.removeprefix(watched.base + "/")
    page = watched.open(address)
    expect(page.locator("table.ledger tbody tr")).to_have_count(1)
    page.get_by_role("link", name="清除全部条件").click()
    expect(page.locator(".found")).to_contain_text("列出 14 项")
    expect(page.get_by_label("搜索")).to_have_value("")


def test_a_plan_chosen_on_the_overview_stays_chosen_in_the_ledger(watched: Watched) -> None:
    page = watched.open("")
    page.get_by_role("radio", name="东湖区 2020").click()
    expect(page.locator(".lead")).to_contain_text("1 份工作要点，5 项承诺")
    page.locator("a.tile.green").click()
    expect(page.get_by_role("heading", name="目标台账")).to_be_visible()
    assert parameters(page) == {"light": ["绿"], "plan": ["东湖区 2020"]}
    expect(page.locator(".found")).to_contain_text("符合条件 1 项")


def test_a_finding_names_its_cell_and_its_fix(watched: Watched, size: tuple[int, int]) -> None:
    page = watched.open("")
    page.get_by_role("link", name="催报清单").click()
    expect(page.get_by_role("heading", name=re.compile("各地逐期报送率"))).to_be_visible()
    page.get_by_text("问题", exact=True).click()
    cause = page.locator("details.cause-group", has_text="不应为负数")
    cause.locator("summary").click()
    expect(cause.locator(".advice")).to_contain_text("请核对后填写")
    expect(cause.locator(".source b").first).to_have_text("C5")
    page.get_by_text("可疑", exact=True).first.click()
    expect(page.locator("details.cause-group")).to_have_count(1)
    page.get_by_text("收件", exact=True).click()
    expect(page.get_by_text("不是已登记的任何一种报表", exact=False)).to_be_visible()
    page.get_by_text("数字台账", exact=True).click()
    expect(page.locator(".number-plan")).to_have_count(2)


@pytest.mark.parametrize(("name", "scheme"), [*LIGHT, *DARK])
def test_pages_fit_read_and_reach_nothing_outside(watched: Watched, name: str, scheme: str) -> None:
    page = watched.open((ADDRESSES | COMPARING)[name])
    audited = Axe().run(page).response
    assert audited["passes"]
    assert [
        (v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:3]])
        for v in audited["violations"]
        if v["impact"] in ("serious", "critical")
    ] == []
    # nothing that came from a file became an element
    assert page.locator(".stHtml img, .stHtml script, .stHtml [onerror], .stHtml a[href^='javascript']").count() == 0
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".frame .demo")).to_be_in_viewport()
        expect(page.locator(".demo-mark")).to_be_in_viewport()
        widths = page.evaluate(
            "[document.querySelector('[data-testid=stMain]').scrollWidth, document.body.scrollWidth]"
        )
        assert max(widths) <= width
