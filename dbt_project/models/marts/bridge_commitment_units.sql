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

    select
        commitment_id,
        lead_unit_code as unit_code,
        '按任务牵头' as unit_source,
        1 as rank_no
    from {{ ref('fct_tasks') }}
    where lead_unit_code is not null
    union all
    -- 基础教育科 is the 基础教育科 of the region's own bureau
    select
        commitments.commitment_id,
        units.unit_code,
        case when commitments.is_named_by_plan then '原文写明' else '按指标卡' end as unit_source,
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
    where commitments.named_unit is not null
    union all
    select
        commitment_id,
        reporter_code as unit_code,
        '按报送单位' as unit_source,
        4 as rank_no
    from {{ ref('fct_milestones') }}
    where reporter_code is not null
    union all
    select
        commitment_id,
        reporter_code as unit_code,
        '按报送单位' as unit_source,
        4 as rank_no
    from {{ ref('fct_matters') }}
    where is_counted and file_id is not null

),

final as (

    select candidates.commitment_id, candidates.unit_code, candidates.unit_source
    from candidates
    -- what people said of promises, or of units, that are no more has nobody to answer for it
    inner join commitments on candidates.commitment_id = commitments.commitment_id
    inner join {{ ref('dim_units') }} as known on candidates.unit_code = known.unit_code
    qualify row_number() over (
        partition by candidates.commitment_id order by candidates.rank_no, candidates.unit_code
    ) = 1

)

select * from final
