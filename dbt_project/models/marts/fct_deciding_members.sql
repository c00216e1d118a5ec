-- the fewest members whose reports could settle an open commitment as met, and as unmet, widest interval first, ties by
-- code. A range is missed on one side or the other: the shorter of the two lists stands, the floor's where they are even
with lists as (

    select * from {{ ref('int_sides_settled') }}
    union all
    select * from {{ ref('int_ranges_settled') }}

),

final as (

    select
        commitment_id,
        {{ evaluation_date() }} as evaluation_date,
        list_name,
        cast(rank_no as integer) as rank_no,
        reporter_code,
        case side when 'floor' then '下限' when 'cap' then '上限' else '上下限' end as settled_side,
        margin_least,
        margin_most,
        cast(interval_width as decimal(38, 10)) as interval_width
    from lists
    qualify rank() over (
        partition by commitment_id, list_name
        order by member_count, case side when 'floor' then 0 else 1 end
    ) = 1

)

select * from final
