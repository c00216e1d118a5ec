"""The demonstration's reviews: which commitments and cards of the sample people have confirmed, and which not.

data/registry/sample_events.jsonl names a commitment by plan file, kind, quote and number, as a person would; here those
words are resolved to the ids of the present extraction. Regenerate the file with

    .venv/bin/python -m ingestion.registry.sample_events

after data/plans, data/config/indicators.csv or the reading of plans has changed, and read the difference before you
commit it. Reviews of a real bureau are made in reviews.py; nothing here touches them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingestion.registry.events import NewEvent, Registry
from ingestion.registry.reviews import CONFIRMED, INDICATOR_CONFIRMED, REJECTED
from ingestion.settings import PROJECT_ROOT

SHIPPED = PROJECT_ROOT / "data" / "registry" / "sample_events.jsonl"
PLANS, CARDS = PROJECT_ROOT / "data" / "plans", PROJECT_ROOT / "data" / "config" / "indicators.csv"
REVIEWER = "演示督办员"
# of so many commitments (cards), one is left for the visitor to review
UNREVIEWED, UNREVIEWED_CARDS = 20, 37
REJECTED_OUTPUTS = {"整改计划": "没有写明成果名称，不单独督办"}
Line = dict[str, Any]


def confirm_sample(registry: Registry, plans_dir: Path, shipped: Path = SHIPPED) -> list[str]:
    """Append the demonstration's reviews to a log; a second time adds nothing.

    Returns, in Chinese, the lines whose commitment is not in the plans of `plans_dir` (with other plans, all of them).
    """
    lines = [json.loads(line) for line in shipped.read_text(encoding="utf-8").splitlines()]
    commitments = dict(_grouped(read_commitments(plans_dir)))
    events: list[NewEvent] = []
    unmatched: list[str] = []
    for line in lines:
        if line["subject_type"] != "commitment":
            events.append(_event(line, line["subject_key"]))
            continue
        ids = commitments.get(_words(line["payload"]), [])
        events += [_event(line, commitment_id) for commitment_id in ids]
        if not ids:
            unmatched.append("{plan}：“{quote}” {number_text}".format(**line["payload"]))
    known = set(registry.events()["subject_key"])  # ids name a commitment or a card: one review each is shipped
    registry.append_all(event for event in events if event.subject_key not in known)
    return unmatched


def propose(plans_dir: Path = PLANS, cards: Path = CARDS) -> list[Line]:
    """The lines to ship: every commitment and card confirmed, but for a few left open and those rejected by rule."""
    lines: list[Line] = []
    with cards.open(encoding="utf-8-sig", newline="") as file:
        for card in csv.DictReader(file):
            if not _is_left_open(card["indicator_code"], UNREVIEWED_CARDS):
                payload = {"definition_version": card["definition_version"]}
                line = _line(INDICATOR_CONFIRMED, "indicator", payload, "口径与统计制度一致", "2019-01-10T01:00:00Z")
                lines.append(line | {"subject_key": card["indicator_code"]})
    for words, _ in _grouped(read_commitments(plans_dir)):
        payload: Line = dict(zip(("plan", "kind", "quote", "number_text"), words, strict=True))
        year = payload["plan"].rsplit(".", 1)[0][-4:]
        at = f"{year}-02-20T02:00:00Z"
        why = next((REJECTED_OUTPUTS[o] for o in REJECTED_OUTPUTS if payload["quote"].endswith(o)), None)
        if why:
            lines.append(_line(REJECTED, "commitment", payload, why, at))
        elif not _is_left_open("|".join(map(str, words)), UNREVIEWED):
            lines.append(_line(CONFIRMED, "commitment", payload, "与原文一致", at))
    return lines


def read_commitments(plans_dir: Path) -> Iterator[tuple[tuple[str, str, str, str | None], str]]:
    """(plan file, kind, quote, number) and id of every commitment of every readable plan of a folder, in file order."""
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
            yield (path.name, commitment.kind, commitment.quote, commitment.number_text), commitment.id


def _grouped(commitments: Iterable[tuple[Any, str]]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """One promise may state the same number twice (甲3名、乙3名): such commitments are reviewed together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for words, commitment_id in commitments:
        groups.setdefault(words, []).append(commitment_id)
    yield from groups.items()


def _words(payload: Line) -> tuple[str, ...]:
    return payload["plan"], payload["kind"], payload["quote"], payload["number_text"]


def _is_left_open(key: str, one_in: int) -> bool:
    return int(sha256(key.encode()).hexdigest()[:8], 16) % one_in == 0


def _line(event_type: str, subject_type: str, payload: Line, reason: str, at: str) -> Line:
    line: Line = {"event_type": event_type, "subject_type": subject_type, "payload": payload}
    return line | {"actor": REVIEWER, "reason": reason, "occurred_at": at}


def _event(line: Line, subject_key: str) -> NewEvent:
    words = line["event_type"], line["subject_type"], subject_key, line["payload"], line["actor"], line["reason"]
    return NewEvent(*words, datetime.fromisoformat(line["occurred_at"]))


def main() -> None:
    """Write the shipped file anew from data/plans and data/config."""
    SHIPPED.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in propose())
    SHIPPED.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
