-- every change of a light as it was published, with its cause, release by release: the ledger, which nothing rewrites
with final as (

    select
        release_seq,
        published_at,
        commitment_id,
        change_no,
        changed_date,
        from_release_seq,
        from_evaluation_date,
        from_light,
        to_light,
        from_status,
        to_status,
        from_value,
        to_value,
        cause
    from {{ ref('stg_ledger__light_changes') }}

)

select * from final
