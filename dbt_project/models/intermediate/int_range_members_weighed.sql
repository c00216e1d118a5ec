-- what each unreported member of an open range can bring to its floor and cap together: in every direction that weighs
-- the two margins, the best it can report and, resting, the worst. Null is without bound (decision 0008)
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

final as (

    select
        helped.*,
        {{ weighed_sum('directions.known_floor', 'directions.known_cap') }} as known_margin
    from helped
    inner join directions
        on helped.commitment_id = directions.commitment_id and helped.direction_no = directions.direction_no

)

select * from final
