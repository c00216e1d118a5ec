{{ config(materialized='table') }}
-- rows of unit reporters' forms (a project, a matter) with their columns side by side, last report first known
with actuals as (

    select * from {{ ref('fct_actuals') }}
    where record_key != '' and period_start_date <= {{ evaluation_date() }}

),

{% set texts = ['project_name', 'matter_name', 'work_type', 'status', 'evidence'] %}
{% set dates = ['preliminary_date', 'start_date', 'topped_out_date', 'completed_date', 'opened_date', 'done_date'] %}
{% set numbers = ['planned', 'done', 'total', 'places', 'investment', 'invested'] %}
wide as (

    select
        form_code,
        reporter_code,
        period_start_date,
        record_key,
        {% for column in texts %}
            max(value_text) filter (where element_code = '{{ column }}') as {{ column }},
        {% endfor %}
        {% for column in dates %}
            try_cast(max(value_text) filter (where element_code = '{{ column }}') as date) as {{ column }},
        {% endfor %}
        {% for column in numbers %}
            max(value_number) filter (where element_code = '{{ column }}') as {{ column }},
        {% endfor %}
        max(file_id) as file_id,
        max(sheet_no) as sheet_no,
        max(row_no) as row_no
    from actuals
    group by form_code, reporter_code, period_start_date, record_key

),

final as (

    select
        wide.*,
        coalesce(wide.project_name, wide.matter_name, wide.record_key) as record_name,
        {{ name_key('coalesce(wide.project_name, wide.matter_name, wide.record_key)') }} as record_name_key,
        reporters.region_code,
        row_number() over (
            partition by wide.form_code, wide.reporter_code, wide.record_key order by wide.period_start_date desc
        ) = 1 as is_latest
    from wide
    inner join {{ ref('int_reporters') }} as reporters on wide.reporter_code = reporters.reporter_code

)

select * from final
