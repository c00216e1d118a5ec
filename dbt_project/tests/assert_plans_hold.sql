{# The marts of models/marts/_plans.yml are as they promise there. #}
{{ breaches([
    'fct_commitments',
    'dim_documents',
    'fct_numbers',
], parents=['dim_indicators']) }}
