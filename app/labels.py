"""Short unique names for plans, as filters and addresses carry them."""

from __future__ import annotations

from collections import Counter

import polars as pl


def plan_labels(standings: pl.DataFrame) -> dict[str, str]:
    """document_id → 温州市龙湾区 2020; the file name is added where two plans would read alike."""
    plans = standings.select("document_id", "region_name", "region_code", "plan_year", "document_file").unique(
        "document_id", maintain_order=True
    )
    rows = plans.to_dicts()
    short = {
        r["document_id"]: f"{r['region_name'] or r['region_code'] or '地区未知'} {r['plan_year'] or ''}".strip()
        for r in rows
    }
    seen = Counter(short.values())
    return {
        r["document_id"]: short[r["document_id"]]
        if seen[short[r["document_id"]]] == 1
        else f"{short[r['document_id']]}（{r['document_file']}）"
        for r in rows
    }
