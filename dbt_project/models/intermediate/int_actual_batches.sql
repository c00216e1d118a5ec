{{ config(materialized='table') }}
-- reports that stand, by form and period, as one digest: where it still holds, their values are not built again
with submissions as (

    select
        submissions.form_code,
        submissions.period_start_date,
        {{ digest_number("concat_ws('/',
            cast(submissions.file_id as string), submissions.reporter_code, submissions.region_code,
            submissions.read_reporter_code, cast(submissions.read_period_start_date as string),
            cast(submissions.attempt_no as string), landed.landed_digest)") }} as digest_number
    from {{ ref('int_submissions_ranked') }} as submissions
    left join {{ ref('stg_run__landed_periods') }} as landed
        on submissions.read_period_start_date = landed.period_start_date
    where {{ holds_values('submissions') }}

),

final as (

    select
        form_code,
        period_start_date,
        concat_ws('-', cast(count(*) as string), cast(sum(digest_number) as string)) as batch_digest
    from submissions
    group by form_code, period_start_date

)

select * from final
