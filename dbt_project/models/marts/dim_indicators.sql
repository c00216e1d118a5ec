-- indicator cards as configured, and whether a person has confirmed each in the version that is in force
with confirmed as (

    select distinct cards.indicator_code
    from {{ ref('int_events_standing') }} as events
    inner join {{ ref('int_indicator_cards') }} as cards on events.subject_key = cards.indicator_code
    where
        events.event_type = 'indicator.confirmed'
        and coalesce({{ json_text('events.payload', 'definition_version') }}, cards.definition_version)
        = cards.definition_version

),

final as (

    select
        cards.indicator_code,
        cards.indicator_name,
        cards.aliases,
        cards.scope_region_code,
        cards.definition,
        cards.definition_version,
        cards.aggregation,
        cards.source_form,
        cards.numerator,
        cards.denominator,
        cards.stages,
        cards.sectors,
        cards.numerator_sectors,
        cards.is_rural,
        cards.meeting_threshold,
        cards.matter_name,
        cards.unit,
        cards.direction,
        cards.baseline_reference,
        cards.max_age_days,
        cards.responsible_unit,
        cards.is_cumulative,
        confirmed.indicator_code is not null as is_confirmed
    from {{ ref('int_indicator_cards') }} as cards
    left join confirmed on cards.indicator_code = confirmed.indicator_code

)

select * from final
