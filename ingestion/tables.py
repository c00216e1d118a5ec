"""The landing tables: one name, one schema, everywhere.

A key here is the asset `raw_<key>`, the folder `landing/<key>/`, the view `raw.<key>` and the dbt source. Offsets are
Python str indexes into the document's text; `*_at` is UTC; periods are named by their first day. What a column means
is documented once, in dbt_project/models/staging/_sources.yml. No logic belongs here.
"""

from __future__ import annotations

import polars as pl

NUMBER = pl.Decimal(24, 6)

# fmt: off
PLANS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    # one row a plan file that was read; files that could not be read are in intake__files and intake__findings
    "plans__documents": {
        "document_id": pl.String, "file_id": pl.Int32, "file_name": pl.String, "document_format": pl.String,
        "title": pl.String, "region_code": pl.String, "plan_year": pl.Int32, "text": pl.String,
        "text_sha256": pl.String,
    },
    "plans__outline_items": {
        "document_id": pl.String, "item_no": pl.Int32, "parent_item_no": pl.Int32, "item_path": pl.String,
        "level": pl.Int32, "heading": pl.String, "start_offset": pl.Int32, "end_offset": pl.Int32, "locator": pl.String,
    },
    "plans__commitments": {
        "commitment_id": pl.String, "document_id": pl.String, "kind": pl.String, "quote": pl.String,
        "start_offset": pl.Int32, "end_offset": pl.Int32, "number_text": pl.String, "number_start": pl.Int32,
        "number_end": pl.Int32, "indicator": pl.String, "operator": pl.String, "value": NUMBER, "value_high": NUMBER,
        "unit": pl.String, "baseline": NUMBER, "deadline": pl.Date, "strength": pl.String, "confidence": pl.Float64,
        "responsible_unit": pl.String, "per": pl.String, "recurrence": pl.String, "item_path": pl.String,
        "locator": pl.String, "milestone": pl.String, "work_type": pl.String, "stated_count": pl.Int32,
        "output": pl.String, "restates": pl.String, "part_of": pl.String, "note": pl.String,
    },
    "plans__commitment_projects": {
        "commitment_id": pl.String, "document_id": pl.String, "project_no": pl.Int32, "project_name": pl.String,
    },
    # the number ledger: every numeral of a plan with what became of it
    "plans__numbers": {
        "document_id": pl.String, "start_offset": pl.Int32, "end_offset": pl.Int32, "number_text": pl.String,
        "label": pl.String, "commitment_id": pl.String,
    },
    # link_method: exact | alias | suggestion; only the first two are ever applied without a person
    "plans__links": {
        "commitment_id": pl.String, "document_id": pl.String, "indicator_code": pl.String, "link_method": pl.String,
        "link_score": pl.Float64, "explanation": pl.String,
    },
    # a document with its edition before, or with the plan of the year before; relation: edition | year
    "plans__editions": {
        "document_id": pl.String, "earlier_document_id": pl.String, "relation": pl.String, "title_score": pl.Float64,
        "shared_share": pl.Float64,
    },
    # what became of each promise between the two: 放弃 降低 推迟 提高 提前 新增 延续
    "plans__changes": {
        "document_id": pl.String, "earlier_document_id": pl.String, "relation": pl.String, "change_no": pl.Int32,
        "commitment_id": pl.String, "earlier_commitment_id": pl.String, "change": pl.String, "value_change": pl.String,
        "deadline_change": pl.String, "match_score": pl.Float64, "explanation": pl.String,
    },
    # clauses of one plan that disagree, each later clause with the one before it
    "plans__conflicts": {
        "document_id": pl.String, "commitment_id": pl.String, "other_commitment_id": pl.String, "reason": pl.String,
    },
}

