"""The forms themselves as tables, for SQL. Not here: loading them (forms.py, which sandboxed children import)."""

from __future__ import annotations

import polars as pl

from ingestion.tables import FORMS
from ingestion.workbooks.form_rules import rule_rows
from ingestion.workbooks.forms import Form


def form_tables(forms: dict[str, Form]) -> dict[str, pl.DataFrame]:
    """forms__forms, forms__elements and forms__rules for landing."""
    elements = [
        (f.code, e.code, e.name, e.data_type, e.unit, e.behaviour, e.is_key)
        for f in forms.values()
        for e in f.elements.values()
    ]
    rhythms = [
        (f.code, f.name, f.reporter_type, "|".join(f.stages), f.frequency, f.due_days, f.lock_days,
         f.is_counted_from_start)
        for f in forms.values()
    ]  # fmt: skip
    return {
        "forms__elements": pl.DataFrame(elements, schema=FORMS["forms__elements"], orient="row"),
        "forms__rules": pl.DataFrame(
            [row for form in forms.values() for row in rule_rows(form)], schema=FORMS["forms__rules"], orient="row"
        ),
        "forms__forms": pl.DataFrame(rhythms, schema=FORMS["forms__forms"], orient="row"),
    }
