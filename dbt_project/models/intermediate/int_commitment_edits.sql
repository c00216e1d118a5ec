-- what people wrote instead of what was read, a row a commitment: the last standing edit of each field, '' for nothing
{% set fields = [
    'kind', 'indicator', 'operator', 'value', 'value_high', 'unit', 'baseline', 'deadline', 'strength',
    'responsible_unit', 'milestone', 'work_type', 'stated_count', 'output',
] %}
with edits as (

    select
        commitment_id,
        {% for field in fields %}
            {{ json_text('payload', 'changes.' ~ field ~ '.new') }} as {{ field }},
        {% endfor %}
        event_no
    from {{ ref('int_commitment_events') }}
    where event_type = 'commitment.edited'

),

final as (

    select
        {% for field in fields %}
            max_by({{ field }}, event_no) filter (where {{ field }} is not null) as {{ field }},
        {% endfor %}
        commitment_id
    from edits
    group by commitment_id

)

select * from final
