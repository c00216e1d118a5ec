-- plan documents with their text: offsets of commitments and numbers point into it
select
    documents.document_id,
    documents.file_id,
    documents.file_name,
    documents.document_format,
    documents.title,
    documents.region_code,
    documents.plan_year,
    documents.text as document_text,
    documents.text_sha256,
    editions.valid_from_date,
    editions.valid_to_date,
    editions.is_in_force
from {{ ref('stg_plans__documents') }} as documents
inner join {{ ref('int_document_editions') }} as editions on documents.document_id = editions.document_id
