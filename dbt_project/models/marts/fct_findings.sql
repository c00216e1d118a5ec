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
        confirmed.confirmed_reason
    from {{ ref('stg_intake__findings') }} as findings
    left join {{ ref('stg_intake__files') }} as files on findings.file_id = files.file_id
    left join reporters on findings.reporter_code = reporters.reporter_code
    left join confirmed on findings.finding_id = confirmed.finding_id

)

select * from final
