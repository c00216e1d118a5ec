-- Files in = files in the mart; every one not loaded says why. Does not judge the reason.
select file_id, file_state
from {{ ref('fct_files') }}
where file_state != 'loaded' and coalesce(reason, '') = ''
union all
select landed.file_id, 'lost' as file_state
from {{ ref('stg_intake__files') }} as landed
left join {{ ref('fct_files') }} as files on landed.file_id = files.file_id
where files.file_id is null
