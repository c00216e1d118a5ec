-- acts on submissions that nobody has taken back; kept apart so that a review of a plan leaves the figures alone
{{ standing_events(ref('stg_registry__submission_events')) }}
