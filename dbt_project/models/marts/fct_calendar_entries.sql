-- the calendar 行事历: what people wrote into it, and the days that commitments, tasks, nodes, rectifications and forms
-- bring with them
with entries as (

    select
        entry_key,
        '自定' as source,
        matter,
        entry_date,
        date_precision,
        end_date,
        unit_code,
        region_code,
        commitment_id,
        task_key,
        cast(null as string) as form_code,
        note,
        cast(null as boolean) as is_done
    from {{ ref('int_calendar_own') }}
    union all
    select
        commitments.commitment_id as entry_key,
        '承诺' as source,
        commitments.quote as matter,
        commitments.deadline_date as entry_date,
        '日' as date_precision,
        null as end_date,
        null as unit_code,
        commitments.region_code,
        judged.commitment_id,
        null as task_key,
        null as form_code,
        commitments.responsible_unit as note,
        judged.is_met as is_done
    from {{ ref('fct_commitments') }} as commitments
    inner join {{ ref('fct_attainments') }} as judged on commitments.commitment_id = judged.commitment_id
    where
        commitments.is_confirmed
        and commitments.is_root
        and commitments.course_state is null
        and commitments.deadline_date is not null
    union all
    select
        tasks.task_key as entry_key,
        '任务' as source,
        tasks.task_name as matter,
        tasks.present_due_date as entry_date,
        '日' as date_precision,
        null as end_date,
        tasks.lead_unit_code as unit_code,
        null as region_code,
        tasks.commitment_id,
        tasks.task_key,
        null as form_code,
        tasks.person as note,
        tasks.is_done
    from {{ ref('fct_tasks') }} as tasks
    union all
    select
        concat(nodes.task_key, '/', cast(nodes.node_no as string)) as entry_key,
        '节点' as source,
        concat(tasks.task_name, '：', nodes.node_name) as matter,
        nodes.due_date as entry_date,
        '日' as date_precision,
        null as end_date,
        nodes.lead_unit_code as unit_code,
        null as region_code,
        nodes.commitment_id,
        nodes.task_key,
        null as form_code,
        nodes.evidence_required as note,
        nodes.is_done
    from {{ ref('fct_task_nodes') }} as nodes
    inner join {{ ref('fct_tasks') }} as tasks on nodes.task_key = tasks.task_key
    union all
    select
        rectification_key as entry_key,
        '整改' as source,
        quote as matter,
        due_date as entry_date,
        '日' as date_precision,
        null as end_date,
        unit_code,
        null as region_code,
        commitment_id,
        null as task_key,
        null as form_code,
        measures as note,
        is_closed as is_done
    from {{ ref('fct_rectifications') }}
    union all
    select
        concat(form_code, '|', cast(period_start_date as string)) as entry_key,
        '报表' as source,
        concat(form_name, '（', cast(period_start_date as string), '起）报送截止') as matter,
        due_date as entry_date,
        '日' as date_precision,
        null as end_date,
        null as unit_code,
        null as region_code,
        null as commitment_id,
        null as task_key,
        form_code,
        null as note,
        null as is_done
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
