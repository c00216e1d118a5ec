{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    unique_key=['form_code', 'period_start_date', 'batch_digest'],
    meta={'batches': 'int_actual_batches'},
    pre_hook='{{ forget_batches() }}'
) }}
-- values that count, one per reporter × period × element × record, each with the cell it came from
with kept as (

    select distinct form_code, period_start_date, batch_digest
    {% if is_incremental() %}
        from {{ this }}
    {% else %}
        from {{ ref('int_actual_batches') }}
        where 1 = 0
    {% endif %}

),

batches as (

    select batches.*
    from {{ ref('int_actual_batches') }} as batches
    left join kept
        on
            batches.form_code = kept.form_code
            and batches.period_start_date = kept.period_start_date
            and batches.batch_digest = kept.batch_digest
    where kept.form_code is null

),

standing as (

    select submissions.*, batches.batch_digest
    from {{ ref('int_submissions_ranked') }} as submissions
    inner join batches
        on
            submissions.form_code = batches.form_code
            and submissions.period_start_date = batches.period_start_date
    where {{ holds_values('submissions') }}

),

records as (

    select
        file_id,
        form_code,
        reporter_code,
        period_start_date,
        min(sheet_no) != max(sheet_no)
        or (min(row_no) != max(row_no) and min(column_no) != max(column_no)) as is_scattered
    from {{ ref('stg_forms__values') }}
    where file_id in (select standing.file_id from standing)
    group by file_id, form_code, reporter_code, period_start_date, record_key

),

-- a record that lies in one row, or one column, of one sheet says everything once; only others can say a thing twice
scattered as (

    select distinct file_id, form_code, reporter_code, period_start_date
    from records
    where is_scattered

),

submissions as (

    select
        standing.*,
        scattered.file_id is not null
        or count(*) over (
            partition by standing.form_code, standing.reporter_code, standing.period_start_date
        ) > 1 as may_repeat
    from standing
    left join scattered
        on
            standing.file_id = scattered.file_id
            and standing.form_code = scattered.form_code
            and standing.read_reporter_code = scattered.reporter_code
            and standing.read_period_start_date = scattered.period_start_date

)

{% for may_repeat in [false, true] %}
    select
        cells.form_code,
        submissions.reporter_code,
        submissions.region_code,
        submissions.period_start_date,
        cells.record_key,
        cells.element_code,
        cells.value_number,
        cells.value_text,
        cells.missing_reason,
        cells.raw_text,
        cells.file_id,
        cells.sheet_no,
        cells.row_no,
        cells.column_no,
        submissions.batch_digest
    from {{ ref('stg_forms__values') }} as cells
    inner join submissions
        on
            cells.file_id = submissions.file_id
            and cells.form_code = submissions.form_code
            and cells.reporter_code = submissions.read_reporter_code
            and cells.period_start_date = submissions.read_period_start_date
    where {{ '' if may_repeat else 'not ' }}submissions.may_repeat
    {% if may_repeat %}
        -- two current files for one key happen with declared partial resubmissions: the later one speaks
        qualify row_number() over (
            partition by
                cells.form_code,
                submissions.reporter_code,
                submissions.period_start_date,
                cells.record_key,
                cells.element_code
            order by submissions.received_at desc, submissions.attempt_no desc, cells.file_id desc, cells.row_no desc
        ) = 1
    {% else %}
        union all
    {% endif %}
{% endfor %}
