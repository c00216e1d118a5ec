-- what the gates found, each with its cell, the rule, the message and what to do
with reporters as (

    select reporter_code, region_code from {{ ref('int_reporters') }}

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
        findings.cause_key
    from {{ ref('stg_intake__findings') }} as findings
    left join {{ ref('stg_intake__files') }} as files on findings.file_id = files.file_id
    left join reporters on findings.reporter_code = reporters.reporter_code

)

select * from final
