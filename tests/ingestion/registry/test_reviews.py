"""Reviews attach to commitments, the last one in force decides, and bulk acts overrule nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.registry import reviews
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed

FIRST = Reviewed("a" * 16, "甲区.txt", "公办园占比达50%以上", "50%以上")
SECOND = Reviewed("b" * 16, "甲区.txt", "制定甲办法")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "registry.sqlite")


def in_force(registry: Registry) -> dict[str, str]:
    frame = reviews.states(registry.events(), "commitment")
    return dict(frame.select("subject_key", "event_type").iter_rows())


def test_nothing_is_in_force_before_anyone_reviews(registry: Registry) -> None:
    assert in_force(registry) == {}


def test_the_last_review_decides_until_it_is_taken_back(registry: Registry) -> None:
    reviews.confirm(registry, FIRST, "王督学", "与原文一致")
    reviews.reject(registry, FIRST, "王督学", "是上年数")
    assert in_force(registry) == {FIRST.commitment_id: "commitment.rejected"}
    reviews.take_back(registry, "commitment", FIRST.commitment_id, "王督学", "看错了")
    assert in_force(registry) == {FIRST.commitment_id: "commitment.confirmed"}


def test_a_bulk_confirmation_leaves_single_reviews_alone(registry: Registry) -> None:
    reviews.reject(registry, FIRST, "王督学", "是上年数")
    assert len(reviews.confirm_plan(registry, [FIRST, SECOND], "李科长", "通读全文")) == 1
    assert reviews.confirm_plan(registry, [FIRST, SECOND], "李科长", "通读全文") == []
    assert in_force(registry) == {
        FIRST.commitment_id: "commitment.rejected",
        SECOND.commitment_id: "commitment.confirmed",
    }


def test_a_bulk_confirmation_without_a_reason_confirms_none(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="理由"):
        reviews.confirm_plan(registry, [FIRST, SECOND], "李科长", "")
    assert in_force(registry) == {}


def test_nothing_to_take_back_is_said(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="没有可撤回"):
        reviews.take_back(registry, "commitment", FIRST.commitment_id, "王督学", "看错了")


def test_reviews_accept_extraction_records_and_landed_rows() -> None:
    record = {"id": "c" * 16, "quote": "甲", "number_text": None}
    row = {"commitment_id": "c" * 16, "quote": "甲", "number_text": None}
    assert Reviewed.of(record, "甲区.txt") == Reviewed.of(row, "甲区.txt")
