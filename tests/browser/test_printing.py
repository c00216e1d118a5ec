"""Pages printed for a meeting: A4 landscape, nothing to click, lights with colour, shape and word, heads repeated."""

import pypdfium2
import pytest

from tests.browser.conftest import Watched

A4_LANDSCAPE = (842, 595)
MENU_WORDS = ("数据字典", "搜索承诺", "下载", "更多条件", "全部红黄灯")
RED = (179, 38, 30)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return request.param


def printed(watched: Watched, address: str) -> tuple[list[str], list]:
    """Text and picture of every sheet of paper."""
    # backgrounds are off in a print dialogue, and off here: what must keep its colour says so
    content = watched.open(address).pdf(prefer_css_page_size=True, print_background=False)
    sheets = pypdfium2.PdfDocument(content)
    assert {tuple(round(length) for length in sheet.get_size()) for sheet in sheets} == {A4_LANDSCAPE}
    texts = [sheet.get_textpage().get_text_range() for sheet in sheets]
    return texts, [sheet.render(scale=1).to_pil().convert("RGB") for sheet in sheets]


def test_the_ledger_prints_its_head_on_every_sheet_and_all_its_rows(watched: Watched, scheme: str) -> None:
    texts, pictures = printed(watched, "ledger")
    assert len(texts) > 1
    assert all("责任单位" in text and "现状" in text for text in texts[:-1])
    whole = "".join(texts)
    assert "第1版" in whole
    assert "2020-10-20" in whole
    assert whole.count("红 ") >= 2
    assert not [word for word in MENU_WORDS if word in whole]
    assert pictures[0].getpixel((2, 2)) == (255, 255, 255)
    assert RED in {colour for _, colour in pictures[0].getcolors(1_000_000)}


def test_the_overview_prints_its_lights_beside_each_other(watched: Watched) -> None:
    texts, pictures = printed(watched, "")
    words = ("严重滞后", "滞后", "正常", "已完成", "无法判定", "演示数据")
    assert all(word in texts[0] for word in words)
    assert not [word for word in MENU_WORDS if word in "".join(texts)]
    assert RED in {colour for _, colour in pictures[0].getcolors(1_000_000)}
