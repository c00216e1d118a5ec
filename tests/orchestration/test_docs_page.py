"""The page of the data dictionary holds every mart and column, in both languages, and asks nothing of the network."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from orchestration.dictionary import read_dictionary
from orchestration.docs_page import accepted_values, split, write_page


def test_every_mart_and_column_is_on_the_page(tmp_path: Path) -> None:
    page = write_page(tmp_path / "docs").read_text("utf-8")
    for table in read_dictionary():
        section = page.split(f'id="{table.name}"')[1].split("<h2")[0]
        assert re.findall(r"<tr><td><code>(\w+)</code></td>", section) == list(table.columns)
    assert not re.search(r"https?://|<script|@import|url\(", page)


def test_both_languages_stand_apart(tmp_path: Path) -> None:
    assert split("Σn/Σd in the unit of the card. 指标值。") == ("指标值。", "Σn/Σd in the unit of the card.")
    undivided = [
        (table.name, name)
        for table in read_dictionary()
        for name, (_, text) in [("", ("", table.description)), *table.columns.items()]
        if not re.search(r"[\u4e00-\u9fff]", split(text)[0]) or not re.search("[A-Za-z]", split(text)[1])
    ]
    assert undivided == []


def test_the_glossary_lists_the_words_a_column_may_hold(tmp_path: Path) -> None:
    page = unescape(write_page(tmp_path).read_text("utf-8")).split('id="glossary"')[1]
    assert accepted_values()["light"] == ("蓝", "绿", "黄", "红", "灰")
    assert "<td>蓝、绿、黄、红、灰</td>" in page
    assert "取决于" in accepted_values()["status"]
