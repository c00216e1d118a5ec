"""What a school's statistician and a person of one region do, by clicks, in a real browser."""

import io
from pathlib import Path

from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Watched
from tests.ingestion.workbooks.building import template_rows, xlsx

SCHOOL = ("9900010001", "东湖第一幼儿园")


def workbook(folder: Path, name: str, space: float, pupils: int = 90) -> Path:
    row = [*SCHOOL, pupils, 3, 12, 10, 4, 15, space]
    path = folder / name
    path.write_bytes(xlsx(template_rows("kindergarten", row, period="2020年9月", unit=SCHOOL[1])))
    return path


def hand_over(page: Page, path: Path) -> None:
    """By the button that a person sees: the input behind it takes a file even where nothing shows."""
    with page.expect_file_chooser() as chooser:
        page.locator("[data-testid=stFileUploaderDropzone] button[data-testid=stBaseButton-secondary]").click()
    chooser.value.set_files(path)


def test_a_school_checks_mends_and_hands_in(watched: Watched, size: tuple[int, int], tmp_path: Path) -> None:
    page = watched.open("upload?form=幼儿园统计月报表")
    page.set_default_timeout(60_000)  # the first check loads the gate
    expect(page.get_by_role("button", name="空白模板：幼儿园统计月报表")).to_be_visible()
    hand_over(page, workbook(tmp_path, "初稿.xlsx", -5))
    finding = page.locator("details.cause-group").first
    finding.wait_for()
    expect(finding).to_contain_text("I4")
    expect(finding.locator(".advice")).to_contain_text("请")
    expect(page.get_by_role("button", name="带 1 个问题上报")).to_be_visible()
    watched.settled()
    page.get_by_role("button", name="Remove 初稿.xlsx").click()
    watched.settled()
    hand_over(page, workbook(tmp_path, "改好.xlsx", 1200, 90 + (size != DESKTOP)))
    page.get_by_text("没有发现问题").wait_for()
    watched.settled()
    page.get_by_role("button", name="上报", exact=True).click()
    receipt = page.locator(".receipt")
    expect(receipt).to_contain_text("已收下")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载回执").click()
    paper = Document(io.BytesIO(download.value.path().read_bytes()))
    told = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    digest = receipt.locator("code").inner_text()
    assert digest in told
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= size[0]


def test_the_wrong_form_is_said_with_what_to_do(watched: Watched, tmp_path: Path) -> None:
    page = watched.open("upload?form=中小学统计月报表")
    page.set_default_timeout(60_000)
    hand_over(page, workbook(tmp_path, "表.xlsx", 1200))
    expect(page.get_by_role("alert")).to_contain_text("请把“报表”改选为《幼儿园统计月报表》", timeout=60_000)
    expect(page.get_by_role("button", name="上报", exact=True)).to_have_count(0)


def test_a_trend_is_taken_away_as_a_picture(watched: Watched) -> None:
    page = watched.open("commitment?commitment=c01")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载图片").click()
    assert download.value.suggested_filename.endswith(".png")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_person_of_one_region_sees_that_region(watched: Watched, size: tuple[int, int]) -> None:
    page = watched.open("")
    page.get_by_role("button", name="选择办理人").click()
    page.get_by_label("办理人", exact=True).click()
    page.get_by_role("option", name="周林").click()
    page.keyboard.press("Escape")
    page.get_by_text("1 份工作要点，5 项承诺").wait_for()
    watched.settled()
    expect(page.locator(".lead")).to_have_count(1)
    assert "西山县" not in page.locator("[data-testid=stApp]").inner_text()
    menu = page.locator(".frame nav.pages a").all_inner_texts()
    assert menu == ["目标台账", "上报", "学校报送", "数据质量"]
