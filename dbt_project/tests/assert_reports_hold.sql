{# The marts of models/marts/_reports.yml are as they promise there. #}
{{ breaches([
    'fct_submissions',
    'fct_actuals',
    'fct_actuals_superseded',
    'fct_completeness',
    'fct_files',
    'fct_findings',
    'fct_rule_breaches',
    'fct_sheets',
], parents=['dim_forms']) }}
