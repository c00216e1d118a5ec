-- what is judged: the figure as reported and, where reports are owed, the least and the most it can come to
with observations as (

    select * from {{ ref('int_commitment_observations') }}

),

bounds as (

    select * from {{ ref('int_commitment_bounds') }}
    where unreported_count > 0 and not is_incalculable

),

final as (

    select
        observations.*,
        'reported' as scenario,
        observations.numerator as judged_numerator,
        observations.denominator as judged_denominator,
        observations.indicator_value as judged_value
    from observations
    {% for end in ['low', 'high'] %}
        union all
        select
            observations.*,
            '{{ end }}' as scenario,
            cast(bounds.{{ end }}_numerator as decimal(24, 6)) as judged_numerator,
            cast(bounds.{{ end }}_denominator as decimal(24, 6)) as judged_denominator,
            case
                when bounds.is_divided
                    then {{ ratio('bounds.' ~ end ~ '_numerator', 'bounds.' ~ end ~ '_denominator', 'observations.factor') }}
                else cast(bounds.{{ end }}_numerator * observations.factor as decimal(24, 6))
            end as judged_value
        from observations
        inner join bounds on observations.commitment_id = bounds.commitment_id
    {% endfor %}

)

select * from final
