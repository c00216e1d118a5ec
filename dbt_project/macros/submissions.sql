{# One word for what became of an expected report; lateness stands beside it in is_late. #}
{% macro submission_state() -%}
case
            when joined.declared_state = '免报' or (joined.declared_state is null and joined.exempt_reason is not null)
                then '免报'
            when joined.declared_state in ('待解锁', '隔离') then joined.declared_state
            when joined.declared_state = '空表' or (joined.declared_state is not null and weighed.cell_count is null)
                then '空表'
            when joined.declared_state is not null and weighed.number_count > 0 and weighed.nonzero_count = 0
                then '真零'
            when joined.declared_state is not null and joined.is_late then '迟报'
            when joined.declared_state is not null then '已收'
            when periods.due_date >= {{ evaluation_date() }} then '未到期'
            else '未报'
        end
{%- endmacro %}

{# Whether what a submission holds counts: it stands, waits for nothing and is a report of values. #}
{% macro holds_values(submissions) -%}
{{ submissions }}.is_current
    and not {{ submissions }}.is_waiting
    and {{ submissions }}.submission_state not in ('隔离', '免报', '空表')
{%- endmacro %}

{# Take out of an incremental model what was built from batches that are no more, or were others then. Its config says
   how rows name their batch (unique_key) and which model lists the batches that are (meta.batches). #}
{% macro forget_batches() %}
    {% if is_incremental() %}
        delete from {{ this }}
        where not exists (
            select 1 from {{ ref(config.get('meta')['batches']) }} as batches
            where {% for key in config.get('unique_key') %}batches.{{ key }} = {{ this.identifier }}.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
        )
    {% endif %}
{% endmacro %}
