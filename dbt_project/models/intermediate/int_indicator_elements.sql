-- element values that some card uses, each as of its period: a flow adds up within the year, everything else stands as it is
with terms as (

    select distinct cards.source_form, terms.element_code
    from {{ ref('stg_config__indicator_terms') }} as terms
    inner join {{ ref('int_indicator_cards') }} as cards on terms.indicator_code = cards.indicator_code

),

elements as (

    select form_code, element_code, behaviour
    from {{ ref('stg_forms__elements') }}

),

final as (

    select
        actuals.form_code,
        actuals.reporter_code,
        actuals.record_key,
        actuals.element_code,
        actuals.period_start_date,
        coalesce(elements.behaviour, 'stock') as behaviour,
        case
            when elements.behaviour = 'flow'
                then cast(sum(actuals.value_number) over (
                    partition by
                        actuals.form_code, actuals.reporter_code, actuals.record_key, actuals.element_code,
                        extract(year from actuals.period_start_date)
                    order by actuals.period_start_date
                    rows between unbounded preceding and current row
                ) as decimal(24, 6))
            else actuals.value_number
        end as value_as_of
    from {{ ref('fct_actuals') }} as actuals
    inner join terms on actuals.form_code = terms.source_form and actuals.element_code = terms.element_code
    left join elements
        on actuals.form_code = elements.form_code and actuals.element_code = elements.element_code
    where
        actuals.value_number is not null
        and actuals.period_start_date <= {{ evaluation_date() }}

)

select * from final
