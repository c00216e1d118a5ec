-- approval 报送 → 校审 → 锁定 → 发布 of each form, period and region; void when the accepted data below has changed
with acts as (

    select
        subject_key as approval_key,
        event_no,
        event_type,
        actor,
        reason,
        occurred_at,
        {{ json_text('payload', 'form_code') }} as form_code,
        {{ json_date('payload', 'period_start_date') }} as period_start_date,
        {{ json_text('payload', 'region_code') }} as region_code,
        {{ json_text('payload', 'digest') }} as digest,
        try_cast({{ json_text('payload', 'submission_count') }} as integer) as submission_count,
        try_cast({{ json_text('payload', 'release_sequence') }} as integer) as release_seq
    from {{ ref('int_events_standing') }}
    where event_type like 'approval.%'

),

present as (

    select
        submissions.form_code,
        submissions.period_start_date,
        submissions.region_code,
        md5({{ sorted_list("concat(submissions.reporter_code, ':', files.sha256)") }}) as digest,
        cast(count(*) as integer) as submission_count
    from {{ ref('fct_submissions') }} as submissions
    inner join {{ ref('stg_intake__files') }} as files on submissions.file_id = files.file_id
    where submissions.is_accepted
    group by submissions.form_code, submissions.period_start_date, submissions.region_code

),

last_acts as (

    select *
    from acts
    qualify row_number() over (partition by approval_key order by event_no desc) = 1

),

-- of the round that still runs: what came before the last 退回 or 报送 is over
begun as (

    select
        approval_key,
        max(event_no) as began_no
    from acts
    where event_type in ('approval.submitted', 'approval.returned')
    group by approval_key

),

rounds as (

    select
        {% for step in ['submitted', 'reviewed', 'locked', 'published'] %}
            max_by(acts.actor, acts.event_no) filter (where acts.event_type = 'approval.{{ step }}') as {{ step }}_by,
            max(acts.occurred_at) filter (where acts.event_type = 'approval.{{ step }}') as {{ step }}_at,
        {% endfor %}
        acts.approval_key
    from acts
    inner join begun on acts.approval_key = begun.approval_key and acts.event_no >= begun.began_no
    group by acts.approval_key

),

final as (

    select
        last_acts.approval_key,
        last_acts.form_code,
        last_acts.period_start_date,
        last_acts.region_code,
        case last_acts.event_type
            when 'approval.submitted' then '已报送'
            when 'approval.reviewed' then '已校审'
            when 'approval.locked' then '已锁定'
            when 'approval.published' then '已发布'
            else '已退回'
        end as approved_state,
        last_acts.event_type != 'approval.returned'
        and last_acts.digest != coalesce(present.digest, md5('')) as is_void,
        last_acts.digest,
        coalesce(present.digest, md5('')) as present_digest,
        last_acts.submission_count,
        coalesce(present.submission_count, 0) as present_submission_count,
        last_acts.release_seq,
        last_acts.actor as last_actor,
        last_acts.reason as last_reason,
        {% for step in ['submitted', 'reviewed', 'locked', 'published'] %}
            rounds.{{ step }}_by,
            rounds.{{ step }}_at,
        {% endfor %}
        last_acts.occurred_at as last_acted_at
    from last_acts
    left join rounds on last_acts.approval_key = rounds.approval_key
    left join present
        on
            last_acts.form_code = present.form_code
            and last_acts.period_start_date = present.period_start_date
            and last_acts.region_code = present.region_code

)

select * from final
