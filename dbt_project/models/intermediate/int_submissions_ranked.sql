{{ config(materialized='table') }}
-- every attempt with what became of it: which one counts for (form, reporter, period), which waits for an unlock
with assigned as (

    select * from {{ ref('int_submissions_assigned') }}

),

-- what was locked before the bureau received its first workbook of a form is history handed in later, not late
first_receipts as (

    select form_code, min(received_date) as first_received_date
    from assigned
    group by form_code

),

unlocks as (

    select
        {{ json_text('payload', 'form_code') }} as form_code,
        {{ json_text('payload', 'reporter_code') }} as reporter_code,
        {{ json_date('payload', 'period_start_date') }} as period_start_date,
        max({{ json_date('payload', 'expires_date') }}) as expires_date
    from {{ ref('int_submission_events_standing') }}
    where event_type = 'unlock.granted'
    group by all

),

dated as (

    select
        assigned.*,
        periods.lock_date,
        case
            when assigned.is_reassigned or periods.is_due_moved
                then coalesce(assigned.received_date > periods.due_date, false)
            else assigned.is_landed_late
        end as is_late,
        not assigned.is_withdrawn
        and coalesce(
            least(assigned.received_date, {{ evaluation_date() }}) > periods.lock_date
            and first_receipts.first_received_date <= periods.lock_date
            -- an unlock in force when it came, or granted for what had come
            and coalesce(assigned.received_date > unlocks.expires_date, true),
            false
        ) as is_waiting
    from assigned
    inner join first_receipts on assigned.form_code = first_receipts.form_code
    left join {{ ref('int_form_periods') }} as periods
        on assigned.form_code = periods.form_code and assigned.period_start_date = periods.period_start_date
    left join unlocks
        on
            assigned.form_code = unlocks.form_code
            and assigned.reporter_code = unlocks.reporter_code
            and assigned.period_start_date = unlocks.period_start_date

),

-- landing has ranked the attempts; where people or a lock stepped in, the best one that is left counts
touched as (

    select distinct form_code, reporter_code, period_start_date
    from dated
    where is_withdrawn or is_waiting or is_reassigned
    union
    select distinct form_code, read_reporter_code, read_period_start_date
    from dated
    where is_reassigned

),

final as (

    select
        dated.*,
        not dated.is_withdrawn
        and case
            when touched.form_code is null then dated.is_landed_current
            else row_number() over (
                partition by dated.form_code, dated.reporter_code, dated.period_start_date
                order by
                    dated.is_withdrawn,
                    dated.is_waiting,
                    case dated.submission_state
                        when '部分更正' then 3
                        when '隔离' then 2
                        when '空表' then 1
                        else 0
                    end,
                    dated.received_at desc,
                    dated.file_id desc
            ) = 1
        end as is_current
    from dated
    left join touched
        on
            dated.form_code = touched.form_code
            and dated.reporter_code = touched.reporter_code
            and dated.period_start_date = touched.period_start_date

)

select * from final
