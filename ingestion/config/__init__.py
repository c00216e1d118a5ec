"""A bureau's own configuration: regions, schools, units, cards, baselines, presets, users. No defaults here."""
