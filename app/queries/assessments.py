"""绩效考评 of units and 黄牌预警 as the warehouse worked them out; the rules are its own."""

from __future__ import annotations

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

ASSESSMENTS = """
select
    scores.unit_code, coalesce(units.unit_name, scores.unit_code) as unit_name, regions.region_name, scores.plan_year,
    coalesce(scores.peer_group, '未分组') as peer_group, scores.commitment_count, scores.scored_count,
    scores.red_count, cast(scores.light_score as double) as light_score, scores.missing_count, scores.late_count,
    cast(scores.deduction as double) as deduction, cast(scores.score as double) as score, scores.peer_rank,
    scores.peer_count, cast(scores.score_before_appeal as double) as score_before_appeal,
    scores.pending_appeal_count, scores.accepted_appeal_count, scores.rejected_appeal_count,
    case when scores.light_score is not null then cast(count(*) over (
        partition by scores.plan_year, scores.peer_group, scores.peer_rank
    ) as integer) end as tie_count
from fct_assessments as scores
left join dim_units as units on scores.unit_code = units.unit_code
left join dim_regions as regions on scores.region_code = regions.region_code
order by scores.plan_year desc, scores.peer_group, scores.peer_rank nulls last, unit_name
"""

# what an appeal can be about, and every appeal there is
DEDUCTIONS = """
select
    costs.appeal_key, costs.unit_code, coalesce(units.unit_name, costs.unit_code) as unit_name, costs.plan_year,
    costs.form_code, coalesce(forms.form_name, costs.form_code) as form_name, forms.frequency,
    costs.period_start_date, costs.deduction_kind, cast(costs.points as double) as points,
    cast(costs.charged_points as double) as charged_points, costs.appeal_state, costs.ground, costs.evidence,
    costs.filed_by, costs.opinion, costs.decided_date, costs.decided_by
from fct_assessment_deductions as costs
left join dim_units as units on costs.unit_code = units.unit_code
left join dim_forms as forms on costs.form_code = forms.form_code
order by costs.plan_year desc, unit_name, costs.period_start_date, form_name
"""

WARNINGS = """
select
    warnings.subject_type, warnings.subject_code,
    coalesce(warnings.subject_name, warnings.subject_code) as subject_name,
    regions.region_name, warnings.rule_code, warnings.warning_level, warnings.figure, warnings.limit_figure,
    warnings.warning_text
from fct_warnings as warnings
left join dim_regions as regions on warnings.region_code = regions.region_code
order by
    list_position(['red_commitments', 'missing_reports', 'late_reports', 'held_reports'], warnings.rule_code),
    warnings.figure desc, subject_name, warnings.form_code
"""


@per_release(max_entries=8)
def assessments(release: Release) -> pl.DataFrame:
    """A row a unit and plan year: score, its two parts, place among its peers; `score` is null where none is scored."""
    return fetch(release, ASSESSMENTS)


@per_release(max_entries=8)
def warnings(release: Release) -> pl.DataFrame:
    """A row a subject, rule and form, by rule and the gravest first."""
    return fetch(release, WARNINGS)


@per_release(max_entries=8)
def deductions(release: Release) -> pl.DataFrame:
    """A row a report that costs its unit points, with the appeal against it where there is one."""
    return fetch(release, DEDUCTIONS)
