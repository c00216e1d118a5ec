{{ config(materialized='table') }}
-- who belongs to a card in a month: open, of its stages and sectors, of its side of town, inside its scope
with cards as (

    select * from {{ ref('int_indicator_cards') }}

),

descended as (

    select * from {{ ref('int_regions_descended') }}

),

ledger_reporters as (

    select distinct cards.indicator_code, observations.reporter_code
    from {{ ref('int_indicator_observations') }} as observations
    inner join cards on observations.indicator_code = cards.indicator_code

),

members as (

    select
        cards.indicator_code,
        reporters.reporter_code,
        reporters.region_code,
        reporters.sector,
        reporters.opened_date,
        reporters.closed_date
    from cards
    inner join {{ ref('int_reporters') }} as reporters
        on
            reporters.reporter_type = 'school'
            and {{ admits('cards.stages', 'reporters.stage') }}
            and {{ admits('cards.sectors', 'reporters.sector') }}
            and (cards.is_rural is null or cards.is_rural = reporters.is_rural)
    left join {{ ref('stg_forms__forms') }} as forms on cards.source_form = forms.form_code
    where
        coalesce(forms.reporter_type, 'school') = 'school'
        and {{ admits('forms.stages', 'reporters.stage') }}
    union all
    select
        ledger_reporters.indicator_code,
        reporters.reporter_code,
        reporters.region_code,
        reporters.sector,
        reporters.opened_date,
        reporters.closed_date
    from ledger_reporters
    inner join {{ ref('int_reporters') }} as reporters
        on ledger_reporters.reporter_code = reporters.reporter_code and reporters.reporter_type = 'unit'

),

final as (

    select
        members.indicator_code,
        members.reporter_code,
        members.region_code,
        members.sector,
        months.month_start_date
    from members
    inner join cards on members.indicator_code = cards.indicator_code
    inner join {{ ref('int_months') }} as months
        on
            (members.opened_date is null or members.opened_date <= months.month_end_date)
            and (members.closed_date is null or members.closed_date > months.month_end_date)
    left join descended
        on
            cards.scope_region_code = descended.ancestor_region_code
            and members.region_code = descended.descendant_region_code
    where coalesce(cards.scope_region_code, '') = '' or descended.depth is not null

)

select * from final