FORMS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    # one row a reporter in a workbook: (file, form, reporter, period); is_current is false once superseded
    "forms__submissions": {
        "file_id": pl.Int32, "form_code": pl.String, "template_version": pl.String, "reporter_code": pl.String,
        "reporter_type": pl.String, "region_code": pl.String, "period_start_date": pl.Date,
        "received_at": pl.Datetime("us"), "attempt_no": pl.Int32, "submission_state": pl.String,
        "is_current": pl.Boolean, "is_late": pl.Boolean,
    },
    # one row a cell with a meaning; record_key tells rows of one reporter apart (a project, a matter), else ''
    "forms__values": {
        "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "column_no": pl.Int32, "form_code": pl.String,
        "reporter_code": pl.String, "period_start_date": pl.Date, "record_key": pl.String, "element_code": pl.String,
        "value_number": NUMBER, "value_text": pl.String, "missing_reason": pl.String, "raw_text": pl.String,
    },
    "forms__sheets": {
        "file_id": pl.Int32, "sheet_no": pl.Int32, "sheet_name": pl.String, "is_hidden": pl.Boolean,
        "cells_received": pl.Int64, "cells_loaded": pl.Int64, "cells_quarantined": pl.Int64, "cells_ignored": pl.Int64,
    },
    "forms__quarantined_cells": {
        "file_id": pl.Int32, "sheet_no": pl.Int32, "row_no": pl.Int32, "column_no": pl.Int32, "finding_id": pl.String,
        "raw_text": pl.String,
    },
    # ignored cells as rectangles with their reason: title, header, note, total row, contact field, hidden sheet
    "forms__ignored_cells": {
        "file_id": pl.Int32, "sheet_no": pl.Int32, "first_row_no": pl.Int32, "last_row_no": pl.Int32,
        "first_column_no": pl.Int32, "last_column_no": pl.Int32, "cell_count": pl.Int64, "ignored_reason": pl.String,
    },
    "forms__elements": {
        "form_code": pl.String, "element_code": pl.String, "element_name": pl.String, "data_type": pl.String,
        "unit": pl.String, "behaviour": pl.String, "is_key": pl.Boolean,
    },
    # one row a rule and element; the numbers are parameters of rules across files
    "forms__rules": {
        "form_code": pl.String, "rule_code": pl.String, "severity": pl.String, "kind": pl.String,
        "element_code": pl.String, "other_form_code": pl.String, "other_element_code": pl.String, "percent": NUMBER,
        "least": NUMBER, "score_limit": NUMBER, "least_periods": NUMBER, "message": pl.String, "fix": pl.String,
        "is_active": pl.Boolean, "is_across_files": pl.Boolean,
    },
    "forms__forms": {
        "form_code": pl.String, "form_name": pl.String, "reporter_type": pl.String, "stages": pl.String,
        "frequency": pl.String, "due_days": pl.Int32, "lock_days": pl.Int32, "is_counted_from_start": pl.Boolean,
    },
}

INTAKE: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    # every arrival, plan or workbook; file_state: loaded | quarantined | ignored
    "intake__files": {
        "file_id": pl.Int32, "sha256": pl.String, "file_name": pl.String, "file_kind": pl.String,
        "size_bytes": pl.Int64, "received_at": pl.Datetime("us"), "file_state": pl.String, "reason": pl.String,
        "form_code": pl.String,
    },
    # severity: 结构 | 有效性 | 可疑 | 宏观
    "intake__findings": {
        "finding_id": pl.String, "file_id": pl.Int32, "sheet_name": pl.String, "cell": pl.String,
        "raw_value": pl.String, "rule_code": pl.String, "severity": pl.String, "message": pl.String, "fix": pl.String,
        "form_code": pl.String, "reporter_code": pl.String, "period_start_date": pl.Date, "element_code": pl.String,
        "cause_key": pl.String,
    },
}

