"""Extraction from annotated documents, ours and those annotated apart: well formed, and no figure below its floor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingestion.plans.scoring import (
    SCORER,
    below,
    check_annotation,
    check_quotes,
    gold_of,
    names_in,
    number_figures,
    predictions_of,
    stage_figures,
    text_of,
)

HERE = Path(__file__).parent

# A little below what is measured (the README of each set tells how it is read): they may rise, and fall only with a
# stated reason.
FLOORS = {
    "constructed": {
        "precision": 0.98,
        "recall": 0.98,
        "full_f1": 0.91,
        "value": 0.98,
        "unit": 0.98,
        "operator": 0.98,
        "deadline": 0.98,
        "indicator": 0.91,
        "milestone_f1": 0.97,
        "output_recall": 0.97,
        "output_precision": 0.95,
    },
    "constructed_held_out": {
        "precision": 0.97,
        "recall": 0.97,
        "full_f1": 0.89,
        "value": 0.98,
        "unit": 0.98,
        "operator": 0.98,
        "deadline": 0.98,
        "indicator": 0.9,
        "milestone_f1": 0.94,
        "output_recall": 0.94,
        "output_precision": 0.93,
    },
}
DOCUMENTS = [(folder, name) for folder in FLOORS for name in names_in(HERE / folder)]


@pytest.mark.parametrize(("folder", "name"), DOCUMENTS)
def test_annotation_points_into_its_text(folder: str, name: str):
    check_annotation(text_of(HERE / folder, name), gold_of(HERE / folder, name))


@pytest.mark.parametrize(("folder", "name"), DOCUMENTS)
def test_predictions_quote_the_text(folder: str, name: str):
    check_quotes(text_of(HERE / folder, name), predictions_of(HERE / folder, name))


@pytest.mark.parametrize("folder", FLOORS)
def test_numbers_and_their_fields(folder: str):
    assert not below(number_figures(HERE / folder, names_in(HERE / folder)), FLOORS[folder])


@pytest.mark.skipif(not SCORER.exists(), reason="the scorer is not beside the repository")
@pytest.mark.parametrize("folder", FLOORS)
def test_milestones_and_outputs(folder: str):
    assert not below(stage_figures(HERE / folder, names_in(HERE / folder)), FLOORS[folder])
