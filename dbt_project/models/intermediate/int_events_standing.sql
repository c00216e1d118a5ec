{{ config(materialized='table') }}
-- events that nobody has taken back
{{ standing_events(ref('stg_registry__events')) }}
