-- the calendar 行事历: what people wrote into it, and the days that commitments, tasks, nodes, rectifications and forms
-- bring with them
with entries as (

    select
        entry_key, '自定' as source, matter, entry_date, date_precision, end_date, unit_code, region_code,
        commitment_id, task_key, cast(null as string) as form_code, note, cast(null as boolean) as is_done
    from {{ ref('int_calendar_own') }}
    union all
    select
        commitments.commitment_id, '承诺', commitments.quote, commitments.deadline_date, '日', null,
        null, commitments.region_code, commitments.commitment_id, null, null, commitments.responsible_unit,
        attainments.is_met
    from {{ ref('fct_commitments') }} as commitments
    inner join {{ ref('fct_attainments') }} as attainments on commitments.commitment_id = attainments.commitment_id
    where
        commitments.is_confirmed
        and commitments.is_root
        and commitments.course_state is null
        and commitments.deadline_date is not null
    union all
    select
        task_key, '任务', task_name, present_due_date, '日', null, lead_unit_code, null, commitment_id, task_key, null,
        person, is_done
    from {{ ref('fct_tasks') }}
    union all
    select
        concat(nodes.task_key, '/', cast(nodes.node_no as string)), '节点',
        concat(tasks.task_name, '：', nodes.node_name), nodes.due_date, '日', null, nodes.lead_unit_code, null,
        nodes.commitment_id, nodes.task_key, null, nodes.evidence_required, nodes.is_done
    from {{ ref('fct_task_nodes') }} as nodes
    inner join {{ ref('fct_tasks') }} as tasks on nodes.task_key = tasks.task_key
    union all
    select
        rectification_key, '整改', quote, due_date, '日', null, unit_code, null, commitment_id, null, null, measures,
        is_closed
    from {{ ref('fct_rectifications') }}
    union all
    select
        concat(form_code, '|', cast(period_start_date as string)), '报表',
        concat(form_name, '（', cast(period_start_date as string), '起）报送截止'), due_date, '日', null, null, null,
        null, null, form_code, null, null
    from {{ ref('int_form_periods') }}

),

final as (

    select
        source,
        entry_key,
        matter,
        entry_date,
        date_precision,
        cast(end_date as date) as end_date,
        unit_code,
        region_code,
        commitment_id,
        task_key,
        form_code,
        note,
        is_done,
        entry_date < {{ evaluation_date() }} as is_past,
        coalesce(not is_done and entry_date < {{ evaluation_date() }}, false) as is_overdue
    from entries
    where entry_date is not null

)

select * from final
