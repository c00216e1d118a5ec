-- open ranges: the fewest members whose reports could bring the figure between floor and cap whatever the rest report.
-- A set can when, in every direction, its reports at their best make up for the rest at their worst; of members, only
-- those of one kind compare, so the most able of each kind are tried together (decision 0008)
with members as (

    select * from {{ ref('int_range_members_weighed') }}

),

known as (

    select
        commitment_id,
        direction_no,
        max(known_margin) + coalesce(sum(resting) filter (where not is_forced), 0) as known,
        count(*) filter (where is_forced and is_outside) as forced_outside,
        count(*) filter (where is_forced and not is_outside) as forced_inside
    from members
    group by commitment_id, direction_no

),

taken as (

    select
        commitment_id,
        direction_no,
        is_outside,
        kind_rank_no as taken_count,
        sum(case when helping is null then 1 else 0 end) over upto as endless_count,
        sum(coalesce(helping - case when is_forced then 0 else resting end, 0)) over upto as gained
    from members
    window
        upto as (
            partition by commitment_id, direction_no, is_outside
            order by kind_rank_no
            rows between unbounded preceding and current row
        )

),

steps as (

    select * from taken
    {% for is_outside in ['true', 'false'] %}
        union all
        select
            commitment_id,
            direction_no,
            {{ is_outside }} as is_outside,
            0 as taken_count,
            0 as endless_count,
            0 as gained
        from known
    {% endfor %}

),

-- to each number of the one kind the fewest of the other that make up the rest in a direction
answered as (

    select
        known.commitment_id,
        known.direction_no,
        inside.taken_count as inside_count,
        min(outside.taken_count) as outside_count
    from known
    inner join steps as inside
        on
            known.commitment_id = inside.commitment_id
            and known.direction_no = inside.direction_no
            and not inside.is_outside
            and known.forced_inside <= inside.taken_count
    inner join steps as outside
        on
            known.commitment_id = outside.commitment_id
            and known.direction_no = outside.direction_no
            and outside.is_outside
            and known.forced_outside <= outside.taken_count
    where
        inside.endless_count + outside.endless_count > 0
        or known.known + inside.gained + outside.gained >= 0
    group by known.commitment_id, known.direction_no, inside.taken_count

),

pairs as (

    select
        commitment_id,
        inside_count,
        max(outside_count) as outside_count
    from answered
    group by commitment_id, inside_count
    having count(*) = (select count(distinct direction_no) from known)

),

fewest as (

    select *
    from pairs
    qualify row_number() over (
        partition by commitment_id order by inside_count + outside_count, inside_count desc
    ) = 1

),

final as (

    select
        members.commitment_id,
        '可定达标' as list_name,
        'both' as side,
        fewest.inside_count + fewest.outside_count as member_count,
        row_number() over (
            partition by members.commitment_id
            order by
                case when members.is_forced then 0 else 1 end,
                case when members.interval_width is null then 0 else 1 end,
                members.interval_width desc,
                members.reporter_code
        ) as rank_no,
        members.reporter_code,
        members.floor_least as margin_least,
        members.floor_most as margin_most,
        members.interval_width
    from members
    inner join fewest on members.commitment_id = fewest.commitment_id
    where
        members.direction_no = 1
        and members.kind_rank_no <= case when members.is_outside then fewest.outside_count else fewest.inside_count end

)

select * from final
