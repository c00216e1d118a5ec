-- what each form asks for, element by element
select
    form_code,
    element_code,
    element_name,
    data_type,
    unit,
    behaviour,
    is_key
from {{ ref('stg_forms__elements') }}
