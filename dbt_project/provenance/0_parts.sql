-- What the ways are made of: names as they are compared (the dbt macro of the same name), the address of a cell.
create or replace macro marts.name_key(name) as
    regexp_replace(translate(name, '（）', '()'), '[\s　《》“”"]', '', 'g');
create or replace macro marts.cell_address(row_no, column_no) as
    case when column_no > 702 then chr(64 + (column_no - 703) // 676 + 1) else '' end
    || case when column_no > 26 then chr(65 + ((column_no - 27) // 26) % 26) else '' end
    || chr(65 + (column_no - 1) % 26) || row_no;

-- The commitment whose figure stands for another one that restates it; itself otherwise.
create or replace macro marts.judged_figure(figure) as (
    select
        case when commitments.restates_commitment_id is null then figure else attainments.root_commitment_id end
    from marts.fct_commitments as commitments
    inner join marts.fct_attainments as attainments on commitments.commitment_id = attainments.commitment_id
    where commitments.commitment_id = figure
);

-- The milestones that a figure is judged by: itself, or those that a stated count is the total of.
create or replace macro marts.figure_milestones(figure) as table
with milestones as (
    select commitment_id, commitment_id as milestone_id
    from marts.fct_commitments
    where kind = 'milestone'
    union
    select counts.commitment_id, stages.commitment_id
    from marts.fct_commitments as counts
    inner join marts.fct_commitments as stages
        on counts.document_id = stages.document_id and stages.kind = 'milestone'
        and (
            counts.part_of_commitment_id = stages.commitment_id or stages.part_of_commitment_id = counts.commitment_id
        )
    where counts.kind = 'count' and counts.indicator_code is null
)
select commitment_id, milestone_id
from milestones
where figure is null or commitment_id = marts.judged_figure(figure);
