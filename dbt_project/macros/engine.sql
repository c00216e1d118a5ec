{# Everything that differs between engines stands here and nowhere else; models keep to the common subset of SQL. #}

{# Whole days from one date to a later one. #}
{% macro days_between(from_date, to_date) %}{{ return(adapter.dispatch('days_between')(from_date, to_date)) }}{% endmacro %}
{% macro default__days_between(from_date, to_date) %}cast({{ to_date }} - {{ from_date }} as integer){% endmacro %}
{% macro spark__days_between(from_date, to_date) %}datediff({{ to_date }}, {{ from_date }}){% endmacro %}

{# A date some months later (or earlier), a date again and not a timestamp. #}
{% macro add_months(day, months) %}{{ return(adapter.dispatch('add_months')(day, months)) }}{% endmacro %}
{% macro default__add_months(day, months) %}cast({{ day }} + {{ months }} * interval 1 month as date){% endmacro %}
{% macro spark__add_months(day, months) %}add_months({{ day }}, {{ months }}){% endmacro %}

{% macro add_days(day, days) %}{{ return(adapter.dispatch('add_days')(day, days)) }}{% endmacro %}
{% macro default__add_days(day, days) %}({{ day }} + cast({{ days }} as integer)){% endmacro %}
{% macro spark__add_days(day, days) %}date_add({{ day }}, cast({{ days }} as int)){% endmacro %}

{# Day of the week, Monday 1 to Sunday 7. #}
{% macro iso_weekday(day) %}{{ return(adapter.dispatch('iso_weekday')(day)) }}{% endmacro %}
{% macro default__iso_weekday(day) %}extract(isodow from {{ day }}){% endmacro %}
{% macro spark__iso_weekday(day) %}extract(dayofweek_iso from {{ day }}){% endmacro %}

{# The bureau's day (Asia/Shanghai, no summer time) of a moment in UTC. #}
{% macro bureau_date(moment) %}cast({{ moment }} + interval 8 hour as date){% endmacro %}

{# A top-level string of a JSON text, null where absent. #}
{% macro json_text(payload, key) %}{{ return(adapter.dispatch('json_text')(payload, key)) }}{% endmacro %}
{% macro default__json_text(payload, key) %}json_extract_string({{ payload }}, '$.{{ key }}'){% endmacro %}
{% macro spark__json_text(payload, key) %}get_json_object({{ payload }}, '$.{{ key }}'){% endmacro %}

{# Names as they are compared: no blanks, no book-title marks, full-width brackets as half-width ones. Digits stay as they are. #}
{% macro name_key(name) %}{{ return(adapter.dispatch('name_key')(name)) }}{% endmacro %}
{% macro default__name_key(name) -%}
regexp_replace(translate({{ name }}, '（）', '()'), '[\s　《》“”"]', '', 'g')
{%- endmacro %}
{% macro spark__name_key(name) -%}
regexp_replace(translate({{ name }}, '（）', '()'), '[\\s　《》“”"]', '')
{%- endmacro %}

{# Texts of a group in ascending order of code points, joined by commas. #}
{% macro sorted_list(text) %}{{ return(adapter.dispatch('sorted_list')(text)) }}{% endmacro %}
{% macro default__sorted_list(text) %}string_agg({{ text }}, ',' order by {{ text }}){% endmacro %}
{% macro spark__sorted_list(text) %}array_join(array_sort(collect_list({{ text }})), ','){% endmacro %}

{# A text as a whole number below 2^48, so that texts of a group have one sum whatever their order. #}
{% macro digest_number(text) %}{{ return(adapter.dispatch('digest_number')(text)) }}{% endmacro %}
{% macro default__digest_number(text) %}cast('0x' || substr(md5({{ text }}), 1, 12) as bigint){% endmacro %}
{% macro spark__digest_number(text) %}cast(conv(substr(md5({{ text }}), 1, 12), 16, 10) as bigint){% endmacro %}
