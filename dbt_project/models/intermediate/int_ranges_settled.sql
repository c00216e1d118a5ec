-- open ranges: the fewest members whose reports could bring the figure between floor and cap whatever the rest report.
-- A set can when, in every direction that weighs the two margins, its reports at their best make up for the rest at
-- their worst; of members, only those of one kind compare, so the fewest of each kind are tried together (decision 0008)
{% set directions = [
    ('1', '0'), ('0', '1'), ('1', '1'), ('cap_threshold', 'floor_threshold'),
    ('abs(factor - cap_threshold)', 'abs(factor - floor_threshold)'),
] %}
with sides as (

    select * from {{ ref('int_bound_sides') }}

),

margins as (

    select * from {{ ref('int_bound_margins') }}

),

ranges as (

    select
        floors.commitment_id,
        floors.factor,
        floors.threshold as floor_threshold,
        caps.threshold as cap_threshold,
        floors.known_margin as known_floor,
        caps.known_margin as known_cap
    from sides as floors
    inner join sides as caps on floors.commitment_id = caps.commitment_id and caps.side = 'cap'
    inner join {{ ref('int_commitment_bounds') }} as bounds on floors.commitment_id = bounds.commitment_id
    where floors.side = 'floor' and bounds.is_open

),

directions as (

    {% for floor_weight, cap_weight in directions %}
        select
            ranges.*,
            {{ loop.index }} as direction_no,
            cast({{ floor_weight }} as decimal(12, 6)) as floor_weight,
            cast({{ cap_weight }} as decimal(12, 6)) as cap_weight
        from ranges
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

-- who could pull either margin down without end must be among them whatever the others do
members as (

    select
        members.*,
        floors.margin_least as floor_least,
        floors.margin_most as floor_most,
        caps.margin_least as cap_least,
        floors.margin_least is null or caps.margin_least is null as is_forced,
        members.is_share and members.most_share = 0 as is_outside,
        case
            when floors.margin_most - floors.margin_least >= caps.margin_most - caps.margin_least
                then floors.margin_most - floors.margin_least
            else caps.margin_most - caps.margin_least + 0 * (floors.margin_most - floors.margin_least)
        end as interval_width
    from {{ ref('int_bound_members') }} as members
    inner join margins as floors
        on
            members.commitment_id = floors.commitment_id
            and members.reporter_code = floors.reporter_code
            and floors.side = 'floor'
    inner join margins as caps
        on
            members.commitment_id = caps.commitment_id
            and members.reporter_code = caps.reporter_code
            and caps.side = 'cap'

),

ranked as (

    select
        *,
        row_number() over (
            partition by commitment_id, is_outside
            order by
                case when is_forced then 0 else 1 end,
                case when interval_width is null then 0 else 1 end,
                interval_width desc,
                reporter_code
        ) as kind_rank_no
    from members

),

-- weight of a unit of what the member reports, at the best it can report
weighted as (

    select
        directions.direction_no,
        ranked.*,
        case
            when ranked.is_share
                then greatest(
                    {{ range_weight('ranked.least_share') }},
                    {{ range_weight('ranked.most_share') }}
                )
            else (directions.floor_weight - directions.cap_weight) * directions.factor
        end as best_weight,
        case when ranked.is_share then ranked.denominator_least else ranked.numerator_least end as part_least,
        case when ranked.is_share then ranked.denominator_most else ranked.numerator_most end as part_most,
        {{ weighed_sum('ranked.floor_least', 'ranked.cap_least') }} as resting
    from ranked
    inner join directions on ranked.commitment_id = directions.commitment_id

),

helped as (

    select
        *,
        cast(
            cast(best_weight as decimal(18, 10))
            * cast(case when best_weight > 0 then part_most else part_least end as decimal(20, 6)) as decimal(38, 10)
        ) as helping
    from weighted

),

known as (

    select
        directions.commitment_id,
        directions.direction_no,
        max({{ weighed_sum('directions.known_floor', 'directions.known_cap') }})
        + coalesce(sum(helped.resting) filter (where not helped.is_forced), 0) as known
    from directions
    inner join helped
        on directions.commitment_id = helped.commitment_id and directions.direction_no = helped.direction_no
    group by directions.commitment_id, directions.direction_no

),

steps as (

    select
        commitment_id,
        direction_no,
        is_outside,
        kind_rank_no as taken_count,
        sum(case when helping is null then 1 else 0 end) over upto as endless_count,
        sum(coalesce(helping - case when is_forced then 0 else resting end, 0)) over upto as gained,
        sum(case when is_forced then 1 else 0 end) over (
            partition by commitment_id, direction_no, is_outside
        ) as forced_count
    from helped
    window upto as (
        partition by commitment_id, direction_no, is_outside
        order by kind_rank_no
        rows between unbounded preceding and current row
    )
    {% for is_outside in ['true', 'false'] %}
        union all
        select
            known.commitment_id,
            known.direction_no,
            {{ is_outside }} as is_outside,
            0 as taken_count,
            0 as endless_count,
            0 as gained,
            count(*) filter (where helped.is_forced and helped.is_outside = {{ is_outside }}) as forced_count
        from known
        inner join helped
            on known.commitment_id = helped.commitment_id and known.direction_no = helped.direction_no
        group by known.commitment_id, known.direction_no
    {% endfor %}

),

pairs as (

    select
        known.commitment_id,
        inside.taken_count as inside_count,
        outside.taken_count as outside_count
    from known
    inner join steps as inside
        on
            known.commitment_id = inside.commitment_id
            and known.direction_no = inside.direction_no
            and not inside.is_outside
            and inside.taken_count >= inside.forced_count
    inner join steps as outside
        on
            known.commitment_id = outside.commitment_id
            and known.direction_no = outside.direction_no
            and outside.is_outside
            and outside.taken_count >= outside.forced_count
    group by known.commitment_id, inside.taken_count, outside.taken_count
    having
        bool_and(
            inside.endless_count + outside.endless_count > 0
            or known.known + inside.gained + outside.gained >= 0
        )

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
        ranked.commitment_id,
        '可定达标' as list_name,
        'both' as side,
        fewest.inside_count + fewest.outside_count as member_count,
        row_number() over (
            partition by ranked.commitment_id
            order by
                case when ranked.is_forced then 0 else 1 end,
                case when ranked.interval_width is null then 0 else 1 end,
                ranked.interval_width desc,
                ranked.reporter_code
        ) as rank_no,
        ranked.reporter_code,
        ranked.floor_least as margin_least,
        ranked.floor_most as margin_most,
        ranked.interval_width
    from ranked
    inner join fewest on ranked.commitment_id = fewest.commitment_id
    where ranked.kind_rank_no <= case when ranked.is_outside then fewest.outside_count else fewest.inside_count end

)

select * from final
