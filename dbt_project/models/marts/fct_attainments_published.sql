-- every figure as it was published, release by release: the ledger, which nothing rewrites
with final as (

    select
        cast(release_seq as integer) as release_seq,
        commitment_id,
        evaluation_date,
        published_at,
        light,
        status,
        reason,
        attained_value,
        target_value,
        cast(progress_pct as decimal(24, 6)) as progress_pct,
        cast(lag as decimal(24, 6)) as lag
    from {{ ref('stg_ledger__attainments') }}

)

select * from final
