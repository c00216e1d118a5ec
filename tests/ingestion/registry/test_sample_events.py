"""The reviews that ship with the demonstration fit its plans and cards, and leave something to review."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from ingestion.registry.events import Registry
from ingestion.registry.sample_events import PLANS, SHIPPED, confirm_sample, propose, read_commitments

REGENERATE = "run `.venv/bin/python -m ingestion.registry.sample_events`, read the difference and commit it"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "registry.sqlite")


def test_the_shipped_reviews_are_those_of_the_present_extraction() -> None:
    shipped = [json.loads(line) for line in SHIPPED.read_text(encoding="utf-8").splitlines()]
    proposed = propose()
    gone = [line for line in shipped if line not in proposed]
    new = [line for line in proposed if line not in shipped]
    assert not gone, f"sample_events.jsonl no longer matches the plans, {REGENERATE}; gone: {gone[:3]}"
    assert not new, f"sample_events.jsonl misses reviews of the plans, {REGENERATE}; new: {new[:3]}"


def test_every_shipped_review_finds_its_commitment_and_only_once(registry: Registry) -> None:
    assert confirm_sample(registry, PLANS) == [], REGENERATE
    events = registry.events()
    assert events["subject_key"].is_unique().all()
    assert confirm_sample(registry, PLANS) == []
    assert registry.events().equals(events)


def test_some_commitments_stay_open_and_one_is_rejected(registry: Registry) -> None:
    confirm_sample(registry, PLANS)
    types = Counter(registry.events()["event_type"])
    commitments = {commitment_id for _, commitment_id in read_commitments(PLANS)}
    open_ones = commitments - set(registry.events()["subject_key"])
    assert 2 <= len(open_ones) <= len(commitments) / 8
    assert types["commitment.rejected"] == 1
    assert types["indicator.confirmed"] > 80


def test_other_plans_are_left_alone(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "甲区.txt").write_text("甲区2020年工作要点\n一、全年新增学位300个。\n", encoding="utf-8")
    unmatched = confirm_sample(registry, tmp_path)
    assert len(unmatched) > 100
    assert set(registry.events()["subject_type"]) == {"indicator"}
