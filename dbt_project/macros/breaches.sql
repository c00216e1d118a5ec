{# The rows of several marts that break what the marts promise of their rows, each a row that names the broken rule.

   A mart promises under config.meta.upholds of its yml: the grain (`unique`: no two rows share these columns),
   `references` (a value that is not null exists there) and `accepted` values. One test checks the marts of a file, since
   what a test costs is dbt's work around it; Dagster shows it at the first of them. `parents` are models of other files
   that the references name: dbt learns from the two lists what must be built before. #}
{% macro breaches(models, parents=[]) %}
{{- config(meta={'dagster': {'ref': {'name': models[0]}}}) -}}
{%- for name in models + parents -%}{%- do ref(name) -%}{%- endfor -%}
{%- set checks = [] -%}
{%- if execute -%}
    {%- for name in models -%}
        {%- set promised = graph.nodes['model.' ~ project_name ~ '.' ~ name].config.meta.upholds -%}
        {%- for reference in promised.references or [] if reference.to not in models + parents -%}
            {{ exceptions.raise_compiler_error(name ~ ' refers to ' ~ reference.to ~ ', which `parents` does not name') }}
        {%- endfor -%}
        {%- do checks.append(breaches_of(name, promised)) -%}
    {%- endfor -%}
{%- endif -%}
{{ checks | join('\nunion all\n') }}
{% endmacro %}

{% macro breaches_of(name, promised) %}
{%- set checks = [] -%}
{%- if promised.unique -%}
    {%- set check -%}
        select
            '{{ name }}: unique {{ promised.unique | join(", ") }}' as broken_rule,
            concat_ws('/'{% for column in promised.unique %}, cast({{ column }} as string){% endfor %}) as offending_value
        from {{ ref(name) }}
        group by {{ promised.unique | join(', ') }}
        having count(*) > 1
    {%- endset -%}
    {%- do checks.append(check) -%}
{%- endif -%}
{%- for reference in promised.references or [] -%}
    {%- set check -%}
        select
            '{{ name }}: {{ reference.column }} exists in {{ reference.to }}' as broken_rule,
            cast(children.{{ reference.column }} as string) as offending_value
        from {{ ref(name) }} as children
        left join {{ ref(reference.to) }} as parents on children.{{ reference.column }} = parents.{{ reference.field }}
        where children.{{ reference.column }} is not null and parents.{{ reference.field }} is null
    {%- endset -%}
    {%- do checks.append(check) -%}
{%- endfor -%}
{%- for rule in promised.accepted or [] -%}
    {%- set check -%}
        select
            '{{ name }}: {{ rule.column }} is an accepted value' as broken_rule,
            cast({{ rule.column }} as string) as offending_value
        from {{ ref(name) }}
        where cast({{ rule.column }} as string) not in ({% for value in rule['values'] %}'{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endset -%}
    {%- do checks.append(check) -%}
{%- endfor -%}
{{ checks | join('\nunion all\n') }}
{% endmacro %}
