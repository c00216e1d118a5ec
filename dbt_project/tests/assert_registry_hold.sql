{# The marts of models/marts/_registry.yml are as they promise there. #}
{{ breaches([
    'fct_tasks',
    'bridge_commitment_units',
    'bridge_task_units',
    'fct_approvals',
    'fct_calendar_entries',
    'fct_carried_commitments',
    'fct_events',
    'fct_matters',
    'fct_notes',
    'fct_rectification_steps',
    'fct_rectifications',
    'fct_reviews',
    'fct_submission_attempts',
    'fct_task_nodes',
    'fct_year_turns',
], parents=['dim_units', 'fct_commitments']) }}
