"""The pages of the compiled suites name every rule and fetch nothing."""

from __future__ import annotations

import re
from pathlib import Path

from ingestion.gates.docs import write_docs
from ingestion.workbooks.forms import load_forms


def test_pages_name_every_gate_and_fetch_nothing(tmp_path: Path) -> None:
    forms = {"kindergarten": load_forms()["kindergarten"]}
    pages = write_docs(forms, tmp_path / "docs")
    assert pages[0] == tmp_path / "docs" / "index.html"
    assert len(pages) == 2
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    fetched = r"""(?:src|href|srcset|action)\s*=\s*["']?\s*(?:https?:)?//[^"'>]+|@import|url\(\s*["']?http"""
    assert not re.findall(fetched, text)
    assert "<script" not in text
    for code in ("KG001", "KG002", "KG006", "KG010"):
        assert code in text
    assert "KG014" not in text  # on trial
