-- the course of every rectification, act by act
select
    rectification_key,
    event_no,
    step_name,
    step_date,
    nullif(step_text, '') as step_text,
    evidence,
    due_date,
    actor,
    reason,
    occurred_at
from {{ ref('int_rectification_steps') }}
