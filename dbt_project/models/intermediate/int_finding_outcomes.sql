-- what became of each finding of each file: the reporter's last attempt that speaks of its element repeats it or not
with findings as (

    select
        finding_id,
        file_id,
        form_code,
        reporter_code,
        period_start_date,
        element_code
    from {{ ref('stg_intake__findings') }}

),

attempts as (

    select
        file_id,
        form_code,
        read_reporter_code as reporter_code,
        read_period_start_date as period_start_date,
        received_at,
        is_withdrawn,
        submission_state = '部分更正' as is_partial
    from {{ ref('int_submissions_assigned') }}

),

-- a partial correction speaks of the elements it fills in, of no others
spoken as (

    select distinct
        attempts.file_id,
        attempts.form_code,
        attempts.reporter_code,
        attempts.period_start_date,
        cells.element_code
    from attempts
    inner join {{ ref('stg_forms__values') }} as cells
        on
            attempts.file_id = cells.file_id
            and attempts.form_code = cells.form_code
            and attempts.reporter_code = cells.reporter_code
            and attempts.period_start_date = cells.period_start_date
    where attempts.is_partial

),

later_attempts as (

    select
        findings.finding_id,
        findings.file_id,
        attempts.file_id as last_file_id,
        attempts.received_at
    from findings
    inner join attempts
        on
            findings.form_code = attempts.form_code
            and findings.reporter_code = attempts.reporter_code
            and findings.period_start_date = attempts.period_start_date
    left join spoken
        on
            attempts.file_id = spoken.file_id
            and attempts.form_code = spoken.form_code
            and attempts.reporter_code = spoken.reporter_code
            and attempts.period_start_date = spoken.period_start_date
            and findings.element_code = spoken.element_code
    where
        not attempts.is_withdrawn
        and (not attempts.is_partial or spoken.file_id is not null or attempts.file_id = findings.file_id)

),

read_files as (

    select distinct file_id from attempts

),

-- where a finding names no reporter that is known, the next file of the same name answers it
later_files as (

    select
        findings.finding_id,
        findings.file_id,
        later.file_id as last_file_id,
        later.received_at
    from findings
    inner join {{ ref('stg_intake__files') }} as own on findings.file_id = own.file_id
    inner join {{ ref('stg_intake__files') }} as later
        on own.file_name = later.file_name and own.file_kind = later.file_kind
    left join read_files on findings.file_id = read_files.file_id
    where findings.reporter_code is null or read_files.file_id is null

),

candidates as (

    select * from later_attempts
    union all
    select * from later_files

),

last_files as (

    select
        finding_id,
        file_id,
        last_file_id
    from candidates
    qualify row_number() over (
        partition by finding_id, file_id
        order by received_at desc, last_file_id desc
    ) = 1

),

final as (

    select
        findings.finding_id,
        findings.file_id,
        case
            when last_files.last_file_id is null then '已撤回'
            when last_files.last_file_id = findings.file_id then '待改'
            when again.finding_id is not null then '仍未改'
            else '已改'
        end as finding_state,
        case
            when last_files.last_file_id != findings.file_id and again.finding_id is null then last_files.last_file_id
        end as closed_by_file_id
    from findings
    left join last_files on findings.finding_id = last_files.finding_id and findings.file_id = last_files.file_id
    left join findings as again
        on last_files.last_file_id = again.file_id and findings.finding_id = again.finding_id

)

select * from final
