"""A small bureau for the registry's tests: an empty log, a plan of three promises, four units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.registry.acts import Who
from ingestion.registry.events import Registry
from ingestion.registry.reviews import Reviewed, confirm
from ingestion.settings import Settings

NOTHING = (
    "indicator", "operator", "value", "value_high", "unit", "baseline", "strength", "responsible_unit", "per",
    "recurrence", "milestone", "work_type", "stated_count", "output", "restates", "part_of", "note", "projects",
    "number_text", "number_start",
)  # fmt: skip


def row(letter: str, kind: str, quote: str, start: int, **fields: Any) -> dict[str, Any]:
    """A landed commitment of 甲区's plan, as Catalog.commitments gives it."""
    known = {
        "commitment_id": letter * 16, "document_id": "doc", "file_name": "甲区-2020.txt", "region_code": "330303",
        "plan_year": 2020, "kind": kind, "quote": quote, "start_offset": start, "deadline": date(2020, 12, 31),
        "locator": "第1段",
    }  # fmt: skip
    return dict.fromkeys(NOTHING) | known | fields


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "registry.sqlite")


@pytest.fixture
def who() -> Who:
    return Who("王督学", "例行办理")


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [
        row("a", "metric", "公办园占比达50%以上", 10, indicator="公办园占比", operator=">=", value=Decimal(50),
            unit="%", number_text="50%以上", number_start=15),
        row("b", "deliverable", "制定甲办法", 40, output="甲办法"),
        row("c", "count", "新增学位300个", 80, indicator="学位", operator="increase", value=Decimal(300), unit="个",
            number_text="300个", number_start=84),
    ]  # fmt: skip


@pytest.fixture
def commitments(rows: list[dict[str, Any]]) -> list[Reviewed]:
    return [Reviewed.of(one, one["file_name"]) for one in rows]


@pytest.fixture
def confirmed(registry: Registry, commitments: list[Reviewed], who: Who) -> list[Reviewed]:
    """The first two promises, confirmed; the third waits."""
    confirm(registry, commitments[:2], who)
    return commitments[:2]


@pytest.fixture
def units() -> dict[str, str]:
    return {"JJ": "基础教育科", "XQ": "学前教育科", "JC": "计财科", "JC2": "计财科"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")
