"""An approval goes its steps in order, by two people, and is void once the data below it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ingestion.registry import approvals
from ingestion.registry.acts import Who
from ingestion.registry.approvals import Subject, acts_of, state
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.published import Accepted, accepted
from ingestion.registry.undoing import undo
from ingestion.registry.vocabulary import accepted_digest
from ingestion.releases import Release

SEPTEMBER = Subject("projects", date(2020, 9, 1), "330303")
LI, WANG, ZHANG = Who("李强", "齐全"), Who("王敏", "核对"), Who("张丽", "同意")


def seen(release: Release, subject: Subject = SEPTEMBER) -> Accepted:
    return accepted(release, subject.form_code, subject.period_start_date, subject.region_code)


def now(registry: Registry, data: Accepted) -> str:
    return state(acts_of(registry, SEPTEMBER), data.digest)


def test_the_digest_is_over_what_the_release_accepted(publish: Callable[..., Release]) -> None:
    data = seen(publish())
    assert (data.digest, data.submission_count) == (accepted_digest([("JC", "f1"), ("JJ", "f2")]), 2)
    assert seen(publish(), Subject("projects", date(2020, 7, 1), "330303")).submission_count == 0


def test_the_steps_are_taken_in_order(registry: Registry, publish: Callable[..., Release]) -> None:
    data = seen(publish())
    assert now(registry, data) == "未报送"
    for step in (approvals.review, approvals.lock, approvals.publish, approvals.give_back):
        with pytest.raises(RegistryError, match="未报送"):
            step(registry, SEPTEMBER, data, WANG)
    approvals.submit(registry, SEPTEMBER, data, LI)
    with pytest.raises(RegistryError, match="不用再报送"):
        approvals.submit(registry, SEPTEMBER, data, LI)
    with pytest.raises(RegistryError, match="已校审之后才能锁定"):
        approvals.lock(registry, SEPTEMBER, data, ZHANG)
    approvals.review(registry, SEPTEMBER, data, WANG)
    approvals.lock(registry, SEPTEMBER, data, ZHANG)
    approvals.publish(registry, SEPTEMBER, data, ZHANG)
    assert now(registry, data) == "已发布"


def test_who_submits_does_not_review(registry: Registry, publish: Callable[..., Release]) -> None:
    data = seen(publish())
    approvals.submit(registry, SEPTEMBER, data, LI)
    with pytest.raises(RegistryError, match="校审人不能是报送人"):
        approvals.review(registry, SEPTEMBER, data, Who(" 李强 ", "自己看过"))
    assert now(registry, data) == "已报送"


def test_changed_data_voids_and_begins_again(registry: Registry, publish: Callable[..., Release]) -> None:
    before = seen(publish())
    approvals.submit(registry, SEPTEMBER, before, LI)
    approvals.review(registry, SEPTEMBER, before, WANG)
    after = seen(publish(file=3))
    assert [now(registry, before), now(registry, after)] == ["已校审", "失效"]
    with pytest.raises(RegistryError, match="数据有变，原办理已失效"):
        approvals.lock(registry, SEPTEMBER, after, ZHANG)
    approvals.submit(registry, SEPTEMBER, after, WANG)
    with pytest.raises(RegistryError, match="王敏"):  # the last submission counts, not the void one
        approvals.review(registry, SEPTEMBER, after, WANG)
    approvals.review(registry, SEPTEMBER, after, LI)
    assert now(registry, after) == "已校审"


def test_what_was_given_back_begins_again(registry: Registry, publish: Callable[..., Release]) -> None:
    data = seen(publish())
    approvals.submit(registry, SEPTEMBER, data, LI)
    approvals.give_back(registry, SEPTEMBER, data, WANG)
    assert now(registry, data) == "已退回"
    with pytest.raises(RegistryError, match="没有可退回的"):
        approvals.give_back(registry, SEPTEMBER, data, WANG)
    approvals.submit(registry, SEPTEMBER, data, LI)
    assert now(registry, data) == "已报送"


def test_nothing_received_is_nothing_to_approve(registry: Registry, publish: Callable[..., Release]) -> None:
    july = Subject("projects", date(2020, 7, 1), "330303")
    with pytest.raises(RegistryError, match="还没有收到报表"):
        approvals.submit(registry, july, seen(publish(), july), LI)


def test_a_step_is_undone_from_the_last_backwards(registry: Registry, publish: Callable[..., Release]) -> None:
    data = seen(publish())
    submitted = approvals.submit(registry, SEPTEMBER, data, LI)
    reviewed = approvals.review(registry, SEPTEMBER, data, WANG)
    with pytest.raises(RegistryError, match=f"第{reviewed}号（校审）"):
        undo(registry, submitted, "李强", "报早了")
    undo(registry, reviewed, "王敏", "看错了")
    assert now(registry, data) == "已报送"
    undo(registry, submitted, "李强", "报早了")
    assert now(registry, data) == "未报送"
