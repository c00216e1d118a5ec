"""The reviews that ship with the demonstration fit its plans and cards, and leave something to review."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import polars as pl

from ingestion.registry.acts import standing
from ingestion.registry.approvals import state
from ingestion.registry.events import Registry
from ingestion.registry.rectifications import read_rectifications
from ingestion.registry.sample_events import PLANS, SHIPPED, confirm_sample, propose, read_commitments
from ingestion.registry.task_states import read_tasks
from ingestion.registry.vocabulary import accepted_digest

REGENERATE = "run `.venv/bin/python -m ingestion.registry.sample_events`, read the difference and commit it"


def test_the_shipped_reviews_are_those_of_the_present_extraction() -> None:
    shipped = [json.loads(line) for line in SHIPPED.read_text(encoding="utf-8").splitlines()]
    proposed = propose()
    gone = [line for line in shipped if line not in proposed]
    new = [line for line in proposed if line not in shipped]
    assert not gone, f"sample_events.jsonl no longer matches the plans, {REGENERATE}; gone: {gone[:3]}"
    assert not new, f"sample_events.jsonl misses reviews of the plans, {REGENERATE}; new: {new[:3]}"


def test_every_shipped_act_finds_its_commitment_and_only_once(registry: Registry) -> None:
    assert confirm_sample(registry, PLANS) == [], REGENERATE
    events = registry.events()
    reviews = events.filter(events["event_type"].is_in(["commitment.confirmed", "commitment.rejected"]))
    assert reviews["subject_key"].is_unique().all()
    assert confirm_sample(registry, PLANS) == []
    assert registry.events().equals(events)


def test_some_commitments_stay_open_and_one_is_rejected(registry: Registry) -> None:
    confirm_sample(registry, PLANS)
    types = Counter(registry.events()["event_type"])
    commitments = {commitment.id for _, commitment in read_commitments(PLANS)}
    reviewed = registry.events().filter(pl.col("event_type").is_in(["commitment.confirmed", "commitment.rejected"]))
    open_ones = commitments - set(reviewed["subject_key"])
    assert 2 <= len(open_ones) <= len(commitments) / 8
    assert types["commitment.rejected"] == 1
    assert types["indicator.confirmed"] > 80


def test_other_plans_are_left_alone(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "甲区.txt").write_text("甲区2020年工作要点\n一、全年新增学位300个。\n", encoding="utf-8")
    unmatched = confirm_sample(registry, tmp_path)
    assert len(unmatched) > 100
    assert set(registry.events()["subject_type"]) == {"indicator"}


def test_the_sample_shows_work_in_every_state(registry: Registry) -> None:
    confirm_sample(registry, PLANS)
    acts = standing(registry)
    tasks = list(read_tasks(acts).values())
    assert {task.state for task in tasks} == {"未签收", "办理中", "待核查", "已退回", "已销号"}
    assert sum(bool(task.nodes) for task in tasks) > 60
    assert {matter.stage for matter in read_rectifications(acts).values()} == {"自查", "差距", "措施", "复核", "销号"}
    assert {act.event_type for act in acts} >= {"calendar.added", "note.added", "rectification.reopened"}


def test_the_sample_could_have_been_done_by_people(registry: Registry) -> None:
    confirm_sample(registry, PLANS)
    acts = standing(registry)
    signed = {act.subject_key: act for act in acts if act.event_type == "task.signed"}
    for task in read_tasks(acts).values():
        assert all(node.due_date <= task.due_date for node in task.nodes), task
        assert task.lead[:6] == {"long": "330303", "dong": "120110", "chan": "430100", "taiz": "331000"}.get(
            task.commitment.plan[:4], "330112"
        )
        assert not task.reports or task.key in signed
        dates = [act.payload["report_date"] for act in task.reports if act.event_type == "task.reported"]
        assert dates == sorted(dates)
        if task.state == "已销号":
            assert all(node.done_date for node in task.nodes), task
            assert task.reports[-2].payload["status"] == "办结"
            assert task.reports[-2].actor != task.reports[-1].actor


def test_approvals_rest_on_the_files_of_the_home(registry: Registry, tmp_path: Path) -> None:
    plans, inbox = tmp_path / "plans", tmp_path / "inbox" / "330303" / "2020-07"
    plans.mkdir()
    for plan in PLANS.iterdir():
        (plans / plan.name).write_bytes(plan.read_bytes())
    inbox.mkdir(parents=True)
    (inbox / "教育项目进度月报表-330303-JC.xlsx").write_bytes(b"file")
    confirm_sample(registry, plans)
    acts = standing(registry, "approval")
    assert {act.subject_key for act in acts} == {"projects|2020-07-01|330303"}
    digest = accepted_digest([("330303-JC", "3b9c358f36f0a31b6ad3e14f309c7cf198ac9246e8316f9ce543d5b19ac02b80")])
    assert [state(acts, digest), state(acts, "")] == ["已发布", "失效"]
