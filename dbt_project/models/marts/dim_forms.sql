-- the forms that schools and units fill, with their rhythm
select
    form_code,
    form_name,
    reporter_type,
    stages,
    frequency,
    due_days,
    lock_days
from {{ ref('stg_forms__forms') }}
