-- received = loaded + quarantined + ignored, for every sheet. The count of received cells is the reader's second pass.
select file_id, sheet_no
from {{ ref('fct_sheets') }}
where cells_received != cells_loaded + cells_quarantined + cells_ignored
