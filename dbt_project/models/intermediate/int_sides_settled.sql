-- the fewest members whose reports could settle an open commitment on one of its sides: as met where it has one side
-- alone, as unmet on each, for a range misses that lies short of its floor or past its cap. Widest interval first
with bounds as (

    select
        commitment_id,
        side_count
    from {{ ref('int_commitment_bounds') }}
    where is_open

),

members as (

    select
        margins.commitment_id,
        margins.side,
        bounds.side_count,
        margins.reporter_code,
        margins.margin_least,
        margins.margin_most,
        sides.known_margin,
        margins.margin_most - margins.margin_least as interval_width
    from {{ ref('int_bound_margins') }} as margins
    inner join bounds on margins.commitment_id = bounds.commitment_id
    inner join {{ ref('int_bound_sides') }} as sides
        on margins.commitment_id = sides.commitment_id and margins.side = sides.side

),

-- settling one way asks the reports of all who could pull the other way without bound; these come first
listed as (

    select
        members.*,
        '可定达标' as list_name,
        margin_most as helping,
        margin_least as resting
    from members
    where side_count = 1
    union all
    select
        members.*,
        '可定未达' as list_name,
        -margin_least as helping,
        -margin_most as resting
    from members

),

ranked as (

    select
        *,
        case when list_name = '可定达标' then known_margin else -known_margin end as known,
        cast(row_number() over (
            partition by commitment_id, side, list_name
            order by
                case when resting is null then 0 else 1 end,
                case when interval_width is null then 0 else 1 end,
                interval_width desc,
                reporter_code
        ) as integer) as rank_no
    from listed

),

weighed as (

    select
        *,
        sum(case when resting is null then 1 else 0 end) over whole
        - sum(case when resting is null then 1 else 0 end) over upto as open_after,
        sum(case when helping is null then 1 else 0 end) over upto as endless_before,
        known
        + sum(coalesce(helping, 0)) over upto
        + sum(coalesce(resting, 0)) over whole - sum(coalesce(resting, 0)) over upto as reach
    from ranked
    window
        whole as (partition by commitment_id, side, list_name),
        upto as (
            partition by commitment_id, side, list_name
            order by rank_no
            rows between unbounded preceding and current row
        )

),

settling as (

    select
        *,
        min(case
            when open_after > 0 then null
            when endless_before > 0 or reach > 0 then rank_no
            when reach = 0 and list_name = '可定达标' then rank_no
        end) over (partition by commitment_id, side, list_name) as last_rank_no
    from weighed

),

final as (

    select
        commitment_id,
        list_name,
        side,
        last_rank_no as member_count,
        rank_no,
        reporter_code,
        margin_least,
        margin_most,
        interval_width
    from settling
    where rank_no <= last_rank_no

)

select * from final