CONFIG: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "config__regions": {
        "region_code": pl.String, "region_name": pl.String, "parent_region_code": pl.String, "region_level": pl.String,
        "valid_from_date": pl.Date, "valid_to_date": pl.Date,
    },
    "config__schools": {
        "school_code": pl.String, "school_name": pl.String, "region_code": pl.String, "stage": pl.String,
        "sector": pl.String, "is_rural": pl.Boolean, "opened_date": pl.Date, "closed_date": pl.Date,
        "pupils_registered": pl.Int32, "aliases": pl.String, "renamed_date": pl.Date, "merged_into_code": pl.String,
    },
    "config__units": {
        "unit_code": pl.String, "unit_name": pl.String, "unit_type": pl.String, "region_code": pl.String,
        "parent_unit_code": pl.String, "aliases": pl.String, "valid_from_date": pl.Date, "valid_to_date": pl.Date,
    },
    # one row a card and definition version; the versions of a card have spans of validity that do not overlap
    "config__indicators": {
        "indicator_code": pl.String, "indicator_name": pl.String, "aliases": pl.String, "scope_region_code": pl.String,
        "definition": pl.String, "definition_version": pl.String, "aggregation": pl.String, "source_form": pl.String,
        "numerator": pl.String, "denominator": pl.String, "stages": pl.String, "sectors": pl.String,
        "numerator_sectors": pl.String, "is_rural": pl.Boolean, "meeting_threshold": NUMBER, "matter_name": pl.String,
        "unit": pl.String, "direction": pl.String, "baseline_reference": pl.String, "max_age_days": pl.Int32,
        "responsible_unit": pl.String, "valid_from_date": pl.Date, "valid_to_date": pl.Date, "multiplier": pl.Int32,
        "weight": pl.String, "window_from_month": pl.Int32, "window_to_month": pl.Int32, "baseline_year": pl.Int32,
        "tolerance_pct": pl.Int32,
    },
    # numerator and denominator of a card, a term a row; element_code school_count is 1 for every school
    "config__indicator_terms": {
        "indicator_code": pl.String, "term_role": pl.String, "term_no": pl.Int32, "element_code": pl.String,
        "definition_version": pl.String,
    },
    "config__baselines": {
        "indicator_code": pl.String, "region_code": pl.String, "reference": pl.String, "period_start_date": pl.Date,
        "numerator_value": NUMBER, "denominator_value": NUMBER, "value": NUMBER, "definition_version": pl.String,
        "source_document": pl.String, "approved_by": pl.String,
    },
    # (form, reporter, period) that need not report, with the reason
    "config__exemptions": {
        "form_code": pl.String, "reporter_code": pl.String, "period_start_date": pl.Date, "reason": pl.String,
    },
    "config__light_presets": {
        "preset_name": pl.String, "yellow_from_lag": NUMBER, "red_above_lag": NUMBER, "is_default": pl.Boolean,
    },
    # expected progress for time elapsed, a point a row; applies_to is a kind of commitment or an indicator card
    "config__progress_curves": {
        "applies_to": pl.String, "shape": pl.String, "elapsed_pct": NUMBER, "expected_pct": NUMBER,
    },
    "config__users": {
        "user_name": pl.String, "display_name": pl.String, "role": pl.String, "region_code": pl.String,
    },
    # an external standard, a row an item and stage: each school meets `threshold` in at least `required_count` items,
    # and stands at `floor_pct` of it or more in the others; cv_indicator_code must not exceed cv_limit over the region
    "config__target_sets": {
        "set_code": pl.String, "set_name": pl.String, "source": pl.String, "item_no": pl.Int32, "item_name": pl.String,
        "stage": pl.String, "indicator_code": pl.String, "cv_indicator_code": pl.String, "operator": pl.String,
        "threshold": NUMBER, "cv_limit": NUMBER, "required_count": pl.Int32, "floor_pct": NUMBER,
        "valid_from_date": pl.Date, "valid_to_date": pl.Date,
    },
    # days that differ from the week: day_type 放假 | 上班
    "config__calendar_days": {
        "calendar_date": pl.Date, "day_type": pl.String, "day_name": pl.String,
    },
    "config__school_terms": {
        "school_year": pl.Int32, "term_name": pl.String, "start_date": pl.Date, "end_date": pl.Date,
    },
    # who is on the register of a school year, named by its autumn, and from when to when (last day inclusive)
    "config__registers": {
        "school_year": pl.Int32, "reporter_code": pl.String, "reporter_name": pl.String, "reporter_type": pl.String,
        "region_code": pl.String, "stage": pl.String, "valid_from_date": pl.Date, "valid_to_date": pl.Date,
    },
    # due and lock days of one period of one form, in place of the form's own rhythm
    "config__form_deadlines": {
        "form_code": pl.String, "period_start_date": pl.Date, "due_date": pl.Date, "lock_date": pl.Date,
        "reason": pl.String,
    },
    # every applied version of the configuration, the one in force included
    "config__versions": {
        "version_no": pl.Int32, "applied_at": pl.Datetime("us"), "applied_by": pl.String, "reason": pl.String,
        "digest": pl.String, "restored_version_no": pl.Int32, "is_current": pl.Boolean,
    },
}

_EVENT: dict[str, pl.DataType | type[pl.DataType]] = {
    "event_no": pl.Int64, "event_type": pl.String, "subject_type": pl.String, "subject_key": pl.String,
    "payload": pl.String, "actor": pl.String, "reason": pl.String, "occurred_at": pl.Datetime("us"),
    "undoes_event_no": pl.Int64,
}
REGISTRY: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    # payload is JSON text; an undo is an event of its own that names the event it takes back
    "registry__events": _EVENT,
    # of these, the acts on submissions: what they change is all that figures depend on
    "registry__submission_events": _EVENT,
}

# What the intake remembers for itself: neither a view nor an asset
KEPT: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    # whom each sheet and row was matched to; a file is read again where the register would say otherwise now
    "intake__lookups": {
        "file_id": pl.Int32, "form_code": pl.String, "reporter_type": pl.String, "code_text": pl.String,
        "name_text": pl.String, "period_start_date": pl.Date, "period_end_date": pl.Date, "reporter_state": pl.String,
        "reporter_code": pl.String, "region_code": pl.String, "other_code": pl.String,
    },
}

# fmt: on

TABLES = PLANS | FORMS | INTAKE | CONFIG | REGISTRY


def empty(table: str) -> pl.DataFrame:
    """A frame of no rows with the table's schema."""
    return pl.DataFrame(schema=TABLES[table])
