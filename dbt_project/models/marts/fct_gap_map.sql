-- the two-way gap map: promises that no figure can measure, and figures that are collected and measure no promise
with commitments as (

    select * from {{ ref('fct_commitments') }}
    where kind in ('metric', 'count', 'money') and is_root and review_state != '撤销'

),

with_values as (

    select distinct indicator_code, region_code
    from {{ ref('fct_indicator_values') }}

),

used as (

    select distinct cards.source_form, terms.element_code
    from {{ ref('stg_config__indicator_terms') }} as terms
    inner join {{ ref('int_indicator_cards') }} as cards on terms.indicator_code = cards.indicator_code

),

promises as (

    select
        commitments.commitment_id as gap_key,
        case when commitments.indicator_code is null then '无指标' else '无数据' end as gap_kind,
        commitments.commitment_id,
        commitments.document_id,
        commitments.region_code,
        commitments.indicator_code,
        commitments.suggested_indicator_code,
        cast(null as string) as form_code,
        cast(null as string) as element_code,
        commitments.quote as gap_name,
        case
            when commitments.indicator_code is not null then '有指标卡，该地区还没有报来数据'
            when commitments.suggested_indicator_code is not null then '有相近的指标卡，待人工确认'
            else '没有指标卡能衡量'
        end as reason
    from commitments
    left join with_values
        on
            commitments.indicator_code = with_values.indicator_code
            and commitments.region_code = with_values.region_code
    where with_values.indicator_code is null

),

elements as (

    select
        concat(elements.form_code, '/', elements.element_code) as gap_key,
        '未使用' as gap_kind,
        cast(null as string) as commitment_id,
        cast(null as string) as document_id,
        cast(null as string) as region_code,
        cast(null as string) as indicator_code,
        cast(null as string) as suggested_indicator_code,
        elements.form_code,
        elements.element_code,
        elements.element_name as gap_name,
        '报表收了这一项，没有指标卡用到' as reason
    from {{ ref('stg_forms__elements') }} as elements
    left join used
        on elements.form_code = used.source_form and elements.element_code = used.element_code
    where
        used.element_code is null
        and elements.data_type in ('integer', 'decimal', 'flag')
        -- projects and matters are matched by name, not by card
        and elements.form_code not in ('projects', 'ledger')

),

final as (

    select * from promises
    union all
    select * from elements

)

select * from final
