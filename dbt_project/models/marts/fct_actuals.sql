-- values that count, one per reporter × period × element × record, each with the cell it came from
select
    form_code,
    reporter_code,
    region_code,
    period_start_date,
    record_key,
    element_code,
    value_number,
    value_text,
    missing_reason,
    raw_text,
    file_id,
    sheet_no,
    row_no,
    column_no
from {{ ref('int_actuals') }}
