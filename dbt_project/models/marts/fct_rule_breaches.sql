-- values that lie too far from the last period, a reporter's own history, another form or the register: to be confirmed
-- or corrected, never dropped; rules on trial too, which only the back-test shows
with breaches as (

    select * from {{ ref('int_rule_expectations') }}
    where abs(judged_value - expected_value) > allowed_distance

),

final as (

    select
        substr(md5(concat_ws(
            '|', breaches.form_code, breaches.reporter_code, cast(breaches.period_start_date as string),
            breaches.rule_code, breaches.element_code, breaches.record_key
        )), 1, 16) as finding_id,
        breaches.form_code,
        breaches.rule_code,
        rules.kind,
        rules.severity,
        rules.is_active,
        breaches.reporter_code,
        breaches.region_code,
        breaches.period_start_date,
        breaches.record_key,
        breaches.element_code,
        breaches.judged_value,
        breaches.expected_value,
        breaches.allowed_distance,
        breaches.file_id,
        breaches.sheet_no,
        breaches.row_no,
        breaches.column_no,
        {{ cell_address('breaches.row_no', 'breaches.column_no') }} as cell,
        breaches.other_file_id,
        breaches.other_sheet_no,
        breaches.other_row_no,
        breaches.other_column_no,
        concat(
            elements.element_name, ' ', {{ plain_number('breaches.judged_value') }}, '，', breaches.basis, '为 ',
            {{ plain_number('breaches.expected_value') }},
            case
                when breaches.other_file_id is null then ''
                else concat(
                    '（', coalesce(files.file_name, ''), ' ',
                    {{ cell_address('breaches.other_row_no', 'breaches.other_column_no') }}, '）'
                )
            end,
            '：', rules.message
        ) as message,
        rules.fix
    from breaches
    inner join {{ ref('stg_forms__rules') }} as rules
        on
            breaches.form_code = rules.form_code
            and breaches.rule_code = rules.rule_code
            and breaches.element_code = rules.element_code
    left join {{ ref('stg_forms__elements') }} as elements
        on breaches.form_code = elements.form_code and breaches.element_code = elements.element_code
    left join {{ ref('stg_intake__files') }} as files on breaches.other_file_id = files.file_id

)

select * from final
