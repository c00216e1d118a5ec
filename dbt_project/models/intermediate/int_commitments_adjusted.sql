-- commitments as they stand after people's edits; what was read stays in stg_plans__commitments
{% set texts = [
    'kind', 'indicator', 'operator', 'unit', 'strength', 'responsible_unit', 'milestone', 'work_type', 'output',
] %}
with final as (

    select
        commitments.commitment_id,
        {% for field in texts %}
            {{ adjusted(field, 'string') }} as {{ field }},
        {% endfor %}
        {{ adjusted('value', 'decimal(24, 6)') }} as value,
        {{ adjusted('value_high', 'decimal(24, 6)') }} as value_high,
        {{ adjusted('baseline', 'decimal(24, 6)') }} as baseline,
        {{ adjusted('deadline', 'date') }} as deadline,
        {{ adjusted('stated_count', 'integer') }} as stated_count
    from {{ ref('stg_plans__commitments') }} as commitments
    left join {{ ref('int_commitment_edits') }} as edits on commitments.commitment_id = edits.commitment_id

)

select * from final
