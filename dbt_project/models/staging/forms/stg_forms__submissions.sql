with source as (

    select * from {{ source('raw', 'forms__submissions') }}

),

final as (

    select
        file_id,
        form_code,
        template_version,
        reporter_code,
        case when reporter_type in ('unit', '单位', '科室') then 'unit' else 'school' end as reporter_type,
        region_code,
        period_start_date,
        received_at,
        attempt_no,
        submission_state,
        is_current,
        is_late
    from source

)

select * from final
