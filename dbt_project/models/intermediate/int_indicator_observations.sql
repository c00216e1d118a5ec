{{ config(materialized='table') }}
-- what each reporter last said for a card, and until when that stands: the next report, or the end of the year
with final as (

    select
        indicator_code,
        reporter_code,
        period_start_date,
        cast(numerator as decimal(24, 6)) as numerator,
        cast(denominator as decimal(24, 6)) as denominator,
        cast(weight as decimal(24, 6)) as weight,
        least(
            coalesce(
                lead(period_start_date) over (
                    partition by indicator_code, reporter_code order by period_start_date
                ),
                date '9999-01-01'
            ),
            case
                when is_within_year
                    then make_date(cast(extract(year from period_start_date) as integer) + 1, 1, 1)
                else date '9999-01-01'
            end
        ) as stands_until_date
    from {{ ref('int_indicator_reports') }}

)

select * from final
