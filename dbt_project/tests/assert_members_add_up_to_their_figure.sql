-- what members stand at is what the figure says: Σn and Σd of sums and shares, and how many counted of how many
with members as (

    select
        commitment_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        count(numerator) as counted_count,
        count(*) as expected_count
    from {{ ref('fct_attainment_members') }}
    group by commitment_id

)

select attainments.commitment_id
from {{ ref('fct_attainments') }} as attainments
inner join {{ ref('fct_commitments') }} as commitments
    on attainments.commitment_id = commitments.commitment_id
inner join {{ ref('dim_indicators') }} as cards on attainments.indicator_code = cards.indicator_code
inner join members on attainments.commitment_id = members.commitment_id
where
    -- a restatement shows its root's figure
    commitments.restates_commitment_id is null
    and attainments.counted_count is not null
    and (
        attainments.counted_count != members.counted_count
        or attainments.expected_count != members.expected_count
        or (
            cards.aggregation in ('ratio_of_sums', 'share_meeting', 'sum_flow', 'last_stock')
            and (
                attainments.actual_numerator != members.numerator
                or attainments.actual_denominator != members.denominator
            )
        )
    )
