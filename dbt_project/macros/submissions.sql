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
