-- indicator cards as configured, and whether a person has confirmed each
with confirmed as (

    select distinct subject_key
    from {{ ref('int_events_standing') }}
    where event_type = 'indicator.confirmed'

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
        confirmed.subject_key is not null as is_confirmed
    from {{ ref('int_indicator_cards') }} as cards
    left join confirmed on cards.indicator_code = confirmed.subject_key

)

select * from final
