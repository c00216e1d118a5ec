"""What papers ask of a release beyond the pages: figures published before a day, nodes overdue, open rectifications."""

from __future__ import annotations

from datetime import date

import polars as pl

from app.queries.core import fetch, per_release
from ingestion.releases import Release

PUBLISHED_BEFORE = """
select
    commitment_id, release_seq, evaluation_date, coalesce(light, '灰') as light, status,
    cast(attained_value as double) as attained_value
from fct_attainments_published
where evaluation_date < $day
qualify row_number() over (partition by commitment_id order by release_seq desc, evaluation_date desc) = 1
order by commitment_id
"""

NODES_OVERDUE = """
select
    units.unit_name, units.region_code, regions.region_name, tasks.task_name, nodes.node_name, nodes.due_date,
    nodes.late_days, nodes.evidence_required
from fct_task_nodes as nodes
inner join fct_tasks as tasks on nodes.task_key = tasks.task_key
inner join dim_units as units on nodes.lead_unit_code = units.unit_code
left join dim_regions as regions on units.region_code = regions.region_code
where nodes.node_status = '逾期'
order by nodes.due_date, nodes.task_key, nodes.node_no
"""

RECTIFICATIONS_OPEN = """
select
    units.unit_name, units.region_code, regions.region_name, matters.rectification_key, matters.quote, matters.stage,
    matters.due_date, matters.measures, matters.last_progress, matters.check_result, matters.person
from fct_rectifications as matters
inner join dim_units as units on matters.unit_code = units.unit_code
left join dim_regions as regions on units.region_code = regions.region_code
where not matters.is_closed
order by matters.due_date, matters.rectification_key
"""


@per_release(max_entries=8)
def published_before(release: Release, day: date) -> pl.DataFrame:
    """Every commitment's figures as they were last published with an evaluation date before `day`."""
    return fetch(release, PUBLISHED_BEFORE, {"day": day})


@per_release(max_entries=8)
def nodes_overdue(release: Release) -> pl.DataFrame:
    """Nodes of tasks past their day, with the unit that leads the task."""
    return fetch(release, NODES_OVERDUE)


@per_release(max_entries=8)
def rectifications_open(release: Release) -> pl.DataFrame:
    """Rectifications that are not closed, with the unit that owes them."""
    return fetch(release, RECTIFICATIONS_OPEN)
