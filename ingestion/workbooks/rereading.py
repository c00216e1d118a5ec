"""Which kept files a change of forms or of the register touches: only those are read again.

Here: digests of what forms say, and whom the rows of a file were matched to. Not here: reading (intake.py), matching
(reporters.py). A change of code, or of what decides which form a sheet is, touches every file; a change of a form's
rules or due days touches the files of that form; a change of the register touches the files with a row or a head that
is now matched otherwise than before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace

import polars as pl

from ingestion.tables import KEPT
from ingestion.workbooks.form_rules import is_across_files
from ingestion.workbooks.forms import Form
from ingestion.workbooks.reporters import match

LOOKUPS = "intake__lookups"
_FOUND = ["reporter_state", "reporter_code", "region_code", "other_code"]
_ASKED = ["reporter_type", "code_text", "name_text", "period_start_date", "period_end_date"]


def layout_digest(forms: Mapping[str, Form]) -> str:
    """One hash of all that decides which form a sheet is and what its cells are."""
    bare = [
        replace(form, name="", stages=(), due_days=0, lock_days=0, is_counted_from_start=False, rules=())
        for form in forms.values()
    ]
    return _digest([asdict(form) for form in bare])


def conduct_digests(forms: Mapping[str, Form]) -> dict[str, str]:
    """By form, one hash of what is judged of its rows and when they are due: active rules of one file, due days."""
    return {
        form.code: _digest([
            form.due_days,
            form.is_counted_from_start,
            [asdict(rule) for rule in form.rules if rule.is_active and not is_across_files(rule)],
        ])
        for form in forms.values()
    }  # fmt: skip


def lookups(heads: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Whom the sheets and rows of a batch were matched to, once each; both come from reporters.match."""
    columns = list(KEPT[LOOKUPS])
    return pl.concat([frame.select(columns) for frame in (heads.filter(pl.col("form_code") != ""), rows)]).unique(
        maintain_order=True
    )


def touched_files(
    kept: pl.DataFrame, reporters: pl.DataFrame, conduct: Mapping[str, str], before: Mapping[str, str]
) -> set[int]:
    """file_id of kept files to read again. `kept` is the landed table of lookups; `conduct` and `before` are
    conduct_digests of now and of when the files were read."""
    changed = [code for code, digest in conduct.items() if before.get(code) != digest]
    touched = set(kept.filter(pl.col("form_code").is_in(changed))["file_id"])
    asked = kept.select(_ASKED).unique(maintain_order=True)
    now = match(asked, reporters).select(*_ASKED, *_FOUND)
    same = kept.join(now, on=[*_ASKED, *_FOUND], how="semi", nulls_equal=True)
    otherwise = kept.join(same.unique(), on=list(KEPT[LOOKUPS]), how="anti", nulls_equal=True)
    return touched | set(otherwise["file_id"])


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, default=sorted, ensure_ascii=False).encode()).hexdigest()
