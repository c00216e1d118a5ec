-- the bureau's curves cut into pieces of time: from one point to the next, beginning at 0 and ending at 100
with points as (

    select applies_to, shape, elapsed_pct, expected_pct
    from {{ ref('stg_config__progress_curves') }}
    where elapsed_pct < 100
    union all
    select
        applies_to,
        max(shape) as shape,
        0 as elapsed_pct,
        0 as expected_pct
    from {{ ref('stg_config__progress_curves') }}
    group by applies_to
    having min(elapsed_pct) > 0

),

final as (

    select
        applies_to,
        shape,
        elapsed_pct as from_elapsed_pct,
        coalesce(lead(elapsed_pct) over (partition by applies_to order by elapsed_pct), 100) as to_elapsed_pct,
        expected_pct as from_expected_pct,
        coalesce(lead(expected_pct) over (partition by applies_to order by elapsed_pct), 100) as to_expected_pct
    from points

)

select * from final
