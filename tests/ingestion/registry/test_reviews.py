"""Reviews attach to commitments, the last one in force decides, and bulk acts overrule nobody."""

from __future__ import annotations

import pytest

from ingestion.registry import reviews
from ingestion.registry.acts import Who, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.reviews import Reviewed

FIRST = Reviewed("a" * 16, "甲区.txt", "公办园占比达50%以上", "50%以上")
SECOND = Reviewed("b" * 16, "甲区.txt", "制定甲办法")
WANG, LI = Who("王督学", "与原文一致"), Who("李科长", "通读全文")


def states(registry: Registry, *commitments: Reviewed) -> list[str]:
    followed = reviews.follow(standing(registry, "commitment"), commitments)
    return [reviews.state_of(followed[c.commitment_id]) for c in commitments]


def test_everything_waits_before_anyone_reviews(registry: Registry) -> None:
    assert states(registry, FIRST, SECOND) == ["待核", "待核"]


def test_the_last_review_decides_until_it_is_taken_back(registry: Registry) -> None:
    reviews.confirm(registry, [FIRST], WANG)
    reviews.reject(registry, [FIRST], Who("王督学", "是上年数"))
    assert states(registry, FIRST) == ["撤销"]
    reviews.take_back(registry, "commitment", FIRST.commitment_id, "王督学", "看错了")
    assert states(registry, FIRST) == ["已确认"]


def test_a_bulk_confirmation_leaves_single_reviews_alone(registry: Registry) -> None:
    third = Reviewed("c" * 16, "甲区.txt", "召开甲大会")
    reviews.reject(registry, [FIRST], WANG)
    reviews.draft(registry, [third], Who("王督学", "要问人事科"))
    assert len(reviews.confirm_plan(registry, [FIRST, SECOND, third], LI)) == 1
    assert reviews.confirm_plan(registry, [FIRST, SECOND, third], LI) == []
    assert states(registry, FIRST, SECOND, third) == ["撤销", "已确认", "草稿"]


def test_a_bulk_confirmation_without_a_reason_confirms_none(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="理由"):
        reviews.confirm_plan(registry, [FIRST, SECOND], Who("李科长", ""))
    assert states(registry, FIRST, SECOND) == ["待核", "待核"]


def test_nothing_to_take_back_is_said(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="没有可撤回"):
        reviews.take_back(registry, "commitment", FIRST.commitment_id, "王督学", "看错了")


def test_a_review_follows_its_words_to_a_new_id_and_bulk_respects_it(registry: Registry) -> None:
    reviews.reject(registry, [FIRST], WANG)
    again = Reviewed("d" * 16, FIRST.plan, FIRST.quote, FIRST.number_text)
    assert states(registry, again) == ["撤销"]
    assert reviews.confirm_plan(registry, [again], LI) == []
    # with the old id still there, the same words elsewhere are another commitment
    assert states(registry, FIRST, again) == ["撤销", "待核"]


def test_reviews_accept_extraction_records_and_landed_rows() -> None:
    record = {"id": "c" * 16, "quote": "甲", "number_text": None}
    row = {"commitment_id": "c" * 16, "quote": "甲", "number_text": None}
    assert Reviewed.of(record, "甲区.txt") == Reviewed.of(row, "甲区.txt")
