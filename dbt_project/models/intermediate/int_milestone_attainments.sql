-- milestones, and stated counts that are their milestones' total: met when every named project and the stated count are
with milestones as (

    select * from {{ ref('fct_milestones') }}

),

commitments as (

    select * from {{ ref('fct_commitments') }}

),

-- a count without a card of its own is judged by the milestones it is part of, or that are part of it
sources as (

    select commitment_id, commitment_id as milestone_id
    from commitments
    where kind = 'milestone'
    union
    select counts.commitment_id, milestones.commitment_id as milestone_id
    from commitments as counts
    inner join commitments as milestones
        on
            counts.document_id = milestones.document_id
            and milestones.kind = 'milestone'
            and (
                counts.part_of_commitment_id = milestones.commitment_id
                or counts.commitment_id = milestones.part_of_commitment_id
            )
    where counts.kind = 'count' and counts.indicator_code is null

),

totalled as (

    select
        sources.commitment_id,
        cast(count(*) as integer) as named_count,
        cast(count(*) filter (where milestones.is_reported) as integer) as reported_count,
        cast(count(*) filter (where milestones.is_reached) as integer) as reached_count,
        sum(cast(milestones.nodes_reached as double) / milestones.nodes_required) as node_share,
        max(milestones.reached_date) as last_reached_date,
        max(milestones.period_start_date) as latest_period_date,
        count(*) filter (where milestones.is_reached and coalesce(milestones.evidence, '') = '') as unproved_count
    from sources
    inner join milestones on sources.milestone_id = milestones.commitment_id
    group by sources.commitment_id

),

compared as (

    select
        commitments.commitment_id,
        commitments.deadline_date,
        commitments.plan_year,
        totalled.named_count,
        totalled.reported_count,
        totalled.reached_count,
        totalled.node_share,
        totalled.last_reached_date,
        totalled.latest_period_date,
        totalled.unproved_count,
        greatest(
            totalled.named_count,
            coalesce(case when commitments.kind = 'milestone' then commitments.stated_count end, 0),
            coalesce(cast(case when commitments.kind = 'count' then commitments.target_value end as integer), 0)
        ) as required_count
    from sources
    inner join commitments on sources.commitment_id = commitments.commitment_id
    left join totalled on sources.commitment_id = totalled.commitment_id
    group by all

),

final as (

    select
        *,
        required_count - named_count as unnamed_count,
        coalesce(reached_count >= required_count, false) as is_met,
        cast(100 * node_share / required_count as decimal(12, 4)) as progress_pct,
        {{ elapsed_pct('make_date(plan_year, 1, 1)', 'deadline_date', evaluation_date()) }} as expected_pct
    from compared

)

select * from final
