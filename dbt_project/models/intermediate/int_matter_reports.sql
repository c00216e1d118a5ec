-- what was said of each written output or event: rows of the departments' ledger and reports filed in the registry
{% set columns = [
    'commitment_id', 'source', 'matter_status', 'done_date', 'evidence', 'said_date', 'period_start_date',
    'reporter_code', 'file_id', 'sheet_no', 'row_no', 'event_no',
] %}
with commitments as (

    select
        commitment_id,
        region_code,
        {{ name_key('output') }} as output_key
    from {{ ref('fct_commitments') }}
    where kind = 'deliverable'

),

ledger as (

    select
        commitments.commitment_id,
        '工作台账' as source,
        entries.status as matter_status,
        entries.done_date,
        entries.evidence,
        -- a month's ledger speaks of the month as a whole, of the present month up to now
        least(last_day(entries.period_start_date), {{ evaluation_date() }}) as said_date,
        entries.period_start_date,
        entries.reporter_code,
        entries.file_id,
        entries.sheet_no,
        entries.row_no,
        cast(null as bigint) as event_no,
        -- several units may write of one matter: the one that is furthest speaks, then the latest
        row_number() over (
            partition by commitments.commitment_id
            order by
                case when entries.status = '办结' then 0 else 1 end,
                entries.period_start_date desc,
                entries.done_date nulls last,
                entries.reporter_code
        ) as place
    from commitments
    inner join {{ ref('int_regions_descended') }} as descended
        on commitments.region_code = descended.ancestor_region_code
    inner join {{ ref('int_record_entries') }} as entries
        on
            descended.descendant_region_code = entries.region_code
            and commitments.output_key = entries.record_name_key
    where entries.form_code = 'ledger' and entries.is_latest

),

filed as (

    select
        acts.commitment_id,
        '成果填报' as source,
        {{ json_text('acts.payload', 'status') }} as matter_status,
        {{ json_date('acts.payload', 'done_date') }} as done_date,
        {{ json_text('acts.payload', 'evidence') }} as evidence,
        {{ json_date('acts.payload', 'report_date') }} as said_date,
        cast(null as date) as period_start_date,
        acts.actor as reporter_code,
        cast(null as integer) as file_id,
        cast(null as integer) as sheet_no,
        cast(null as integer) as row_no,
        acts.event_no
    from {{ ref('int_commitment_events') }} as acts
    inner join commitments on acts.commitment_id = commitments.commitment_id
    where acts.event_type = 'matter.reported'

),

reports as (

    select {{ columns | join(', ') }} from ledger where place = 1
    union all
    select {{ columns | join(', ') }} from filed where said_date <= {{ evaluation_date() }}

),

final as (

    select
        *,
        -- the latest word counts; of one day, what was filed in the registry
        row_number() over (
            partition by commitment_id order by said_date desc, event_no desc nulls last
        ) = 1 as is_counted
    from reports

)

select * from final
