{# The marts of models/marts/_dimensions.yml are as they promise there. #}
{{ breaches([
    'dim_schools',
    'bridge_region_descendants',
    'dim_form_elements',
    'dim_forms',
    'dim_indicators',
    'dim_periods',
    'dim_regions',
    'dim_units',
]) }}
