-- decomposition 分解立项: every task with its units, its day, how far it is and whether it was accepted
with tasks as (

    select * from {{ ref('int_tasks') }}

),

nodes as (

    select
        task_key,
        cast(count(*) as integer) as node_count,
        cast(count(*) filter (where is_done) as integer) as nodes_done_count,
        cast(count(*) filter (where node_status = '逾期') as integer) as nodes_overdue_count,
        min(due_date) filter (where not is_done) as next_node_date
    from {{ ref('fct_task_nodes') }}
    group by task_key

),

units as (

    select
        task_key,
        cast(count(*) filter (where unit_role = '配合') as integer) as assisting_count,
        cast(count(*) filter (where is_signed) as integer) as signed_count,
        max(signed_date) filter (where unit_role = '牵头') as lead_signed_date
    from {{ ref('bridge_task_units') }}
    group by task_key

),

joined as (

    select
        tasks.*,
        reports.last_act,
        reports.reported_status,
        reports.progress_pct as reported_pct,
        reports.report_date,
        reports.reported_by,
        reports.evidence,
        reports.last_note,
        reports.accepted_by,
        coalesce(reports.last_act = 'task.accepted', false) as is_accepted,
        coalesce(
            reports.last_act = 'task.accepted'
            or (reports.last_act = 'task.reported' and reports.reported_status = '办结'),
            false
        ) as is_done,
        case when reports.last_act = 'task.accepted' then reports.accepted_date end as accepted_date,
        case when reports.last_act = 'task.returned' then reports.returned_date end as returned_date,
        -- what was sent back is due anew, where a day was set
        coalesce(reports.redo_due_date, tasks.due_date) as present_due_date,
        case
            when reports.last_act = 'task.accepted' or (reports.last_act = 'task.reported' and reports.reported_status = '办结')
                then reports.report_date
        end as done_date,
        coalesce(nodes.node_count, 0) as node_count,
        coalesce(nodes.nodes_done_count, 0) as nodes_done_count,
        coalesce(nodes.nodes_overdue_count, 0) as nodes_overdue_count,
        nodes.next_node_date,
        coalesce(units.assisting_count, 0) as assisting_count,
        coalesce(units.signed_count, 0) as signed_count,
        units.lead_signed_date
    from tasks
    left join {{ ref('int_task_reports') }} as reports on tasks.task_key = reports.task_key
    left join nodes on tasks.task_key = nodes.task_key
    left join units on tasks.task_key = units.task_key

),

final as (

    select
        task_key,
        commitment_id,
        task_name,
        plan_name,
        quote,
        task_year,
        lead_unit_code,
        person,
        due_date,
        present_due_date,
        case
            when is_done then '办结'
            when present_due_date < {{ evaluation_date() }} then '逾期'
            when reported_status in ('进行中', '办结') or nodes_done_count > 0 then '进行中'
            else '未启动'
        end as task_status,
        case
            when is_accepted then '已销号'
            when last_act = 'task.returned' then '已退回'
            when is_done then '待核查'
            when last_act = 'task.reported' then '办理中'
            when signed_count > 0 then '已签收'
            else '未签收'
        end as handling_state,
        cast(case
            when is_done then 100
            else coalesce(reported_pct, 100.0 * nodes_done_count / nullif(node_count, 0), 0)
        end as decimal(9, 4)) as progress_pct,
        {{ late_days('present_due_date', 'done_date') }} as late_days,
        node_count,
        nodes_done_count,
        nodes_overdue_count,
        next_node_date,
        assisting_count,
        signed_count,
        lead_signed_date,
        report_date,
        reported_by,
        evidence,
        last_note,
        is_done,
        done_date,
        is_accepted,
        accepted_date,
        accepted_by,
        returned_date,
        origin_task_key,
        created_at
    from joined

)

select * from final
