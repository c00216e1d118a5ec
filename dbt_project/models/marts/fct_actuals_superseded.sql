-- values that once counted and were replaced by a later submission, or withdrawn: history stays, totals never double
with superseded as (

    select
        file_id,
        form_code,
        reporter_code,
        period_start_date,
        attempt_no,
        received_at,
        read_reporter_code,
        read_period_start_date
    from {{ ref('int_submissions_ranked') }}
    where not is_current

),

final as (

    select
        cells.form_code,
        superseded.reporter_code,
        superseded.period_start_date,
        cells.record_key,
        cells.element_code,
        cells.value_number,
        cells.value_text,
        cells.missing_reason,
        cells.file_id,
        cells.sheet_no,
        cells.row_no,
        cells.column_no,
        superseded.attempt_no,
        superseded.received_at
    from {{ ref('stg_forms__values') }} as cells
    inner join superseded
        on
            cells.file_id = superseded.file_id
            and cells.form_code = superseded.form_code
            and cells.reporter_code = superseded.read_reporter_code
            and cells.period_start_date = superseded.read_period_start_date

)

select * from final
