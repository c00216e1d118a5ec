-- plan documents with their text: offsets of commitments and numbers point into it
select
    document_id,
    file_id,
    file_name,
    document_format,
    title,
    region_code,
    plan_year,
    text as document_text,
    text_sha256
from {{ ref('stg_plans__documents') }}
