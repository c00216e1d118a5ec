-- cells of every sheet by what became of them: received = loaded + quarantined + ignored
select
    file_id,
    sheet_no,
    sheet_name,
    is_hidden,
    cells_received,
    cells_loaded,
    cells_quarantined,
    cells_ignored
from {{ ref('stg_forms__sheets') }}
