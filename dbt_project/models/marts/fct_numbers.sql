-- the number ledger: every numeral of a plan, a target or labelled with why it is not one
select
    document_id,
    start_offset,
    end_offset,
    number_text,
    label,
    commitment_id,
    label = '目标' as is_target,
    label = '未解析' as is_unexplained
from {{ ref('stg_plans__numbers') }}
