{# What acts say, said once. #}

{# A field as a person wrote it, else as it was read; an edit to '' empties it. #}
{% macro adjusted(field, kind) -%}
case
            when edits.{{ field }} is null then cast(commitments.{{ field }} as {{ kind }})
            else try_cast(nullif(edits.{{ field }}, '') as {{ kind }})
        end
{%- endmacro %}

{# Days past a date by the evaluation date, or by the day a thing was done; never below none. #}
{% macro late_days(due_date, done_date) -%}
cast(greatest({{ days_between(due_date, 'coalesce(' ~ done_date ~ ', ' ~ evaluation_date() ~ ')') }}, 0) as integer)
{%- endmacro %}

{# A number a payload writes as text. #}
{% macro json_number(payload, key) -%}
try_cast({{ json_text(payload, key) }} as decimal(24, 6))
{%- endmacro %}

{% macro json_date(payload, key) -%}
try_cast({{ json_text(payload, key) }} as date)
{%- endmacro %}

{# Events of a relation that nobody has taken back; taking back an undo restores what it had taken back.
   (Anti joins on purpose: two chained left joins with `is null` lost rows on duckdb 2.0.0, November 2026.) #}
{% macro standing_events(relation) %}
with events as (

    select * from {{ relation }}

),

undos as (

    select
        event_no as undo_no,
        undoes_event_no
    from events
    where undoes_event_no is not null

),

standing_undos as (

    select undos.undoes_event_no
    from undos
    anti join undos as redos on undos.undo_no = redos.undoes_event_no

),

final as (

    select events.*
    from events
    anti join standing_undos on events.event_no = standing_undos.undoes_event_no
    where events.undoes_event_no is null

)

select * from final
{% endmacro %}
