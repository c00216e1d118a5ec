{{ config(materialized='table') }}
-- every commitment with its figures, what forbids judging it, and otherwise its status and light by the preset
{% set columns = [
    'commitment_id', 'scenario', 'problem', 'note', 'judged_operator', 'target_value', 'target_high_value', 'unit',
    'baseline_value', 'baseline_source', 'computed_baseline_value', 'is_denominator_shrunk', 'numerator', 'denominator', 'indicator_value', 'latest_period_date', 'counted_count',
    'expected_count', 'is_met', 'is_late_met', 'is_ceiling', 'is_counted', 'progress_pct', 'expected_pct',
    'is_final_known', 'final_due_date', 'gap', 'gap_unit',
] %}
with measured as (

    select {{ columns | join(', ') }}
    from {{ ref('int_measured_indicators') }}
    union all
    select {{ columns | join(', ') }}
    from {{ ref('int_measured_works') }}

),

confirmed_cards as (

    select indicator_code from {{ ref('dim_indicators') }}
    where is_confirmed

),

-- a preset named after a kind of commitment serves that kind, the default one the others
presets as (

    select
        preset_name,
        is_default,
        yellow_from_lag,
        red_above_lag
    from {{ ref('stg_config__light_presets') }}

),

default_preset as (

    select
        coalesce(max(yellow_from_lag) filter (where is_default), 10) as yellow_from_lag,
        coalesce(max(red_above_lag) filter (where is_default), 30) as red_above_lag
    from presets

),

-- a curve of the card's own comes before that of its kind; without one the share of time elapsed is what is expected
curved as (

    select
        measured.*,
        cast(coalesce(
            {{ expected_on_curve('own', 'measured.expected_pct') }},
            {{ expected_on_curve('of_kind', 'measured.expected_pct') }},
            measured.expected_pct
        ) as decimal(12, 4)) as curved_pct
    from measured
    inner join {{ ref('fct_commitments') }} as commitments on measured.commitment_id = commitments.commitment_id
    left join {{ ref('int_progress_segments') }} as own
        on
            commitments.indicator_code = own.applies_to
            and measured.expected_pct >= own.from_elapsed_pct
            and measured.expected_pct < own.to_elapsed_pct
    left join {{ ref('int_progress_segments') }} as of_kind
        on
            {{ kind_label('commitments.kind') }} = of_kind.applies_to
            and measured.expected_pct >= of_kind.from_elapsed_pct
            and measured.expected_pct < of_kind.to_elapsed_pct

),

joined as (

    select
        commitments.commitment_id as judged_commitment_id,
        commitments.deadline_date < {{ evaluation_date() }} as is_past_due,
        {% for column in columns %}
            measured.{{ 'curved_pct as expected_pct' if column == 'expected_pct' else column }},
        {% endfor %}
        measured.curved_pct - measured.progress_pct as lag,
        coalesce(presets.yellow_from_lag, default_preset.yellow_from_lag) as yellow_from_lag,
        coalesce(presets.red_above_lag, default_preset.red_above_lag) as red_above_lag,
        {{ unjudged_status() }} as unjudged_status
    from {{ ref('fct_commitments') }} as commitments
    cross join default_preset
    left join presets on {{ kind_label('commitments.kind') }} = presets.preset_name
    left join curved as measured on commitments.commitment_id = measured.commitment_id
    left join confirmed_cards on commitments.indicator_code = confirmed_cards.indicator_code

),

stated as (

    select
        *,
        case
            when unjudged_status is not null then unjudged_status
            when is_ceiling and not is_met then '超上限'
            when is_past_due and not is_final_known and final_due_date >= {{ evaluation_date() }} then '待报数据'
            when is_past_due and not is_final_known then '应报未报'
            when is_ceiling and not is_past_due then '未超上限'
            when is_met and is_late_met then '逾期完成'
            when is_met and is_counted and judged_operator = '>=' and indicator_value > target_value then '超额'
            when is_met then '已达标'
            when is_past_due then '逾期未完成'
            when lag is null then '无数据'
            when lag < yellow_from_lag then '推进中'
            when lag <= red_above_lag then '滞后'
            else '严重滞后'
        end as status
    from joined

),

lit as (

    select
        *,
        {{ light_of_status('status') }} as light
    from stated

),

-- a light that the reports still owed could change is none: it waits for them
ends as (

    select
        judged_commitment_id,
        max(light) filter (where scenario = 'low') as light_low,
        max(light) filter (where scenario = 'high') as light_high
    from lit
    group by judged_commitment_id

),

weighed as (

    select
        lit.*,
        ends.light_low,
        ends.light_high,
        coalesce(bounds.unreported_count, 0) as unreported_count,
        bounds.verdict,
        case
            when
                bounds.unreported_count > 0
                and lit.light != '灰'
                and (
                    coalesce(ends.light_low, '灰') != lit.light
                    or coalesce(ends.light_high, '灰') != lit.light
                    -- a range is missed at either end and kept between them
                    or (lit.judged_operator = 'range' and bounds.is_open)
                )
                then case when bounds.verdict = '无界' then '无界' else '取决于' end
        end as undecided
    from lit
    inner join ends on lit.judged_commitment_id = ends.judged_commitment_id
    left join {{ ref('int_commitment_bounds') }} as bounds on lit.judged_commitment_id = bounds.commitment_id
    where coalesce(lit.scenario, 'reported') = 'reported'

),

final as (

    select
        judged_commitment_id,
        {% for column in columns[2:] %}
            {{ column }},
        {% endfor %}
        is_past_due,
        lag,
        light_low,
        light_high,
        unreported_count,
        verdict,
        coalesce(undecided, status) as status,
        case when undecided is not null then '灰' else light end as light
    from weighed

)

select * from final
