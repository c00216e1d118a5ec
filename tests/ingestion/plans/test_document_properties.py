"""What holds for any bytes: a document whose paragraphs lie in its text, or a refusal that says what to do."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.plans.document import Document, UnreadablePlan, read_document

PLANS = Path(__file__).resolve().parents[3] / "data" / "plans"
NAMES = st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "计划", "a.xyz"])
WORDS = st.text(alphabet="一二三新建学校所，。%9５\r\n\u3000\ufeff<>&|#*_[]()\t\u2028😀䶮")
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])


def check(data: bytes, name: str) -> Document | None:
    try:
        document = read_document(data, name)
    except UnreadablePlan as refusal:
        assert "请" in refusal.reason
        return None
    end = 0
    for paragraph in document.paragraphs:
        assert end <= paragraph.start < paragraph.end <= len(document.text)
        assert document.text[paragraph.start : paragraph.end].strip()
        end = paragraph.end
    assert document.text.isascii() or "\ufffd" not in document.text
    return document


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), NAMES)
@example(b"\x1f", "a.txt")
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    check(data, name)


@settings(max_examples=150, deadline=None)
@given(WORDS, CODECS, st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_text_is_read_or_refused(text: str, codec: str, name: str) -> None:
    document = check(text.encode(codec), name)
    if document is not None and document.format == "txt" and codec in ("utf-8", "gb18030"):
        assert document.text == text


@pytest.mark.parametrize("name", ["taizhou-2020.docx", "linan-2019.pdf", "changsha-2020.html", "dongli-2020.txt"])
def test_flipped_bytes_are_read_or_refused(name: str) -> None:
    whole, dice = (PLANS / name).read_bytes(), random.Random(31)
    for flips in (1, 3, 30, 300):
        data = bytearray(whole)
        for _ in range(flips):
            data[dice.randrange(len(data))] = dice.randrange(256)
        check(bytes(data), name)
