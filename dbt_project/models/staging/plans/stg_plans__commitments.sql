with source as (

    select * from {{ source('raw', 'plans__commitments') }}

),

final as (

    select
        commitment_id,
        document_id,
        kind,
        quote,
        start_offset,
        end_offset,
        number_text,
        number_start,
        number_end,
        indicator,
        operator,
        value,
        value_high,
        unit,
        baseline,
        deadline,
        strength,
        confidence,
        responsible_unit,
        per,
        recurrence,
        item_path,
        locator,
        milestone,
        work_type,
        stated_count,
        output,
        restates,
        part_of,
        note
    from source

)

select * from final
