-- every change of a light since the last publish, dated and with its cause. Between what was published and today stand
-- the days passed over, judged with today's inputs: what differs on the published day itself came from people, what
-- differs from one day to the next came with time.
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

steps as (

    select
        commitment_id, 'published' as step, evaluation_date, light, status, attained_value, target_value
    from published
    union all
    select
        relit.commitment_id,
        'relit' as step,
        relit.evaluation_date,
        relit.light,
        relit.status,
        relit.attained_value,
        relit.target_value
    from {{ ref('stg_run__relit_attainments') }} as relit
    inner join published
        on relit.commitment_id = published.commitment_id and relit.evaluation_date >= published.evaluation_date
    where relit.evaluation_date < {{ evaluation_date() }}
    union all
    select
        commitment_id,
        'relit' as step,
        evaluation_date,
        light,
        status,
        actual_value as attained_value,
        target_value
    from attainments

),

compared as (

    select
        *,
        lag(step) over each_one as from_step,
        lag(evaluation_date) over each_one as from_date,
        lag(light) over each_one as from_light,
        lag(status) over each_one as from_status,
        lag(attained_value) over each_one as from_value,
        lag(target_value) over each_one as from_target_value
    from steps
    window each_one as (
        partition by commitment_id
        order by case step when 'published' then 0 else 1 end, evaluation_date
    )

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

caused as (

    select
        compared.*,
        published.release_seq,
        case
            when compared.from_step = 'relit' then '时间'
            when {{ differs('compared.from_target_value', 'compared.target_value') }} then '目标调整'
            when
                {{ is_of_people('compared.from_status') }} or {{ is_of_people('compared.status') }}
                then '目标调整'
            when
                {{ differs('compared.from_value', 'compared.attained_value') }}
                and corrections.last_corrected_at > published.published_at
                and coalesce(corrections.last_reported_at <= published.published_at, true)
                then '修订'
            when {{ differs('compared.from_value', 'compared.attained_value') }} then '新数据'
            when compared.from_date != compared.evaluation_date then '时间'
            when {{ is_of_reports('compared.from_status') }} or {{ is_of_reports('compared.status') }} then '新数据'
            else '规则调整'
        end as cause
    from compared
    inner join attainments on compared.commitment_id = attainments.commitment_id
    inner join published on compared.commitment_id = published.commitment_id
    left join {{ ref('int_indicator_cards') }} as cards on attainments.indicator_code = cards.indicator_code
    left join corrections
        on
            attainments.region_code = corrections.region_code
            and corrections.form_code = case
                when attainments.kind = 'milestone' then 'projects'
                when attainments.kind = 'deliverable' then 'ledger'
                else cards.source_form
            end
    where compared.from_light is not null and {{ differs('compared.from_light', 'compared.light') }}

),

final as (

    select
        commitment_id,
        cast(row_number() over (
            partition by commitment_id
            order by evaluation_date, case from_step when 'published' then 0 else 1 end
        ) as integer) as change_no,
        {{ evaluation_date() }} as evaluation_date,
        -- what people did is known from today on, what time did from its own day
        case when cause = '时间' then evaluation_date else {{ evaluation_date() }} end as changed_date,
        release_seq as from_release_seq,
        from_date as from_evaluation_date,
        from_light,
        light as to_light,
        from_status,
        status as to_status,
        from_value,
        attained_value as to_value,
        cause
    from caused

)

select * from final
