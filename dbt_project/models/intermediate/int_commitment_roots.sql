-- the one promise that each restatement, part or clause that gave way belongs to; a pointer to nowhere is its own root
with recursive pointers as (

    select
        commitment_id,
        kept_commitment_id,
        coalesce(kept_commitment_id, restates_commitment_id, part_of_commitment_id) as parent_id
    from {{ ref('int_commitment_relations') }}

),

-- a clause that people kept does not point back at the one that gave way to it
commitments as (

    select
        pointers.commitment_id,
        case when gave_way.commitment_id is null then pointers.parent_id end as parent_id
    from pointers
    left join pointers as gave_way
        on pointers.parent_id = gave_way.commitment_id and pointers.commitment_id = gave_way.kept_commitment_id

),

walk as (

    select commitment_id, commitment_id as ancestor_id, 0 as depth
    from commitments
    union all
    select walk.commitment_id, parents.commitment_id as ancestor_id, walk.depth + 1 as depth
    from walk
    inner join commitments on walk.ancestor_id = commitments.commitment_id
    inner join commitments as parents on commitments.parent_id = parents.commitment_id
    where walk.depth < 8

),

final as (

    select
        commitment_id,
        -- a loop has no top: its members share the smallest id, so that one of them still counts
        case when max(depth) >= 8 then min(ancestor_id) else max_by(ancestor_id, depth) end as root_commitment_id
    from walk
    group by commitment_id

)

select * from final
