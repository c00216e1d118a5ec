-- everything that arrived, plan or workbook, with what became of it and how many findings it drew
with findings as (

    select
        file_id,
        count(*) as finding_count,
        count(*) filter (where severity in ('结构', '有效性')) as blocking_count
    from {{ ref('stg_intake__findings') }}
    group by file_id

),

cells as (

    select
        file_id,
        sum(cells_received) as cells_received,
        sum(cells_loaded) as cells_loaded,
        sum(cells_quarantined) as cells_quarantined,
        sum(cells_ignored) as cells_ignored
    from {{ ref('stg_forms__sheets') }}
    group by file_id

),

final as (

    select
        files.file_id,
        files.sha256,
        files.file_name,
        files.file_kind,
        files.form_code,
        files.size_bytes,
        files.received_at,
        files.file_state,
        files.reason,
        cast(coalesce(findings.finding_count, 0) as integer) as finding_count,
        cast(coalesce(findings.blocking_count, 0) as integer) as blocking_count,
        cast(coalesce(cells.cells_received, 0) as bigint) as cells_received,
        cast(coalesce(cells.cells_loaded, 0) as bigint) as cells_loaded,
        cast(coalesce(cells.cells_quarantined, 0) as bigint) as cells_quarantined,
        cast(coalesce(cells.cells_ignored, 0) as bigint) as cells_ignored
    from {{ ref('stg_intake__files') }} as files
    left join findings on files.file_id = findings.file_id
    left join cells on files.file_id = cells.file_id

)

select * from final
