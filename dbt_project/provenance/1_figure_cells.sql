-- Every workbook cell that a figure was made of: of one commitment, or of all with figure_cells(null). A promise that
-- restates another one is judged by that one: its cells are those of its root.
-- part says what the cell is to the figure: 分子, 分母 (不计入 where the card's sectors leave it out), 项目, 事项.
create or replace macro marts.figure_cells(figure) as table
with terms as (
    select
        indicator_code, source_form, matter_name, aggregation,
        unnest(string_split(numerator, '+')) as element_code, '分子' as part
    from marts.dim_indicators
    where coalesce(numerator, '') != ''
    union all
    select indicator_code, source_form, matter_name, aggregation, unnest(string_split(denominator, '+')), '分母'
    from marts.dim_indicators
    where coalesce(denominator, '') != ''
),
-- a flow stands at its sum within the year, everything else as it was last reported
of_members as (
    select
        members.commitment_id,
        terms.part || case
            when terms.part = '分子' and members.numerator = 0 and actuals.value_number != 0
                and terms.aggregation != 'share_meeting' then '（不计入）'
            else ''
        end as part,
        actuals.*
    from marts.fct_attainment_members as members
    inner join marts.fct_commitments as commitments on members.commitment_id = commitments.commitment_id
    inner join terms on commitments.indicator_code = terms.indicator_code
    inner join marts.fct_actuals as actuals
        on terms.source_form = actuals.form_code
        and terms.element_code = actuals.element_code
        and members.reporter_code = actuals.reporter_code
    left join marts.dim_form_elements as elements
        on actuals.form_code = elements.form_code and actuals.element_code = elements.element_code
    where (figure is null or members.commitment_id = marts.judged_figure(figure))
        and actuals.value_number is not null
        and (
            actuals.period_start_date = members.period_start_date
            or (
                elements.behaviour = 'flow'
                and year(actuals.period_start_date) = year(members.period_start_date)
                and actuals.period_start_date < members.period_start_date
            )
        )
        and (
            coalesce(terms.matter_name, '') = ''
            or marts.name_key(actuals.record_key) = marts.name_key(terms.matter_name)
        )
),
of_projects as (
    select milestones.commitment_id, '项目：' || actuals.record_key as part, actuals.*
    from marts.figure_milestones(figure) as milestones
    inner join marts.fct_milestones as projects on milestones.milestone_id = projects.commitment_id
    inner join marts.fct_actuals as actuals
        on actuals.form_code = 'projects'
        and projects.reporter_code = actuals.reporter_code
        and projects.record_key = actuals.record_key
        and projects.period_start_date = actuals.period_start_date
    where coalesce(actuals.raw_text, '') != ''
),
of_matters as (
    select commitments.commitment_id, '事项：' || actuals.record_key as part, actuals.*
    from marts.fct_commitments as commitments
    inner join marts.bridge_region_descendants as bridge on commitments.region_code = bridge.ancestor_region_code
    inner join marts.fct_actuals as actuals
        on actuals.form_code = 'ledger'
        and actuals.region_code = bridge.descendant_region_code
        and marts.name_key(actuals.record_key) = marts.name_key(commitments.output)
    where commitments.kind = 'deliverable' and (figure is null or commitments.commitment_id = marts.judged_figure(figure))
    qualify actuals.period_start_date = max(actuals.period_start_date) over (partition by commitments.commitment_id)
),
cells as (
    select * from of_members
    union all
    select * from of_projects
    union all
    select * from of_matters where coalesce(raw_text, '') != ''
)
select
    cells.commitment_id, cells.part, cells.reporter_code,
    coalesce(schools.school_name, units.unit_name) as reporter_name,
    cells.period_start_date, cells.element_code, elements.element_name, cells.raw_text, cells.value_number,
    cells.file_id, files.file_name, files.sha256, cells.sheet_no, sheets.sheet_name, cells.row_no, cells.column_no,
    marts.cell_address(cells.row_no, cells.column_no) as cell
from cells
left join marts.dim_form_elements as elements
    on cells.form_code = elements.form_code and cells.element_code = elements.element_code
left join marts.fct_files as files on cells.file_id = files.file_id
left join marts.fct_sheets as sheets on cells.file_id = sheets.file_id and cells.sheet_no = sheets.sheet_no
left join marts.dim_schools as schools on cells.reporter_code = schools.school_code
left join marts.dim_units as units on cells.reporter_code = units.unit_code;
