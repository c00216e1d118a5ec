"""The demonstration's acts: which commitments and cards of the sample people have confirmed, and what they did since.

data/registry/sample_events.jsonl names a commitment by plan file, kind, quote and number, as a person would; here those
words are resolved to the ids of the present extraction. Regenerate the file with

    .venv/bin/python -m ingestion.registry.sample_events

after data/plans, data/config/indicators.csv or the reading of plans has changed, and read the difference before you
commit it. What the work consists of is sample_work.py's. Acts of a real bureau are the services'; none touch them here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from ingestion.plans.commitments import Commitment
from ingestion.registry.acts import record
from ingestion.registry.events import NewEvent, Registry
from ingestion.registry.reviews import CONFIRMED, INDICATOR_CONFIRMED, REJECTED
from ingestion.registry.sample_work import work
from ingestion.registry.vocabulary import accepted_digest
from ingestion.settings import PROJECT_ROOT

SHIPPED = PROJECT_ROOT / "data" / "registry" / "sample_events.jsonl"
PLANS, CARDS = PROJECT_ROOT / "data" / "plans", PROJECT_ROOT / "data" / "config" / "indicators.csv"
REVIEWER = "演示督办员"
# of so many commitments (cards), one is left for the visitor to review
UNREVIEWED, UNREVIEWED_CARDS = 20, 37
REJECTED_OUTPUTS = {"整改计划": "没有写明成果名称，不单独督办"}
_REVIEWS = {CONFIRMED, REJECTED}
Line = dict[str, Any]
Words = tuple[str, str, str, str | None]
T = TypeVar("T")


def confirm_sample(registry: Registry, plans_dir: Path, shipped: Path = SHIPPED) -> list[str]:
    """Append the demonstration's acts to a log; a second time adds nothing.

    Returns, in Chinese, the lines whose commitment is not in the plans of `plans_dir` (with other plans, all of them).
    """
    lines = [json.loads(line) for line in shipped.read_text(encoding="utf-8").splitlines()]
    present = ((words, commitment.id) for words, commitment in read_commitments(plans_dir))
    found = _Resolved(dict(_grouped(present)), plans_dir.parent / "inbox")
    events = [event for line in lines for event in found.events(line)]
    log = registry.events()
    known = set(log.select("event_type", "subject_key", "occurred_at").iter_rows())
    record(registry, [e for e in events if (e.event_type, e.subject_key, _naive(e.occurred_at)) not in known])
    return found.unmatched


class _Resolved:
    """Shipped lines turned into events of the present extraction; what hangs on a commitment not there is left out."""

    def __init__(self, commitments: dict[Words, list[str]], inbox: Path) -> None:
        self.commitments, self.inbox = commitments, inbox
        self.unmatched: list[str] = []
        self.made: set[str] = set()  # keys of tasks and rectifications that found their commitment
        self.is_sample = False

    def events(self, line: Line) -> Iterator[NewEvent]:
        said, kind = line["payload"], line["subject_type"]
        if "quote" in said:
            ids = self.commitments.get(_words(said), [])
            self.is_sample = self.is_sample or bool(ids)
            if not ids:
                self.unmatched.append("{plan}：“{quote}” {number_text}".format(**{"number_text": "", **said}))
            elif kind == "commitment":
                yield from (_event(line, one) for one in (ids if line["event_type"] in _REVIEWS else ids[:1]))
            else:
                self.made.add(line["subject_key"])
                yield _event(line, line["subject_key"], commitment_id=ids[0])
        elif kind == "approval":
            yield from self._approval(line)
        elif self._stands(kind, said.get("task_key", line["subject_key"])):
            yield _event(line, line["subject_key"])

    def _stands(self, kind: str, key: str) -> bool:
        """Whether what a line hangs on is there: its task or matter, for the calendar any plan of the sample."""
        return kind == "indicator" or key in self.made or (kind == "calendar" and self.is_sample)

    def _approval(self, line: Line) -> Iterator[NewEvent]:
        """An approval of a monthly form that one unit of the region files; it needs that file for its digest."""
        said = line["payload"]
        folder = self.inbox / said["region_code"] / said["period_start_date"][:7]
        files = sorted(folder.glob(f"教育项目进度月报表-{said['region_code']}-*"))
        if len(files) == 1:
            reporter = files[0].stem.split("-", 1)[1]
            digest = accepted_digest([(reporter, sha256(files[0].read_bytes()).hexdigest())])
            yield _event(line, line["subject_key"], digest=digest, submission_count=1)


def propose(plans_dir: Path = PLANS, cards: Path = CARDS) -> list[Line]:
    """The lines to ship: every commitment and card confirmed, but for a few left open and those rejected by rule; then
    the work that follows from the confirmed ones."""
    lines: list[Line] = []
    confirmed: list[tuple[str, Commitment]] = []
    with cards.open(encoding="utf-8-sig", newline="") as file:
        for card in csv.DictReader(file):
            if not _is_left_open(card["indicator_code"], UNREVIEWED_CARDS):
                payload = {"definition_version": card["definition_version"]}
                line = _line(INDICATOR_CONFIRMED, "indicator", payload, "口径与统计制度一致", "2019-01-10T01:00:00Z")
                lines.append(line | {"subject_key": card["indicator_code"]})
    for words, (first, *_) in _grouped(read_commitments(plans_dir)):
        payload: Line = dict(zip(("plan", "kind", "quote", "number_text"), words, strict=True))
        year = payload["plan"].rsplit(".", 1)[0][-4:]
        at = f"{year}-02-20T02:00:00Z"
        why = next((REJECTED_OUTPUTS[o] for o in REJECTED_OUTPUTS if payload["quote"].endswith(o)), None)
        if why:
            lines.append(_line(REJECTED, "commitment", payload, why, at))
        elif not _is_left_open("|".join(map(str, words)), UNREVIEWED):
            lines.append(_line(CONFIRMED, "commitment", payload, "与原文一致", at))
            confirmed.append((payload["plan"], first))
    return [*lines, *work(confirmed)]


def read_commitments(plans_dir: Path) -> Iterator[tuple[Words, Commitment]]:
    """(plan file, kind, quote, number) and the commitment, of every readable plan of a folder, in file order."""
    from ingestion.plans.document import UnreadablePlan
    from ingestion.plans.reading import read_plan

    for path in sorted(plans_dir.iterdir()):
        if not path.is_file() or path.name == "plans.csv" or path.name.startswith("."):
            continue
        try:
            reading = read_plan(path.read_bytes(), path.name)
        except UnreadablePlan:  # the refresh reports it; here it only has nothing to review
            continue
        for commitment in reading.commitments:
            yield (path.name, commitment.kind, commitment.quote, commitment.number_text), commitment


def _grouped(commitments: Iterable[tuple[Words, T]]) -> Iterator[tuple[Words, list[T]]]:
    """One promise may state the same number twice (甲3名、乙3名): such commitments are reviewed together."""
    groups: dict[Words, list[T]] = {}
    for words, commitment in commitments:
        groups.setdefault(words, []).append(commitment)
    yield from groups.items()


def _words(payload: Line) -> Words:
    return payload["plan"], payload["kind"], payload["quote"], payload.get("number_text")


def _is_left_open(key: str, one_in: int) -> bool:
    return int(sha256(key.encode()).hexdigest()[:8], 16) % one_in == 0


def _line(event_type: str, subject_type: str, payload: Line, reason: str, at: str) -> Line:
    line: Line = {"event_type": event_type, "subject_type": subject_type, "payload": payload}
    return line | {"actor": REVIEWER, "reason": reason, "occurred_at": at}


def _event(line: Line, subject_key: str, **more: object) -> NewEvent:
    payload = line["payload"] | more
    words = line["event_type"], line["subject_type"], subject_key, payload, line["actor"], line["reason"]
    return NewEvent(*words, datetime.fromisoformat(line["occurred_at"]))


def _naive(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=None) if at else None


def main() -> None:
    """Write the shipped file anew from data/plans and data/config."""
    SHIPPED.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in propose())
    SHIPPED.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
