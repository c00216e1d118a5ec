{# On DuckDB a model is replaced where it stands, in one statement of one transaction: build aside, rename, rename and
   drop cost more than most models do, and nobody reads the build database before its release is published. #}

{% macro replace_relation(kind, create_sql) %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target = this.incorporate(type=kind) -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% call statement('main') -%}
    {% if existing is not none %}drop {{ existing.type }} if exists {{ existing }};{% endif %}
    {{ create_sql }}
  {%- endcall %}
  {% do persist_docs(target, model) %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmacro %}

{% materialization table, adapter='duckdb' %}
  {{ return(replace_relation('table', create_table_as(False, this.incorporate(type='table'), sql))) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
  {{ return(replace_relation('view', create_view_as(this.incorporate(type='view'), sql))) }}
{% endmaterialization %}
