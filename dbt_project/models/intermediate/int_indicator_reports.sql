-- numerator and denominator of one reporter in one period: every term of the card present, or no row
with cards as (

    select * from {{ ref('int_indicator_cards') }}

),

terms as (

    select terms.*
    from {{ ref('stg_config__indicator_terms') }} as terms
    inner join cards
        on
            terms.indicator_code = cards.indicator_code
            and coalesce(terms.definition_version, cards.definition_version) = cards.definition_version

),

records as (

    select form_code, reporter_code, period_start_date, record_key, record_name_key
    from {{ ref('int_record_entries') }}

),

reported_terms as (

    select
        cards.indicator_code,
        elements.reporter_code,
        elements.period_start_date,
        terms.term_role,
        terms.term_no,
        sum(elements.value_as_of) as term_value
    from {{ ref('int_indicator_elements') }} as elements
    inner join cards on elements.form_code = cards.source_form
    inner join terms on cards.indicator_code = terms.indicator_code and elements.element_code = terms.element_code
    left join records
        on
            elements.form_code = records.form_code
            and elements.reporter_code = records.reporter_code
            and elements.period_start_date = records.period_start_date
            and elements.record_key = records.record_key
    where
        (coalesce(cards.matter_name_key, '') = '' or cards.matter_name_key = records.record_name_key)
        and {{ in_window('elements.period_start_date') }}
    group by
        cards.indicator_code, elements.reporter_code, elements.period_start_date, terms.term_role, terms.term_no

),

reported as (

    select
        indicator_code,
        reporter_code,
        period_start_date,
        cast(sum(term_value) filter (where term_role = 'numerator') as decimal(24, 6)) as numerator,
        cast(sum(term_value) filter (where term_role = 'denominator') as decimal(24, 6)) as denominator,
        cast(sum(term_value) filter (where term_role = 'weight') as decimal(24, 6)) as weight,
        count(*) as terms_found
    from reported_terms
    group by indicator_code, reporter_code, period_start_date

),

school_counts as (

    select
        indicator_code,
        count(*) filter (where term_role = 'numerator') as in_numerator,
        count(*) filter (where term_role = 'denominator') as in_denominator,
        count(*) filter (where term_role = 'weight') as in_weight
    from terms
    where element_code = 'school_count'
    group by indicator_code

),

final as (

    select
        reported.indicator_code,
        reported.reporter_code,
        reported.period_start_date,
        case
            when cards.numerator_terms > 0
                then coalesce(reported.numerator, 0) + coalesce(school_counts.in_numerator, 0)
        end as numerator,
        case
            when cards.denominator_terms > 0
                then coalesce(reported.denominator, 0) + coalesce(school_counts.in_denominator, 0)
        end as denominator,
        case
            when cards.weight_terms > 0
                then coalesce(reported.weight, 0) + coalesce(school_counts.in_weight, 0)
        end as weight,
        cards.is_within_year
    from reported
    inner join cards on reported.indicator_code = cards.indicator_code
    left join school_counts on reported.indicator_code = school_counts.indicator_code
    where
        reported.terms_found
        + coalesce(school_counts.in_numerator, 0)
        + coalesce(school_counts.in_denominator, 0)
        + coalesce(school_counts.in_weight, 0) = cards.all_terms

)

select * from final
