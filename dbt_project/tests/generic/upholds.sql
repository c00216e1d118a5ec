{# What a model promises of its rows, each breach a row that names the broken rule: the grain (no two rows share these
   columns), references (a value that is not null exists there) and accepted values. One test a model, for speed. #}
{% test upholds(model, unique=[], references=[], accepted=[]) %}
    {{ breaches(model, unique, references, accepted) }}
{% endtest %}
