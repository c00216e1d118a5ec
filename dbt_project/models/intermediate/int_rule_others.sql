-- what another form or the register says of the same reporter: the last figure up to the period
with judged as (

    select * from {{ ref('int_rule_values') }}
    where kind in ('equals_form', 'register_within')

),

from_forms as (

    select
        judged.form_code,
        judged.rule_code,
        judged.element_code,
        judged.reporter_code,
        judged.record_key,
        judged.period_start_date,
        concat(forms.form_name, '（', cast(others.period_start_date as string), '）的', elements.element_name) as basis,
        others.value_number as expected_value,
        others.file_id,
        others.sheet_no,
        others.row_no,
        others.column_no
    from judged
    inner join {{ ref('fct_actuals') }} as others
        on
            judged.other_form_code = others.form_code
            and judged.other_element_code = others.element_code
            and judged.reporter_code = others.reporter_code
            and judged.period_start_date >= others.period_start_date
    inner join {{ ref('stg_forms__forms') }} as forms on others.form_code = forms.form_code
    inner join {{ ref('stg_forms__elements') }} as elements
        on others.form_code = elements.form_code and others.element_code = elements.element_code
    where judged.kind = 'equals_form' and others.value_number is not null
    qualify row_number() over (
        partition by
            judged.form_code, judged.rule_code, judged.element_code, judged.reporter_code, judged.record_key,
            judged.period_start_date
        order by others.period_start_date desc
    ) = 1

),

from_register as (

    select
        judged.form_code,
        judged.rule_code,
        judged.element_code,
        judged.reporter_code,
        judged.record_key,
        judged.period_start_date,
        '名录登记的学生数' as basis,
        cast(schools.pupils_registered as decimal(24, 6)) as expected_value,
        cast(null as integer) as file_id,
        cast(null as integer) as sheet_no,
        cast(null as integer) as row_no,
        cast(null as integer) as column_no
    from judged
    inner join {{ ref('stg_config__schools') }} as schools on judged.reporter_code = schools.school_code
    where judged.kind = 'register_within' and schools.pupils_registered is not null

)

select * from from_forms
union all
select * from from_register
