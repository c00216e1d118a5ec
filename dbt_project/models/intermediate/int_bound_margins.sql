{{ config(materialized='table') }}
-- what each unreported member can add to the margin of each side, turned so that more is better; null is without bound
with members as (

    select * from {{ ref('int_bound_members') }}

),

sides as (

    select * from {{ ref('int_bound_sides') }}

),

weighed as (

    select
        sides.commitment_id,
        sides.side,
        sides.direction,
        members.reporter_code,
        {{ least_added() }} as least_added,
        {{ most_added() }} as most_added
    from sides
    inner join members on sides.commitment_id = members.commitment_id

),

final as (

    select
        commitment_id,
        side,
        reporter_code,
        case when direction = 1 then least_added else -most_added end as margin_least,
        case when direction = 1 then most_added else -least_added end as margin_most
    from weighed

)

select * from final
