-- remarks that people left beside a commitment, a task, a school or whatever else
select
    event_no,
    subject_type,
    subject_key,
    {{ json_text('payload', 'text') }} as note_text,
    actor,
    occurred_at
from {{ ref('int_events_standing') }}
where event_type = 'note.added'
