{# The marts of models/marts/_attainment.yml are as they promise there. #}
{{ breaches([
    'fct_attainments',
    'fct_attainment_bounds',
    'fct_attainment_forecasts',
    'fct_attainment_members',
    'fct_attainments_published',
    'fct_deciding_members',
    'fct_indicator_values',
    'fct_light_changes',
    'fct_light_changes_published',
    'fct_milestones',
], parents=['dim_indicators', 'fct_commitments']) }}
