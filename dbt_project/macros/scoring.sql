{# The rules of warnings and of 绩效考评, each a figure with its meaning; a bureau that wants others changes them here. #}

{# From how many on: red commitments of a unit; periods in a row not reported; late and held reports of one form. #}
{% macro warning_limit(rule) -%}
{{ {'red_commitments': 2, 'missing_reports': 2, 'late_reports': 3, 'held_reports': 1}[rule] }}
{%- endmacro %}

{# Red commitments warn only where they are this share of what is judged, in percent. #}
{% macro warning_red_pct() -%}30{%- endmacro %}

{# How many of the last periods late reports are counted in. #}
{% macro warning_window() -%}12{%- endmacro %}

{# Points of a light, of 100; grey is not scored, it is no one's merit and no one's fault. #}
{% macro light_points(light) -%}
case {{ light }} when '蓝' then 100 when '绿' then 90 when '黄' then 60 when '红' then 0 end
{%- endmacro %}

{# Weight of a promise by its words: 确保 and 完成 weigh most, 探索 least. #}
{% macro strength_weight(strength) -%}
case
            when {{ strength }} in ('确保', '完成', '达到') then 1.5
            when {{ strength }} in ('探索', '推进') then 0.5
            else 1.0
        end
{%- endmacro %}

{# Points taken off for each report not made, and made late; never more than the most. #}
{% macro missing_points() -%}1.0{%- endmacro %}
{% macro late_points() -%}0.5{%- endmacro %}
{% macro most_deducted() -%}20{%- endmacro %}

{# What lights earned less what reports cost, never below nothing; null where no light is scored. #}
{% macro assessed(light_score, deduction) -%}
cast(case
            when {{ light_score }} is not null
                then greatest({{ light_score }} - cast(coalesce({{ deduction }}, 0) as double), 0)
        end as decimal(12, 4))
{%- endmacro %}
