{# The marts of models/marts/_judgements.yml are as they promise there. #}
{{ breaches([
    'fct_light_summaries',
    'fct_assessment_deductions',
    'fct_assessments',
    'fct_balance_checks',
    'fct_balance_indicators',
    'fct_decomposition_closure',
    'fct_warnings',
], parents=['dim_indicators', 'dim_regions', 'dim_schools', 'dim_units', 'fct_commitments']) }}
