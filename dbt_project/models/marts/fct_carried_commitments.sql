-- unfinished commitments carried over into a later year 结转, as they stood when their year was closed
with final as (

    select
        commitment_id,
        try_cast({{ json_text('payload', 'from_year') }} as integer) as from_year,
        try_cast({{ json_text('payload', 'to_year') }} as integer) as to_year,
        {{ json_text('payload', 'light') }} as light,
        {{ json_text('payload', 'status') }} as status,
        {{ json_number('payload', 'target_value') }} as target_value,
        {{ json_number('payload', 'attained_value') }} as attained_value,
        try_cast({{ json_text('payload', 'release_sequence') }} as integer) as sealed_release_seq,
        actor as carried_by,
        occurred_at as carried_at
    from {{ ref('int_commitment_events') }}
    where event_type = 'commitment.carried'
    qualify row_number() over (
        partition by commitment_id, {{ json_text('payload', 'to_year') }} order by event_no desc
    ) = 1

)

select * from final
