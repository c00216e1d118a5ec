"""Values of numerals, and quantities as they are written."""

# ruff: noqa: E501 - tables of Chinese wording, counted double-width

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.plans.numerals import as_number, chinese_value, number_value
from ingestion.plans.quantities import find_quantities
from ingestion.plans.script import plain_view

DIGITS = "零一二三四五六七八九"


def written(n: int) -> str:
    """An independent way to write 1..9999 in Chinese."""
    text, gap = "", False
    for magnitude, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, magnitude)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + word
            gap = False
        else:
            gap = True
    return text.replace("一十", "十", 1) if text.startswith("一十") else text


@given(st.integers(1, 9999))
def test_chinese_numerals_read_back(n):
    assert chinese_value(written(n)) == n


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,530", 1530), ("12.5", Decimal("12.5")), ("两", 2), ("二十五", 25), ("一百零三", 103), ("三百五", 350), ("一万二", 12000),
     ("三点五", Decimal("3.5")), ("二〇二五", 2025), ("十", 10), ("两千三百", 2300), ("一亿二千万", 120_000_000)],
)  # fmt: skip
def test_values(text, value):
    assert number_value(text) == value


@pytest.mark.parametrize("text", ["", "意识", "十点", "abc", "五年"])
def test_no_numerals(text):
    assert number_value(text) is None


def test_json_numbers_are_whole_where_they_can_be():
    assert (as_number(Decimal("3.0")), as_number(Decimal("3.5")), as_number(None)) == (3, 3.5, None)
    assert isinstance(as_number(Decimal("3.0")), int)


@pytest.mark.parametrize(
    ("text", "written_as", "value", "unit"),
    [
        ("达到95%以上", "95%以上", 95, "%"),
        ("降低0.5个百分点", "0.5个百分点", Decimal("0.5"), "百分点"),
        ("投入68亿元", "68亿元", 6_800_000_000, "元"),
        ("培训1.2万人次以上", "1.2万人次以上", 12000, "人次"),
        ("建设3—5所", "3—5所", 3, "所"),
        ("百分之九十五", "百分之九十五", 95, "%"),
        ("三分之一以上", "三分之一以上", Decimal("33.33"), "%"),
        ("翻一番", "翻一番", 100, "%"),
        ("实现全覆盖", "全覆盖", 100, "%"),
        ("完成2/3以上", "2/3以上", Decimal("66.67"), "%"),
        ("新建十二所", "十二所", 12, "所"),
        ("２０％", "２０％", 20, "%"),
    ],
)
def test_quantities_as_written(text, written_as, value, unit):
    (q,) = find_quantities(plain_view(text))
    assert (text[q.start : q.end], q.value, q.unit) == (written_as, value, unit)


@given(st.text(max_size=200))
def test_the_plain_view_keeps_every_offset(text):
    assert len(plain_view(text)) == len(text)
