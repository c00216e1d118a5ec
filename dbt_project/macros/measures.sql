{# The arithmetic of figures, said once. #}

{# The day that is judged (Asia/Shanghai): a row of raw.run__parameters, so that SQL is the same every day. #}
{% macro evaluation_date() -%}
(select run.evaluation_date from {{ ref('stg_run__parameters') }} as run)
{%- endmacro %}

{# Σn/Σd in the card's unit, divided last; null where the denominator is zero. A figure to show: never compare it. #}
{% macro ratio(numerator, denominator, factor) -%}
cast(cast({{ numerator }} as double) * {{ factor }} / cast(nullif({{ denominator }}, 0) as double) as decimal(24, 6))
{%- endmacro %}

{# n·factor − τ·d, exact: its sign says on which side of the target a figure lies, unrounded. A null denominator is 1. #}
{% macro margin(numerator, denominator, factor, target) -%}
case
            when {{ denominator }} is null
                then cast(cast({{ numerator }} as decimal(24, 6)) * {{ factor }} - {{ target }} as decimal(38, 10))
            else
                cast(cast({{ numerator }} as decimal(20, 4)) * {{ factor }} as decimal(38, 10))
                - cast({{ target }} as decimal(18, 6)) * cast({{ denominator }} as decimal(20, 4))
        end
{%- endmacro %}

{# Share of a span of days that has passed by the end of `day`, in percent, 0-100. #}
{% macro elapsed_pct(start_date, end_date, day) -%}
cast(greatest(0, least(100, 100.0
        * ({{ days_between(start_date, day) }} + 1)
        / greatest({{ days_between(start_date, end_date) }} + 1, 1))) as decimal(12, 4))
{%- endmacro %}

{# One of a `a|b|c` list; an empty list admits everything. #}
{% macro admits(list, item) -%}
(coalesce({{ list }}, '') = '' or '|' || {{ list }} || '|' like '%|' || {{ item }} || '|%')
{%- endmacro %}

{# Nodes on the way to a promised stage, and how many of them a project has behind it by the evaluation date. #}
{% macro milestone_nodes() -%}
case
            when required_stage = '前期' then 1
            when required_stage = '开工' then 2
            when required_stage in ('主体完工', '改扩建', '装修', '改建') then 3
            when required_stage = '投用' then 5
            else 4
        end as nodes_required,
        coalesce(cast(preliminary_by <= {{ evaluation_date() }} as integer), 0)
        + case when required_stage = '前期' then 0 else coalesce(cast(started_by <= {{ evaluation_date() }} as integer), 0) end
        + case
            when required_stage in ('主体完工', '建成', '投用')
                then coalesce(cast(topped_out_by <= {{ evaluation_date() }} as integer), 0)
            else 0
        end
        + case
            when required_stage in ('前期', '开工', '主体完工') then 0
            else coalesce(cast(completed_by <= {{ evaluation_date() }} as integer), 0)
        end
        + case
            when required_stage = '投用' then coalesce(cast(opened_by <= {{ evaluation_date() }} as integer), 0)
            else 0
        end as nodes_reached
{%- endmacro %}

{# Two figures differ, nothing being a figure of its own. #}
{% macro differs(one, other) -%}
coalesce({{ one }} != {{ other }}, ({{ one }} is null) != ({{ other }} is null))
{%- endmacro %}

{# Whether a period's month lies within a card's observation window; a window may run over the turn of the year. #}
{% macro in_window(period) -%}
case
            when cards.window_from_month is null then true
            when cards.window_from_month <= coalesce(cards.window_to_month, cards.window_from_month)
                then extract(month from {{ period }}) between cards.window_from_month
                    and coalesce(cards.window_to_month, cards.window_from_month)
            else extract(month from {{ period }}) >= cards.window_from_month
                or extract(month from {{ period }}) <= cards.window_to_month
        end
{%- endmacro %}
