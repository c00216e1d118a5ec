"""People's acts: one append-only log and the services that write to it. What an act means for figures is SQL in dbt."""
