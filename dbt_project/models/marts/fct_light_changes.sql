-- lights that differ from the last published ones, each with the cause that the figures show
with published as (

    select *
    from {{ ref('stg_ledger__attainments') }}
    qualify row_number() over (
        partition by commitment_id order by release_seq desc, evaluation_date desc
    ) = 1

),

attainments as (

    select * from {{ ref('fct_attainments') }}

),

cards as (

    select indicator_code, source_form from {{ ref('int_indicator_cards') }}

),

-- when a form of a region was last corrected: a resubmission rather than a first report
corrections as (

    select
        submissions.form_code,
        descended.ancestor_region_code as region_code,
        max(submissions.received_at) filter (where submissions.attempt_no > 1) as last_corrected_at,
        max(submissions.received_at) filter (where submissions.attempt_no = 1) as last_reported_at
    from {{ ref('int_submissions_current') }} as submissions
    inner join {{ ref('int_regions_descended') }} as descended
        on submissions.region_code = descended.descendant_region_code
    group by submissions.form_code, descended.ancestor_region_code

),

final as (

    select
        attainments.commitment_id,
        attainments.evaluation_date,
        published.release_seq as from_release_seq,
        published.evaluation_date as from_evaluation_date,
        published.light as from_light,
        attainments.light as to_light,
        published.status as from_status,
        attainments.status as to_status,
        published.attained_value as from_value,
        attainments.actual_value as to_value,
        case
            when {{ differs('published.target_value', 'attainments.target_value') }} then '目标调整'
            when
                {{ differs('published.attained_value', 'attainments.actual_value') }}
                and corrections.last_corrected_at > published.published_at
                and coalesce(corrections.last_reported_at <= published.published_at, true)
                then '修订'
            when {{ differs('published.attained_value', 'attainments.actual_value') }} then '新数据'
            when published.evaluation_date != attainments.evaluation_date then '时间'
            else '规则调整'
        end as cause
    from attainments
    inner join published on attainments.commitment_id = published.commitment_id
    left join cards on attainments.indicator_code = cards.indicator_code
    left join corrections
        on
            attainments.region_code = corrections.region_code
            and corrections.form_code = case
                when attainments.kind = 'milestone' then 'projects'
                when attainments.kind = 'deliverable' then 'ledger'
                else cards.source_form
            end
    where {{ differs('published.light', 'attainments.light') }}

)

select * from final
