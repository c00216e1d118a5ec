"""Approval of what was reported, per form, period and region: 报送 → 校审 → 锁定 → 发布, or 退回.

An approval carries the digest of the accepted data it approves (vocabulary.py). Once the data below changes the digest
differs and the approval is void: it begins again with 报送.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ingestion.registry.acts import Act, Who, record, standing
from ingestion.registry.events import Registry, RegistryError
from ingestion.registry.published import Accepted

STEPS = {
    "approval.submitted": "已报送",
    "approval.reviewed": "已校审",
    "approval.locked": "已锁定",
    "approval.published": "已发布",
    "approval.returned": "已退回",
}
START, VOID = "未报送", "失效"
# the step that each act must follow
_AFTER = {
    "approval.reviewed": ("approval.submitted", "校审"),
    "approval.locked": ("approval.reviewed", "锁定"),
    "approval.published": ("approval.locked", "发布"),
}


@dataclass(frozen=True)
class Subject:
    """What is approved."""

    form_code: str
    period_start_date: date
    region_code: str

    @property
    def key(self) -> str:
        return f"{self.form_code}|{self.period_start_date.isoformat()}|{self.region_code}"


def state(acts: list[Act], digest: str) -> str:
    """未报送 已报送 已校审 已锁定 已发布 已退回 失效, of one subject's standing acts and the present digest."""
    if not acts:
        return START
    last = acts[-1]
    if last.event_type != "approval.returned" and last.payload["digest"] != digest:
        return VOID
    return STEPS[last.event_type]


def acts_of(registry: Registry, subject: Subject) -> list[Act]:
    """The standing acts on one subject."""
    return [act for act in standing(registry, "approval") if act.subject_key == subject.key]


def submit(registry: Registry, subject: Subject, data: Accepted, who: Who) -> int:
    """报送: say that the data is complete and right. Returns the event's number."""
    with registry.deciding():
        now = state(acts_of(registry, subject), data.digest)
        if now not in {START, VOID, "已退回"}:
            raise RegistryError(f"{subject.key} 是“{now}”，不用再报送；要重新报送，请先退回")
        if not data.submission_count:
            raise RegistryError(f"{subject.key} 还没有收到报表，不能报送")
        return _record(registry, "approval.submitted", subject, data, who)


def review(registry: Registry, subject: Subject, data: Accepted, who: Who) -> int:
    """校审: another person than who reported says the same. Returns the event's number."""
    return _follow(registry, "approval.reviewed", subject, data, who)


def lock(registry: Registry, subject: Subject, data: Accepted, who: Who) -> int:
    """锁定: later reports need an unlock. Returns the event's number."""
    return _follow(registry, "approval.locked", subject, data, who)


def publish(registry: Registry, subject: Subject, data: Accepted, who: Who) -> int:
    """发布: the figures may be quoted. Returns the event's number."""
    return _follow(registry, "approval.published", subject, data, who)


def give_back(registry: Registry, subject: Subject, data: Accepted, who: Who) -> int:
    """退回: it begins again with 报送. Returns the event's number."""
    with registry.deciding():
        now = state(acts_of(registry, subject), data.digest)
        if now in {START, "已退回"}:
            raise RegistryError(f"{subject.key} 是“{now}”，没有可退回的")
        return _record(registry, "approval.returned", subject, data, who)


def _follow(registry: Registry, event_type: str, subject: Subject, data: Accepted, who: Who) -> int:
    before, label = _AFTER[event_type]
    with registry.deciding():
        acts = acts_of(registry, subject)
        now = state(acts, data.digest)
        if now == VOID:
            last = acts[-1]
            done = f"{STEPS[last.event_type]}（第{last.event_no}号事件）"
            raise RegistryError(f"{subject.key} 在{done}之后数据有变，原办理已失效，请重新报送")
        if now != STEPS[before]:
            raise RegistryError(f"{subject.key} 是“{now}”，{STEPS[before]}之后才能{label}")
        submitter = next(act.actor for act in reversed(acts) if act.event_type == "approval.submitted")
        if event_type == "approval.reviewed" and submitter == who.by.strip():
            raise RegistryError(f"校审人不能是报送人（{submitter}），请换一人校审")
        return _record(registry, event_type, subject, data, who)


def _record(registry: Registry, event_type: str, subject: Subject, data: Accepted, who: Who) -> int:
    fields = {
        "form_code": subject.form_code, "period_start_date": subject.period_start_date.isoformat(),
        "region_code": subject.region_code, "digest": data.digest, "submission_count": data.submission_count,
        "release_sequence": data.release_sequence,
    }  # fmt: skip
    return record(registry, [who.event(event_type, "approval", subject.key, fields)])[0]
