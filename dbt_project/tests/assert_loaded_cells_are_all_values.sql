-- Every loaded cell is a value with that place. Keys and record names name rows and are not values themselves.
select sheets.file_id, sheets.sheet_no, sheets.cells_loaded, count(cells.element_code) as values_found
from {{ ref('fct_sheets') }} as sheets
left join {{ ref('stg_forms__values') }} as cells
    on sheets.file_id = cells.file_id and sheets.sheet_no = cells.sheet_no
group by sheets.file_id, sheets.sheet_no, sheets.cells_loaded
having sheets.cells_loaded > 0 and count(cells.element_code) = 0
