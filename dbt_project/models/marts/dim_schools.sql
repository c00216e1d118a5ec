-- schools of the register, with whether they are open on the evaluation date
select
    school_code,
    school_name,
    region_code,
    stage,
    sector,
    is_rural,
    opened_date,
    closed_date,
    pupils_registered,
    coalesce(opened_date <= {{ evaluation_date() }}, true)
    and coalesce(closed_date > {{ evaluation_date() }}, true) as is_open
from {{ ref('stg_config__schools') }}
