-- 黄牌预警 by rule (macros/scoring.sql): units whose promises are red, schools and units that owe or hold up reports
with roots as (

    select
        units.unit_code,
        count(*) filter (where attainments.light = '红') as red_count,
        count(*) filter (where attainments.light != '灰') as judged_count
    from {{ ref('fct_attainments') }} as attainments
    inner join {{ ref('bridge_commitment_units') }} as units on attainments.commitment_id = units.commitment_id
    where attainments.is_root
    group by units.unit_code

),

due as (

    select
        submissions.form_code,
        submissions.reporter_code,
        submissions.period_start_date,
        submissions.submission_state,
        submissions.is_late,
        row_number() over (
            partition by submissions.form_code, submissions.reporter_code order by submissions.period_start_date desc
        ) as recency_no
    from {{ ref('fct_submissions') }} as submissions
    where submissions.is_expected and submissions.due_date < {{ evaluation_date() }}

),

-- periods in a row, up to the last one due, that nothing was accepted for
runs as (

    select
        form_code,
        reporter_code,
        coalesce(min(recency_no) filter (where submission_state not in ('未报', '空表')), max(recency_no) + 1) - 1
            as missing_in_a_row,
        count(*) filter (where is_late and recency_no <= {{ warning_window() }}) as late_count,
        count(*) filter (where submission_state = '隔离') as held_count
    from due
    group by form_code, reporter_code

),

found as (

    select
        'unit' as subject_type,
        unit_code as subject_code,
        'red_commitments' as rule_code,
        '' as form_code,
        red_count as figure,
        {{ warning_limit('red_commitments') }} as limit_figure
    from roots
    where red_count >= {{ warning_limit('red_commitments') }} and 100 * red_count >= {{ warning_red_pct() }} * judged_count
    {% for rule, figure in [
        ('missing_reports', 'missing_in_a_row'), ('late_reports', 'late_count'), ('held_reports', 'held_count')
    ] %}
        union all
        select
            'reporter' as subject_type,
            reporter_code as subject_code,
            '{{ rule }}' as rule_code,
            form_code,
            {{ figure }} as figure,
            {{ warning_limit(rule) }} as limit_figure
        from runs
        where {{ figure }} >= {{ warning_limit(rule) }}
    {% endfor %}

),

final as (

    select
        case
            when found.subject_type = 'unit' or reporters.reporter_type = 'unit' then 'unit' else 'school'
        end as subject_type,
        found.subject_code,
        found.rule_code,
        found.form_code,
        {{ evaluation_date() }} as evaluation_date,
        reporters.reporter_name as subject_name,
        reporters.region_code,
        '黄牌' as warning_level,
        cast(found.figure as integer) as figure,
        cast(found.limit_figure as integer) as limit_figure,
        case found.rule_code
            when 'red_commitments'
                then concat_ws('', '负责的承诺有', cast(found.figure as string), '项红灯')
            when 'missing_reports'
                then concat_ws('', forms.form_name, '连续', cast(found.figure as string), '期未报')
            when 'late_reports'
                then concat_ws('', forms.form_name, '近期迟报', cast(found.figure as string), '次')
            else concat_ws('', forms.form_name, '有', cast(found.figure as string), '期被隔离、尚未改报')
        end as warning_text
    from found
    inner join {{ ref('int_reporters') }} as reporters on found.subject_code = reporters.reporter_code
    left join {{ ref('dim_forms') }} as forms on found.form_code = forms.form_code

)

select * from final
