{# The marts of models/marts/_comparisons.yml are as they promise there. #}
{{ breaches([
    'fct_plan_changes',
    'fct_gap_map',
    'fct_plan_conflicts',
], parents=['dim_documents', 'dim_indicators', 'fct_commitments']) }}
