-- what the gates found, each with its cell, the rule, the message and what to do
with reporters as (

    select reporter_code, region_code from {{ ref('int_reporters') }}

),

confirmed as (

    select
        subject_key as finding_id,
        max_by(actor, event_no) as confirmed_by,
        max(occurred_at) as confirmed_at,
        max_by(reason, event_no) as confirmed_reason
    from {{ ref('int_events_standing') }}
    where event_type = 'finding.confirmed'
    group by subject_key

),

findings as (

    select
        finding_id, file_id, sheet_name, cell, raw_value, rule_code, severity, message, fix, form_code, reporter_code,
        period_start_date, element_code, cause_key,
        false as is_across_files
    from {{ ref('stg_intake__findings') }}
    union all
    select
        breaches.finding_id, breaches.file_id, sheets.sheet_name, breaches.cell,
        {{ plain_number('breaches.judged_value') }} as raw_value, breaches.rule_code, breaches.severity,
        breaches.message, breaches.fix, breaches.form_code, breaches.reporter_code, breaches.period_start_date,
        breaches.element_code,
        concat_ws('/', breaches.form_code, breaches.rule_code, breaches.element_code) as cause_key,
        true as is_across_files
    from {{ ref('fct_rule_breaches') }} as breaches
    left join {{ ref('stg_forms__sheets') }} as sheets
        on breaches.file_id = sheets.file_id and breaches.sheet_no = sheets.sheet_no
    where breaches.is_active

),

final as (

    select
        findings.finding_id,
        findings.file_id,
        files.file_name,
        findings.sheet_name,
        findings.cell,
        findings.raw_value,
        findings.rule_code,
        findings.severity,
        findings.severity in ('结构', '有效性') as is_blocking,
        findings.message,
        findings.fix,
        findings.form_code,
        findings.reporter_code,
        reporters.region_code,
        findings.period_start_date,
        findings.element_code,
        findings.cause_key,
        confirmed.finding_id is not null as is_confirmed,
        confirmed.confirmed_by,
        confirmed.confirmed_at,
        confirmed.confirmed_reason,
        findings.is_across_files,
        coalesce(outcomes.finding_state, '待改') as finding_state,
        coalesce(outcomes.finding_state, '待改') = '待改' and confirmed.finding_id is null as is_open,
        outcomes.closed_by_file_id
    from findings
    left join {{ ref('stg_intake__files') }} as files on findings.file_id = files.file_id
    left join reporters on findings.reporter_code = reporters.reporter_code
    left join confirmed on findings.finding_id = confirmed.finding_id
    left join {{ ref('int_finding_outcomes') }} as outcomes
        on findings.finding_id = outcomes.finding_id and findings.file_id = outcomes.file_id

)

select * from final
