-- departments, districts and institutions that report or answer for commitments
select
    unit_code,
    unit_name,
    unit_type,
    region_code,
    parent_unit_code
from {{ ref('stg_config__units') }}
