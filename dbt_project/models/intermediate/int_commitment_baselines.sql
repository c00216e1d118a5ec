-- the figure a commitment starts from: the bureau's approved one, else the last observation before the plan year
with commitments as (

    select
        commitments.commitment_id,
        commitments.indicator_code,
        commitments.region_code,
        commitments.plan_year,
        cards.baseline_reference,
        cards.definition_version,
        cards.factor
    from {{ ref('fct_commitments') }} as commitments
    inner join {{ ref('int_indicator_cards') }} as cards on commitments.indicator_code = cards.indicator_code

),

approved as (

    select
        commitments.commitment_id,
        coalesce(
            {{ ratio('baselines.numerator_value', 'baselines.denominator_value', 'commitments.factor') }},
            baselines.value
        ) as baseline_value,
        coalesce(baselines.definition_version, commitments.definition_version) = commitments.definition_version
            as is_comparable,
        baselines.source_document as baseline_source
    from commitments
    inner join {{ ref('stg_config__baselines') }} as baselines
        on
            commitments.indicator_code = baselines.indicator_code
            and commitments.region_code = baselines.region_code
            and coalesce(nullif(commitments.baseline_reference, ''), baselines.reference) = baselines.reference
    where
        baselines.period_start_date < make_date(commitments.plan_year, 1, 1)
        -- a figure counts only with its document and the person who approved it
        and coalesce(baselines.source_document, '') != ''
        and coalesce(baselines.approved_by, '') != ''
    qualify row_number() over (
        partition by commitments.commitment_id order by baselines.period_start_date desc, baselines.reference
    ) = 1

),

computed as (

    select
        commitments.commitment_id,
        max_by(history.indicator_value, history.period_start_date) as baseline_value
    from commitments
    inner join {{ ref('fct_indicator_values') }} as history
        on
            commitments.indicator_code = history.indicator_code
            and commitments.region_code = history.region_code
            and history.period_start_date < make_date(commitments.plan_year, 1, 1)
    where commitments.baseline_reference in ('上年末', '上次调查') and history.indicator_value is not null
    group by commitments.commitment_id

),

final as (

    select
        commitments.commitment_id,
        coalesce(approved.baseline_value, computed.baseline_value) as baseline_value,
        coalesce(approved.is_comparable, true) as is_comparable,
        coalesce(
            approved.baseline_source, case when computed.baseline_value is not null then '按上年末报数计算' end
        ) as baseline_source
    from commitments
    left join approved on commitments.commitment_id = approved.commitment_id
    left join computed on commitments.commitment_id = computed.commitment_id

)

select * from final
