-- what the reports still owed can make of each measured commitment: both ends, the lights there, and the verdict
with observations as (

    select * from {{ ref('int_commitment_observations') }}

),

lists as (

    select
        commitment_id,
        cast(count(*) filter (where list_name = '可定达标') as integer) as settling_met_count,
        cast(count(*) filter (where list_name = '可定未达') as integer) as settling_unmet_count
    from {{ ref('fct_deciding_members') }}
    group by commitment_id

),

counted as (

    select
        bounds.*,
        observations.required_period_date,
        case when forms.reporter_type = 'unit' then '个' else '所' end as classifier,
        case when forms.reporter_type = 'unit' then '单位' else '学校' end as member_noun,
        lists.settling_met_count,
        lists.settling_unmet_count,
        judged.light_low,
        judged.light_high,
        judged.light
    from {{ ref('int_commitment_bounds') }} as bounds
    inner join observations on bounds.commitment_id = observations.commitment_id
    inner join {{ ref('int_attainments_judged') }} as judged
        on bounds.commitment_id = judged.judged_commitment_id
    left join {{ ref('stg_forms__forms') }} as forms on observations.source_form = forms.form_code
    left join lists on bounds.commitment_id = lists.commitment_id

),

final as (

    select
        commitment_id,
        {{ evaluation_date() }} as evaluation_date,
        required_period_date,
        unreported_count,
        unbounded_count,
        cast(margin_low as decimal(38, 10)) as margin_low,
        cast(margin_high as decimal(38, 10)) as margin_high,
        case
            when unreported_count = 0 or is_incalculable then null
            when is_divided then {{ ratio('low_numerator', 'low_denominator', 'factor') }}
            else cast(low_numerator * factor as decimal(24, 6))
        end as value_low,
        case
            when unreported_count = 0 or is_incalculable or is_endless then null
            when is_divided then {{ ratio('high_numerator', 'high_denominator', 'factor') }}
            else cast(high_numerator * factor as decimal(24, 6))
        end as value_high,
        coalesce(light_low, light) as light_low,
        coalesce(light_high, light) as light_high,
        verdict,
        case
            when verdict in ('已定达标', '已定未达') or unreported_count = 0 then verdict
            else concat_ws(
                '',
                '取决于', cast(unreported_count as string), classifier, member_noun,
                case
                    when unbounded_count > 0
                        then concat_ws('', '，其中', cast(unbounded_count as string), classifier, '没有可依据的范围')
                end
            )
        end as verdict_text,
        case
            when settling_met_count > 0
                then concat_ws(
                    '', '最少', cast(settling_met_count as string), classifier, '的报数可定为达标，最少',
                    cast(settling_unmet_count as string), classifier, '的报数可定为未达'
                )
            when verdict in ('已定达标', '已定未达') and light_low != light_high
                then concat_ws(
                    '', verdict, '，', cast(unreported_count as string), classifier, member_noun,
                    '未报，亮灯在', light_low, '与', light_high, '之间'
                )
        end as deciding_text,
        coalesce(settling_met_count, 0) as settling_met_count,
        coalesce(settling_unmet_count, 0) as settling_unmet_count
    from counted

)

select * from final
