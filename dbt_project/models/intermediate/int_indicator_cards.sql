{{ config(materialized='table') }}
-- cards with what their terms make of them: how many terms each part has, whether figures add up, the factor of the unit
-- the version of a card that is in force on the day judged; where none is, the last before it, else the first
with cards as (

    select *
    from {{ ref('stg_config__indicators') }}
    qualify row_number() over (
        partition by indicator_code
        order by
            case when coalesce(valid_from_date <= {{ evaluation_date() }}, true) then 0 else 1 end,
            case when valid_from_date <= {{ evaluation_date() }} then valid_from_date end desc nulls last,
            valid_from_date nulls first,
            definition_version desc
    ) = 1

),

terms as (

    select
        terms.indicator_code,
        count(*) filter (where terms.term_role = 'numerator') as numerator_terms,
        count(*) filter (where terms.term_role = 'denominator') as denominator_terms,
        count(*) filter (where terms.element_code = 'school_count') as school_count_terms,
        count(*) filter (where terms.term_role = 'weight') as weight_terms,
        count(*) as all_terms,
        bool_or(elements.behaviour in ('flow', 'cumulative')) as is_within_year,
        bool_or(elements.behaviour in ('flow', 'cumulative') and terms.term_role = 'numerator') as is_additive
    from {{ ref('stg_config__indicator_terms') }} as terms
    inner join cards
        on
            terms.indicator_code = cards.indicator_code
            and coalesce(terms.definition_version, cards.definition_version) = cards.definition_version
    left join {{ ref('stg_forms__elements') }} as elements
        on cards.source_form = elements.form_code and terms.element_code = elements.element_code
    group by terms.indicator_code

),

final as (

    select
        cards.*,
        coalesce(terms.numerator_terms, 0) as numerator_terms,
        coalesce(terms.denominator_terms, 0) as denominator_terms,
        coalesce(terms.weight_terms, 0) as weight_terms,
        coalesce(terms.all_terms, 0) as all_terms,
        coalesce(terms.school_count_terms = terms.all_terms, false) as is_from_register,
        coalesce(terms.is_within_year, false) as is_within_year,
        coalesce(terms.is_additive, false) as is_additive,
        coalesce(cards.declared_tolerance_pct, {{ tolerance_pct() }}) as tolerance_pct,
        coalesce(terms.denominator_terms, 0) > 0 or cards.aggregation = 'share_meeting' as is_ratio,
        coalesce(cards.multiplier, case when cards.unit = '%' then 100 else 1 end) as factor,
        -- what only grows within a year is judged against elapsed time, a state against its observation dates
        coalesce(terms.denominator_terms, 0) = 0
        and (
            coalesce(terms.is_additive, false)
            or cards.aggregation = 'sum_flow'
            or (coalesce(cards.matter_name, '') != '' and cards.unit != '%')
        ) as is_cumulative,
        {{ name_key('cards.matter_name') }} as matter_name_key
    from cards
    left join terms on cards.indicator_code = terms.indicator_code

)

select * from final
