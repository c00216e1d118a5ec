-- every standing act on a commitment, in order: what people confirmed, rejected, changed and decided of it
with final as (

    select
        commitment_id,
        event_no,
        event_type,
        case event_type
            when 'commitment.confirmed' then '确认'
            when 'commitment.rejected' then '撤销'
            when 'commitment.drafted' then '退回草稿'
            when 'commitment.edited' then '调整'
            when 'commitment.suspended' then '暂缓'
            when 'commitment.terminated' then '终止'
            when 'commitment.resumed' then '恢复'
            when 'commitment.carried' then '结转'
            when 'link.confirmed' then '核定指标'
            when 'restatement.confirmed' then '核定重复表述'
            when 'part.confirmed' then '核定组成部分'
            when 'conflict.decided' then '裁定矛盾'
            when 'matter.reported' then '成果填报'
            when 'note.added' then '批注'
        end as act_name,
        actor,
        reason,
        occurred_at,
        {{ json_text('payload', 'changes') }} as changes,
        coalesce(
            {{ json_text('payload', 'indicator_code') }},
            {{ json_text('payload', 'root_commitment_id') }},
            {{ json_text('payload', 'whole_commitment_id') }},
            {{ json_text('payload', 'kept_commitment_id') }},
            {{ json_text('payload', 'status') }},
            {{ json_text('payload', 'text') }},
            {{ json_text('payload', 'since_date') }}
        ) as detail
    from {{ ref('int_commitment_events') }}

)

select * from final
