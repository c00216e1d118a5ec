-- The words of the plan that a figure answers for, with their place in the text.
create or replace macro marts.figure_sentence(figure) as table
select
    commitments.commitment_id, documents.document_id, documents.file_id, documents.file_name, documents.title,
    commitments.item_path, commitments.locator, commitments.quote, commitments.start_offset, commitments.end_offset,
    commitments.number_text, commitments.number_start, commitments.number_end
from marts.fct_commitments as commitments
inner join marts.dim_documents as documents on commitments.document_id = documents.document_id
where figure is null or commitments.commitment_id = figure;

-- Back from the plan: figures whose words touch a span of a document's text.
create or replace macro marts.sentence_figures(document, first_offset, last_offset) as table
select
    sentences.commitment_id, sentences.quote, sentences.start_offset, sentences.end_offset,
    attainments.light, attainments.status, attainments.actual_value, attainments.target_value, attainments.unit
from marts.figure_sentence(null) as sentences
inner join marts.fct_attainments as attainments on sentences.commitment_id = attainments.commitment_id
where sentences.document_id = document
    and sentences.start_offset < coalesce(last_offset, 2147483647)
    and sentences.end_offset > coalesce(first_offset, 0);

-- Back from a workbook: figures that a cell went into; null for the cell means any cell of the file.
create or replace macro marts.cell_figures(file, address) as table
select
    cells.commitment_id, cells.part, cells.cell, cells.sheet_name, cells.raw_text, commitments.quote,
    attainments.light, attainments.status, attainments.actual_value, attainments.target_value, attainments.unit
from marts.figure_cells(null) as cells
inner join marts.fct_commitments as commitments on cells.commitment_id = commitments.commitment_id
inner join marts.fct_attainments as attainments on cells.commitment_id = attainments.commitment_id
where cells.file_id = file and (address is null or cells.cell = address);
