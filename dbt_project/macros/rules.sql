{# How rules across files are worded and measured, said once. #}

{# A1 from numbers; columns to ZZ. #}
{% macro cell_address(row_no, column_no) -%}
concat(
            case when {{ column_no }} > 26 then chr(64 + cast(floor(({{ column_no }} - 1) / 26) as integer)) else '' end,
            chr(65 + ({{ column_no }} - 1) % 26), cast({{ row_no }} as string)
        )
{%- endmacro %}

{# A decimal without the zeros behind it. #}
{% macro plain_number(value) -%}
regexp_replace(cast({{ value }} as string), '\.?0+$', '')
{%- endmacro %}

{# How far a value may lie from what is expected: a share of it, or a least distance. #}
{% macro allowed_distance(expected, percent, least) -%}
cast(greatest(abs({{ expected }}) * {{ percent }} / 100, {{ least }}) as decimal(24, 6))
{%- endmacro %}
