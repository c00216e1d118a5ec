{# The rows that break what a model promises, as one query. Used by the generic test `upholds`. #}
{% macro breaches(model, unique, references, accepted) %}
{%- set checks = [] -%}
{%- if unique -%}
    {%- set check -%}
        select
            'unique {{ unique | join(", ") }}' as broken_rule,
            concat_ws('/'{% for column in unique %}, cast({{ column }} as string){% endfor %}) as offending_value
        from {{ model }}
        group by {{ unique | join(', ') }}
        having count(*) > 1
    {%- endset -%}
    {%- do checks.append(check) -%}
{%- endif -%}
{%- for reference in references -%}
    {%- set check -%}
        select
            '{{ reference.column }} exists in {{ reference.to.identifier }}' as broken_rule,
            cast(children.{{ reference.column }} as string) as offending_value
        from {{ model }} as children
        left join {{ reference.to }} as parents on children.{{ reference.column }} = parents.{{ reference.field }}
        where children.{{ reference.column }} is not null and parents.{{ reference.field }} is null
    {%- endset -%}
    {%- do checks.append(check) -%}
{%- endfor -%}
{%- for rule in accepted -%}
    {%- set check -%}
        select
            '{{ rule.column }} is an accepted value' as broken_rule,
            cast({{ rule.column }} as string) as offending_value
        from {{ model }}
        where cast({{ rule.column }} as string) not in ({% for value in rule['values'] %}'{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endset -%}
    {%- do checks.append(check) -%}
{%- endfor -%}
{{ checks | join('\nunion all\n') }}
{% endmacro %}
