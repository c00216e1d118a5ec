-- the figure a commitment starts from: the bureau's approved one, else what its own data says of the card's reference
-- (上年末 and 上次调查: as last December stood; 上年同期: the same month a year before; 固定年: December of that year)
with commitments as (

    select
        commitments.commitment_id,
        commitments.indicator_code,
        commitments.region_code,
        commitments.plan_year,
        cards.baseline_reference,
        cards.definition_version,
        cards.factor,
        cards.tolerance_pct,
        cast(date_trunc('month', least(commitments.deadline_date, {{ evaluation_date() }})) as date)
            as judged_month_date,
        case cards.baseline_reference
            when '上年末' then make_date(commitments.plan_year - 1, 12, 1)
            when '上次调查' then make_date(commitments.plan_year - 1, 12, 1)
            when '固定年' then make_date(cards.baseline_year, 12, 1)
            when '上年同期'
                then {{ add_months("cast(date_trunc('month', least(commitments.deadline_date, " ~ evaluation_date() ~ ")) as date)", -12) }}
        end as base_month_date
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

-- a base that another share of the members made up is of another coverage: no change can be read from it
computed as (

    select
        commitments.commitment_id,
        history.indicator_value as computed_value,
        abs(
            100.0 * history.counted_count / history.expected_count
            - 100.0 * present.counted_count / present.expected_count
        ) <= commitments.tolerance_pct as is_same_coverage,
        concat_ws('', '按', commitments.baseline_reference, '报数计算') as computed_source
    from commitments
    inner join {{ ref('fct_indicator_values') }} as history
        on
            commitments.indicator_code = history.indicator_code
            and commitments.region_code = history.region_code
            and commitments.base_month_date = history.period_start_date
    left join {{ ref('fct_indicator_values') }} as present
        on
            commitments.indicator_code = present.indicator_code
            and commitments.region_code = present.region_code
            and commitments.judged_month_date = present.period_start_date
    where
        history.indicator_value is not null
        and (
            commitments.baseline_reference = '上次调查'
            or extract(year from history.latest_period_date) = extract(year from commitments.base_month_date)
        )

),

final as (

    select
        commitments.commitment_id,
        coalesce(approved.baseline_value, computed.computed_value) as baseline_value,
        case
            when approved.baseline_value is not null then approved.is_comparable
            else coalesce(computed.is_same_coverage, true)
        end as is_comparable,
        case
            when not approved.is_comparable then '基数与现行指标口径版本不同，不能比较'
            when approved.baseline_value is null and not computed.is_same_coverage
                then '基数的填报单位范围与现在相差过大，不能比较'
        end as incomparable_reason,
        coalesce(approved.baseline_source, computed.computed_source) as baseline_source,
        computed.computed_value
    from commitments
    left join approved on commitments.commitment_id = approved.commitment_id
    left join computed on commitments.commitment_id = computed.commitment_id

)

select * from final
