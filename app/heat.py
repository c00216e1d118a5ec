"""Heatmaps of reports: what one cell says, and regions or forms by periods. No SQL and no HTML here."""

from __future__ import annotations

from typing import Any

import polars as pl

from app.presenting import period_text


def heat_state(row: dict[str, Any]) -> str:
    """The word for one cell of the heatmap: its class in the stylesheet."""
    if row["not_due_count"] == row["expected_count"]:
        return "due"
    rate = row["accepted_count"] / row["expected_count"]
    if rate == 1:
        return "late" if row["late_count"] else "full"
    return "most" if rate >= 0.9 else "part" if rate >= 0.5 else "few"


def heatmap(coverage: pl.DataFrame, frequency: str | None) -> dict[str, Any]:
    """Regions by periods of one form; a region without reporters in a period has no cell."""
    periods = coverage["period_start_date"].unique().sort().to_list()
    regions: dict[str, dict[str, Any]] = {}
    for row in coverage.to_dicts():
        region = regions.setdefault(
            row["region_code"],
            {"name": row["region_name"] or row["region_code"], "level": row["region_level"], "cells": {}},
        )
        region["cells"][row["period_start_date"]] = row | {"state": heat_state(row)}
    heads = [{"day": day, "name": period_text(day, frequency)} for day in periods]
    return {"periods": heads, "regions": list(regions.values())}


def by_form(coverage: pl.DataFrame) -> dict[str, Any]:
    """Forms by months: a period stands in the month it begins in, under its own name."""
    months = coverage["period_start_date"].unique().sort().to_list()
    forms: dict[str, dict[str, Any]] = {}
    for row in coverage.to_dicts():
        form = forms.setdefault(
            row["form_code"], {"code": row["form_code"], "name": row["form_name"] or row["form_code"], "cells": {}}
        )
        period = period_text(row["period_start_date"], row["frequency"])
        form["cells"][row["period_start_date"]] = row | {"state": heat_state(row), "period": period}
    heads = [{"day": day, "name": period_text(day, "month")} for day in months]
    return {"periods": heads, "rows": list(forms.values())}
