"""Scoring of extraction against a folder of annotated documents: `NAME.txt` beside `NAME.jsonl`."""

from __future__ import annotations

import importlib.util
import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingestion.plans.commitments import extract_commitments, to_record

SCORER = Path(__file__).resolve().parents[4] / "shared/score/score_extraction.py"
FIELDS = ("value", "unit", "operator", "deadline", "indicator")

Record = dict[str, Any]


def names_in(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def text_of(folder: Path, name: str) -> str:
    return (folder / f"{name}.txt").open(encoding="utf-8", newline="").read()


def gold_of(folder: Path, name: str) -> list[Record]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


def predictions_of(folder: Path, name: str) -> list[Record]:
    return [to_record(c) for c in extract_commitments(text_of(folder, name))]


def shared_part(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Intersection over union of two spans, 0 where they do not touch."""
    both = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, both) / (max(a[1], b[1]) - min(a[0], b[0]))


def indicator_agrees(given: str, wanted: str) -> bool:
    """At least six tenths of the characters (F1), or a wording that holds nearly all of the other's characters."""
    common = sum((Counter(given) & Counter(wanted)).values())
    shorter, longer = sorted((len(given), len(wanted)))
    return 2 * common >= 0.6 * (len(given) + len(wanted)) or (longer <= 2 * shorter and common >= 0.8 * shorter >= 3)


def operator_agrees(given: str | None, gold: Record) -> bool:
    wanted, note = gold["operator"], gold["note"]
    if given == wanted or "any operator" in note:
        return True
    pair = {given, wanted}
    if pair == {"==", "increase"}:
        return gold["unit"] not in ("%", "百分点")
    return (pair == {">=", "=="} and gold["unit"] == "%") or (pair == {">=", "increase"} and "以上" in note)


def same_number(given: float | None, wanted: float | None) -> bool:
    if given is None or wanted is None:
        return given is wanted
    return math.isclose(given, wanted, rel_tol=4e-4)


def wrong_fields(prediction: Record, gold: Record) -> set[str]:
    dated = gold["deadline"] is not None and "inferred" not in gold["note"]
    verdict = {
        "value": same_number(prediction["value"], gold["value"])
        and same_number(prediction["value_high"], gold["value_high"]),
        "unit": prediction["unit"] == gold["unit"],
        "operator": operator_agrees(prediction["operator"], gold),
        "deadline": not dated or prediction["deadline"] == gold["deadline"],
        "indicator": indicator_agrees(prediction["indicator"] or "", gold["indicator"]),
    }
    return {field for field, right in verdict.items() if not right}


def score(predictions: list[Record], gold: list[Record]) -> Counter[str]:
    """Hits, hits right in all five fields, false alarms and misses of the number-carrying commitments."""
    open_targets = [g for g in gold if g["type"] == "target"]
    neutral = [(g["start"], g["end"]) for g in gold if g["type"] in ("ignore", "milestone")]
    count: Counter[str] = Counter()
    for prediction in predictions:
        if prediction["number_start"] is None:
            continue
        span = (prediction["number_start"], prediction["number_end"])
        best = max(open_targets, key=lambda g: shared_part(span, (g["start"], g["end"])), default=None)
        if best is not None and shared_part(span, (best["start"], best["end"])) >= 0.5:
            open_targets.remove(best)
            wrong = wrong_fields(prediction, best)
            count.update(hit=1, full=not wrong)
            count.update(dict.fromkeys(wrong, 1))
        elif not any(shared_part(span, other) for other in neutral):
            count["false_alarm"] += 1
    count["miss"] = sum("soft" not in g["note"] for g in open_targets)
    return count


def number_figures(folder: Path, names: Iterable[str]) -> dict[str, float]:
    """precision, recall, full_f1 and the share of hits right in each field, over all documents together."""
    total: Counter[str] = Counter()
    for name in names:
        total += score(predictions_of(folder, name), gold_of(folder, name))
    return {
        "precision": total["hit"] / (total["hit"] + total["false_alarm"]),
        "recall": total["hit"] / (total["hit"] + total["miss"]),
        "full_f1": 2 * total["full"] / (2 * total["hit"] + total["false_alarm"] + total["miss"]),
    } | {field: 1 - total[field] / total["hit"] for field in FIELDS}


def stage_figures(folder: Path, names: Iterable[str]) -> dict[str, float]:
    """milestone_f1, output_recall and output_precision, by the scorer beside the repository (`SCORER` must exist)."""
    spec = importlib.util.spec_from_file_location("score_extraction", SCORER)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    total: Counter[str] = Counter()
    for name in names:
        s = scorer.score_document(text_of(folder, name), predictions_of(folder, name), gold_of(folder, name))
        total.update({key: s[key] for key in ("m_hit", "m_pred", "m_gold", "d_hit", "d_gold")})
        total["d_extra"] += len(s["d_extra"])
    return {
        "milestone_f1": 2 * total["m_hit"] / (total["m_pred"] + total["m_gold"]),
        "output_recall": total["d_hit"] / total["d_gold"],
        "output_precision": total["d_hit"] / (total["d_hit"] + total["d_extra"]),
    }


def below(figures: dict[str, float], floors: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Figures under their floors: name -> (figure, floor)."""
    return {name: (figure, floors[name]) for name, figure in figures.items() if figure < floors[name]}


def check_annotation(text: str, gold: list[Record]) -> None:
    """Every record's spans point at what it quotes."""
    for g in gold:
        if g["type"] in ("target", "ignore"):
            assert text[g["start"] : g["end"]] == g["number_text"]
            assert text[g["evidence_start"] :].startswith(g["evidence"])
            assert g["number_text"] in g["evidence"] or "\n" in g["number_text"]
            continue
        assert text[g["start"] : g["end"]] == g["evidence"]
        if g["type"] == "milestone":
            assert all(project in g["evidence"] for project in g["projects"])
        else:
            assert text[g["output_start"] : g["output_end"]] == g["output"]


def check_quotes(text: str, predictions: list[Record]) -> None:
    """Every prediction quotes the text at its offsets."""
    for p in predictions:
        assert text[p["start"] : p["end"]] == p["quote"]
        assert p["number_start"] is None or text[p["number_start"] : p["number_end"]] == p["number_text"]
