-- the unit that answers for each commitment: who leads its task, else who the plan or the card names, else who reports it
with commitments as (

    select
        commitments.commitment_id,
        commitments.region_code,
        coalesce(nullif(commitments.responsible_unit, ''), nullif(cards.responsible_unit, '')) as named_unit,
        coalesce(commitments.responsible_unit, '') != '' as is_named_by_plan
    from {{ ref('fct_commitments') }} as commitments
    left join {{ ref('int_indicator_cards') }} as cards on commitments.indicator_code = cards.indicator_code

),

units as (

    select unit_code, unit_name, aliases, region_code
    from {{ ref('dim_units') }}
    where is_valid

),

candidates as (

    select commitment_id, lead_unit_code as unit_code, 1 as rank_no
    from {{ ref('fct_tasks') }}
    where lead_unit_code is not null
    union all
    -- 基础教育科 is the 基础教育科 of the region's own bureau
    select
        commitments.commitment_id,
        units.unit_code,
        case when commitments.is_named_by_plan then 2 else 3 end as rank_no
    from commitments
    inner join units
        on
            commitments.region_code = units.region_code
            and (
                commitments.named_unit = units.unit_name
                or units.unit_name like concat('%', commitments.named_unit)
                or concat('|', coalesce(units.aliases, ''), '|') like concat('%|', commitments.named_unit, '|%')
            )
    union all
    select commitment_id, reporter_code as unit_code, 4 as rank_no
    from {{ ref('fct_milestones') }}
    where reporter_code is not null

),

final as (

    select commitment_id, unit_code
    from candidates
    qualify row_number() over (partition by commitment_id order by rank_no, unit_code) = 1

)

select * from final
