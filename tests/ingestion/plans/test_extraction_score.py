"""The extraction against annotated plans, where those are present beside the repository."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest

from ingestion.plans.commitments import extract_commitments, to_record

SHARED = Path(__file__).resolve().parents[4] / "shared"


def score(plans: Path, gold: Path, years: dict[str, int]) -> Counter[str]:
    spec = importlib.util.spec_from_file_location("score_extraction", SHARED / "score/score_extraction.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    total: Counter[str] = Counter()
    for path in sorted(gold.glob("*.jsonl")):
        text = (plans / f"{path.stem}.txt").open(encoding="utf-8", newline="").read()
        records = [to_record(c) for c in extract_commitments(text, year=years.get(path.stem))]
        s = scorer.score_document(text, records, scorer.load(path))
        total.update(hit=len(s["hits"]), fp=len(s["false_alarms"]), fn=len(s["misses"]), bad=len(s["bad_quotes"]))
        total.update(full=sum(all(v is not False for v in verdict.values()) for _, _, verdict in s["hits"]))
        total.update(indicator=sum(bool(verdict["indicator"]) for _, _, verdict in s["hits"]))
        total.update(
            m_hit=s["m_hit"],
            m_pred=s["m_pred"],
            m_gold=s["m_gold"],
            d_hit=s["d_hit"],
            d_gold=s["d_gold"],
            d_extra=len(s["d_extra"]),
        )
        sure = [verdict for p, _, verdict in s["hits"] if p["confidence"] >= 0.9]
        total.update(sure=len(sure), sure_right=sum(all(v is not False for v in verdict.values()) for verdict in sure))
    return total


def f1(hit: int, predicted: int, gold: int) -> float:
    return 2 * hit / (predicted + gold)


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="no annotated plans beside the repository")
def test_five_plans():
    t = score(SHARED / "plans", SHARED / "gold", {})
    assert t["bad"] == 0
    assert f1(t["full"], t["hit"] + t["fp"], t["hit"] + t["fn"]) >= 0.93
    assert t["indicator"] / t["hit"] >= 0.93
    assert f1(t["m_hit"], t["m_pred"], t["m_gold"]) >= 0.90
    assert t["d_hit"] / t["d_gold"] >= 0.80
    assert t["d_hit"] / (t["d_hit"] + t["d_extra"]) >= 0.80
    assert t["sure"] >= 0.6 * t["hit"]
    assert t["sure_right"] >= 0.95 * t["sure"]


@pytest.mark.skipif(not (SHARED / "gold/extra").exists(), reason="no annotated plans beside the repository")
def test_livelihood_sections():
    years = json.loads((SHARED / "gold/extra/years.json").read_text("utf-8"))
    t = score(SHARED / "plans/extra", SHARED / "gold/extra", years)
    assert t["bad"] == 0
    assert f1(t["full"], t["hit"] + t["fp"], t["hit"] + t["fn"]) >= 0.88
