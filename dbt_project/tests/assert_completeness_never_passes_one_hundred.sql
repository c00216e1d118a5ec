-- |accepted ∩ expected| / |expected| lies within 0-100 and its parts add up to the whole.
select form_code, period_start_date, region_code
from {{ ref('fct_completeness') }}
where
    completeness_pct not between 0 and 100
    or accepted_count + missing_count + not_due_count + quarantined_count + blank_count != expected_count
