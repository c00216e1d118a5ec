{# dbt compares what a model's SQL gives with its contract before every build. SQL that was built before over the same
   sources gives the same columns: the comparison, a second planning of every model, is then left out. #}
{% macro duckdb__get_assert_columns_equivalent(sql) %}
    {%- if not var('sql_was_built', false) -%}{{ assert_columns_equivalent(sql) }}{%- endif -%}
{% endmacro %}
