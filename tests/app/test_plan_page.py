"""规划原文: every commitment coloured where it stands, every numeral with what became of it."""

import re
from pathlib import Path

import pytest

from app.documents import Span, coloured
from app.queries import commitments, plans
from ingestion.releases import Release
from tests.app.test_app_pages import opened, text


def joined(text: str, spans: list[Span], numbers: list[Span]) -> str:
    return "\n".join("".join(s.text for s in line) for line in coloured(text, spans, numbers))


def test_stretches_are_the_text_and_the_shortest_commitment_shows() -> None:
    whole = "甲乙丙丁\n戊己"
    lines = coloured(whole, [Span(0, 4, "long"), Span(1, 3, "short")], [Span(2, 3, "目标")])
    assert [[(s.text, s.commitment, s.number) for s in line] for line in lines] == [
        [("甲", "long", ""), ("乙", "short", ""), ("丙", "short", "目标"), ("丁", "long", "")],
        [("戊己", "", "")],
    ]
    assert joined(whole, [Span(0, 4, "long")], []) == whole


@pytest.mark.parametrize("span", [Span(-3, 2, "x"), Span(2, 99, "x"), Span(50, 60, "x"), Span(3, 1, "x")])
def test_offsets_outside_the_text_harm_nothing(span: Span) -> None:
    assert joined("一二三四五", [span], [span]) == "一二三四五"


def test_the_page_shows_the_whole_text_with_its_commitments(at_home: Path, release: Release) -> None:
    shown = text(opened("plan"))
    document = plans.documents(release).row(0, named=True)
    pane = re.search(r'<div class="doc whole".*?</div>', shown, re.DOTALL)
    assert pane
    plain = re.sub(r"<[^>]*>", "", pane.group()).replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
    letters = re.sub(r"\s", "", commitments.document_text(release, document["document_id"]))
    assert re.sub(r"\s", "", plain).replace("&#39;", "'").replace("&amp;", "&") == letters
    marked = commitments.standings(release).filter(document_id=document["document_id"])
    for key in marked["commitment_id"]:
        assert f"commitment?commitment={key}" in shown


def test_a_label_of_the_ledger_lists_its_numerals(at_home: Path, release: Release) -> None:
    document = plans.documents(release).row(0, named=True)
    numbers = plans.numbers(release, document["document_id"])
    label = numbers["label"][0]
    shown = text(opened("plan", label=label))
    assert f"{label}：{numbers.filter(label=label).height} 个" in shown
