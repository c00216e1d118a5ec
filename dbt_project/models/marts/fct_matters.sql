-- what was said of each written output or event, from both sources; the latest word is the one that counts
select
    commitment_id,
    source,
    matter_status,
    said_date,
    done_date,
    evidence,
    is_counted,
    period_start_date,
    reporter_code,
    file_id,
    sheet_no,
    row_no,
    event_no
from {{ ref('int_matter_reports') }}
