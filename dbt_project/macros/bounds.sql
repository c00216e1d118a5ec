{# The arithmetic of bounds: what an unreported member can add to M = Σ(n·factor − τ·d). Null is without bound. #}

{# Percent around its last accepted value within which an unreported denominator is taken to lie, unless a card says. #}
{% macro tolerance_pct() -%}
cast({{ var('tolerance_pct', 10) }} as decimal(24, 6))
{%- endmacro %}

{# Least of k·d over the denominators of a member, k its weight for a unit of denominator. #}
{% macro least_weighted(k) -%}
case
            when {{ k }} >= 0 then cast({{ k }} * members.denominator_least as decimal(38, 10))
            else cast({{ k }} * members.denominator_most as decimal(38, 10))
        end
{%- endmacro %}

{# Most of k·d; a weight of nothing adds nothing, however large the denominator. #}
{% macro most_weighted(k) -%}
case
            when {{ k }} > 0 then cast({{ k }} * members.denominator_most as decimal(38, 10))
            else cast({{ k }} * members.denominator_least as decimal(38, 10))
        end
{%- endmacro %}

{# Least of n·factor − τ·d. A share adds its numerator with its denominator; other figures have one of their own. #}
{% macro least_added() -%}
case
            when members.is_share
                then {{ least_weighted('(members.least_share * sides.factor - sides.threshold)') }}
            when members.is_ratio
                then cast(members.numerator_least * sides.factor as decimal(38, 10)) + {{ least_weighted('-sides.threshold') }}
            else cast(members.numerator_least * sides.factor as decimal(38, 10))
        end
{%- endmacro %}

{% macro most_added() -%}
case
            when members.is_share
                then {{ most_weighted('(members.most_share * sides.factor - sides.threshold)') }}
            when members.is_ratio
                then cast(members.numerator_most * sides.factor as decimal(38, 10)) + {{ most_weighted('-sides.threshold') }}
            else cast(members.numerator_most * sides.factor as decimal(38, 10))
        end
{%- endmacro %}

{# A direction in which the margins of a range's floor and cap are weighed together. #}
{% macro weighed_sum(floor_margin, cap_margin) -%}
cast(
            directions.floor_weight * cast({{ floor_margin }} as decimal(26, 10))
            + directions.cap_weight * cast({{ cap_margin }} as decimal(26, 10)) as decimal(38, 10)
        )
{%- endmacro %}

{# What a unit of denominator adds in that direction, reported with this share. #}
{% macro range_weight(share) -%}
directions.floor_weight * ({{ share }} * directions.factor - directions.floor_threshold)
                    + directions.cap_weight * (directions.cap_threshold - {{ share }} * directions.factor)
{%- endmacro %}
